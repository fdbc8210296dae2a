"""Commands that simulate devices to talk to by hand, or with a driver of one's own."""

from __future__ import annotations

import signal
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, TypeVar

import click
from attrs import frozen

from ispcore.cli.options import with_json
from ispcore.cli.plain import print_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from ispcore.testing.olts import HuaweiOlt, Olt, OltServer, ZteOlt

    F = TypeVar("F", bound=Callable[..., Any])

_PORTS = click.IntRange(0, 65535)


@click.group()
def simulate() -> None:
    """Simulate a device on this machine, to try a driver or a script on."""


def _with_ports(command: F) -> F:
    for option in reversed(
        (
            click.option(
                "--port", type=_PORTS, default=2222, show_default=True, help="For SSH; 0 takes a free one."
            ),
            click.option("--telnet-port", type=_PORTS, help="For Telnet, which is left out otherwise."),
            click.option("--no-ssh", is_flag=True, help="Telnet alone."),
            click.option("--sessions", type=click.IntRange(1), default=4, show_default=True, help="At once."),
            click.option(
                "--onu",
                "onus",
                multiple=True,
                metavar="SERIAL@PORT",
                help="Hang an ONU on a port: HWTC12345678@0/1/3.",
            ),
            click.option(
                "--file",
                type=click.Path(dir_okay=False, path_type=Path),
                help="Begin with what was saved to it, and keep in it what is saved.",
            ),
        )
    ):
        command = option(command)
    return command


@simulate.command("olt-huawei")
@click.option(
    "--firmware",
    type=click.Choice(["R015", "R017"]),
    default="R015",
    show_default=True,
    help="Which one it runs.",
)
@_with_ports
@with_json
def olt_huawei(*, firmware: str, sessions: int, as_json: bool, **served: Any) -> None:  # noqa: ANN401 - options
    """Simulate a Huawei OLT until it is interrupted."""
    from ispcore.testing.olts import R015, R017, Behaviour, HuaweiOlt

    chosen = {"R015": R015, "R017": R017}[firmware]
    olt = HuaweiOlt(name=chosen.product, firmware=chosen, behaviour=Behaviour(sessions=sessions))
    _serve(olt, f"Huawei {chosen.product}, {firmware}", _Wanted(**served), as_json=as_json)


@simulate.command("olt-zte")
@click.option(
    "--family",
    type=click.Choice(["C300", "C600"]),
    default="C300",
    show_default=True,
    help="Which one it is.",
)
@_with_ports
@with_json
def olt_zte(*, family: str, sessions: int, as_json: bool, **served: Any) -> None:  # noqa: ANN401 - options
    """Simulate a ZTE OLT until it is interrupted."""
    from ispcore.testing.olts import C300, C600, Behaviour, ZteOlt

    behaviour = Behaviour(user="zte", password="olt12345", sessions=sessions)  # noqa: S106 - of no real device
    olt = ZteOlt(family={"C300": C300, "C600": C600}[family], behaviour=behaviour)
    _serve(olt, f"ZTE {family}", _Wanted(**served), as_json=as_json)


@frozen(kw_only=True)
class _Wanted:
    port: int
    telnet_port: int | None
    no_ssh: bool
    onus: tuple[str, ...]
    file: Path | None


def _serve(olt: HuaweiOlt | ZteOlt, what: str, wanted: _Wanted, *, as_json: bool) -> None:
    from ispcore.testing.olts import bring_back, keep, serve

    if wanted.no_ssh and wanted.telnet_port is None:
        raise click.UsageError("Without SSH there must be a --telnet-port.")
    file = wanted.file
    if file is not None:
        if file.exists():
            bring_back(olt, file)
        olt.on_save = lambda: keep(olt, file)
    for told in wanted.onus:
        _hang(olt, told)
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    server = serve(olt, ssh_port=None if wanted.no_ssh else wanted.port, telnet_port=wanted.telnet_port)
    try:
        _tell(server, what, as_json=as_json)
        stop.wait()
    finally:
        server.close()


def _hang(olt: Olt[Any], told: str) -> None:
    serial, at, port = told.partition("@")
    if not at or port not in olt.ports:
        raise click.UsageError(
            f"{told!r} names no port of this OLT; write SERIAL@PORT, with a port from {olt.ports[0]} to"
            f" {olt.ports[-1]}."
        )
    olt.plug(serial, port)


def _tell(server: OltServer, what: str, *, as_json: bool) -> None:
    behaviour = server.olt.behaviour
    if as_json:
        print_json(
            {
                "host": server.host,
                "port": server.ssh_port,
                "telnet_port": server.telnet_port,
                "user": behaviour.user,
                "password": behaviour.password,
                "key": server.fingerprint if server.ssh_port is not None else None,
            }
        )
        return
    ways = {"SSH": server.ssh_port, "Telnet": server.telnet_port}
    ports = " and ".join(f"{way} on port {port}" for way, port in ways.items() if port is not None)
    click.echo(f"A simulated OLT ({what}) listens on {server.host}: {ports}.")
    key = "" if server.ssh_port is None else f" Its key is {server.fingerprint}."
    click.echo(f"User {behaviour.user}, password {behaviour.password}.{key} Ctrl-C ends.")
