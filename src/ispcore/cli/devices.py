"""Commands about devices: add, change, list, check, accept, hold, release, act, actions, repeat, redo."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

import click

from ispcore.cli.acted import tell_acted, tell_redone, told
from ispcore.cli.given_secrets import looked_up, secret_of
from ispcore.cli.options import Instant, clerk, provider, with_database, with_json
from ispcore.cli.plain import counted, plain, print_json
from ispcore.errors import RefusedError
from ispcore.values import SecretText

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from ispcore.desks import DeviceView
    from ispcore.effects import ActionRecord

_GIVEN = "What the action is given. A secret is told by where it is: env:NAME, file:PATH, or - to be asked."
_PASSWORD = "a password"  # noqa: S105 - a word, not one


@click.group()
def device() -> None:
    """Add devices, look after them, and act on them."""


def _with_settings(command: Callable[..., Any]) -> Callable[..., Any]:
    text = (
        "A setting of the driver's configuration. A secret is told by where it is: env:NAME, file:PATH, "
        "or - to be asked for it."
    )
    command = click.option("--set", "given", multiple=True, metavar="NAME=VALUE", help=text)(command)
    lanes = click.option("--lanes", type=click.IntRange(1, 64), help="Work with so many sessions at once.")
    return lanes(command)


@device.command()
@click.argument("name")
@click.option("--driver", required=True, help="The driver that talks to it; see 'ispcore plugins list'.")
@_with_settings
@with_database
@with_json
def add(*, name: str, driver: str, given: Sequence[str], lanes: int | None, db: str, as_json: bool) -> None:  # noqa: PLR0913 - options
    """Add the device NAME."""
    with provider(db) as opened:
        config = _settings(given, opened.network.driver(driver).config)
        row = opened.network.devices.add(name, driver=driver, config=config, lanes=lanes, actor=clerk())
    if as_json:
        print_json(plain(row))
    else:
        click.echo(
            f"{row.name} is there, with {counted(row.lanes, 'lane')}. Try it: ispcore device check {name}"
        )


@device.command()
@click.argument("name")
@_with_settings
@click.option("--repair/--report", default=None, help="Mend what drifted there, or only tell it.")
@click.option(
    "--look-every",
    type=click.IntRange(min=0),
    metavar="SECONDS",
    help="Look for drift so often by itself; 0 ends that.",
)
@with_database
@with_json
def change(  # noqa: PLR0913 - options
    *,
    name: str,
    given: Sequence[str],
    lanes: int | None,
    repair: bool | None,
    look_every: int | None,
    db: str,
    as_json: bool,
) -> None:
    """Change how the device NAME is reached, or how it is watched for drift."""
    with provider(db) as opened:
        devices = opened.network.devices
        driver = devices.get(name, actor=clerk()).row.driver
        config = _settings(given, opened.network.driver(driver).config) if given else None
        row = devices.change(
            name, config=config, lanes=lanes, repairs=repair, look_every_seconds=look_every, actor=clerk()
        )
    if as_json:
        print_json(plain(row))
    else:
        click.echo(f"{row.name} is changed.")


@device.command("list")
@with_database
@with_json
def list_(*, db: str, as_json: bool) -> None:
    """List the devices, how far each is behind, and what the last look at it found."""
    with provider(db) as opened:
        found = opened.network.devices.all(actor=clerk())
        now = opened.network.now()
    if as_json:
        print_json([plain(one) for one in found])
        return
    if not found:
        click.echo("There is no device. Add one with 'ispcore device add'.")
        return
    from rich.table import Table

    from ispcore.cli.tables import console

    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("device", "driver", "state", "behind", "troubled", "last look"):
        table.add_column(heading, justify="right" if heading in ("behind", "troubled") else "left")
    for one in found:
        standing = one.standing
        table.add_row(
            one.row.name,
            one.row.driver,
            _state(one, now),
            str(standing.lagging),
            str(standing.troubled),
            _last_look(one),
        )
    console().print(table)


def _state(one: DeviceView, now: datetime) -> str:
    row = one.row
    if row.stopped is not None:
        return f"stopped: {row.stopped.text}"
    if row.held_until is not None and row.held_until > now:
        return f"held until {row.held_until:%Y-%m-%d %H:%M}"
    if row.paused_until is not None and row.failures:
        rests = f"rests until {row.paused_until:%H:%M:%S}"
        state = rests if row.paused_until > now else "failed, and is tried again"
        return f"{state}: {(row.error or {}).get('text', '')}"
    return "never reached yet" if row.identity is None else "well"


def _last_look(one: DeviceView) -> str:
    watch = one.watch
    if watch.looked_at is None or watch.found is None:
        return "never"
    counts = ", ".join(f"{many} {kind}" for kind, many in watch.found["counts"].items())
    return f"{watch.looked_at:%Y-%m-%d %H:%M}: {watch.found['failure'] or counts or 'no drift'}"


@device.command()
@click.argument("name")
@with_database
@with_json
def check(*, name: str, db: str, as_json: bool) -> None:
    """Open a session on the device NAME, and tell what it says of itself."""
    with provider(db) as opened:
        found = opened.network.devices.check(name, actor=clerk())
    if as_json:
        print_json({"device": name, "health": plain(found.health)})
        return
    firmware = f", firmware {found.health.firmware}" if found.health.firmware else ""
    click.echo(f"{name} answers: {found.health.identity}{firmware}.")
    for answer, support in sorted(found.health.answers.items()):
        click.echo(f"  {answer}: {support.value}")


@device.command()
@click.argument("name")
@with_database
@with_json
def accept(*, name: str, db: str, as_json: bool) -> None:
    """Take the box that answers for the device NAME now; everything is written to it anew."""
    with provider(db) as opened:
        count = opened.network.devices.accept(name, actor=clerk())
        lasts: tuple[ActionRecord, ...] = ()
        with suppress(RefusedError):  # its driver is not there: then nothing can be done on it
            lasts = opened.network.lasting(name, actor=clerk())
    text = f"{name} is accepted; {counted(count, 'placement')} will be written to it."
    if lasts:
        text += f" {counted(len(lasts), 'action')} that last can be done anew: ispcore device redo {name}."
    _tell(text, as_json=as_json)


@device.command()
@click.argument("target")
@click.option("--until", type=Instant(), required=True, help="An instant, '2012-02-29 18:00', in UTC.")
@with_database
@with_json
def hold(*, target: str, until: datetime, db: str, as_json: bool) -> None:
    """Leave TARGET, a device or a placement, alone while a technician is at work."""
    with provider(db) as opened:
        if "@" in target:
            opened.network.outbox.hold(_placement(target), until, actor=clerk())
        else:
            opened.network.devices.hold(target, until, actor=clerk())
    _tell(f"{target} is left alone until {until:%Y-%m-%d %H:%M} UTC.", as_json=as_json)


@device.command()
@click.argument("target")
@with_database
@with_json
def release(*, target: str, db: str, as_json: bool) -> None:
    """Work on TARGET, a device or a placement, again: after a hold, a rest, or a wrong password."""
    with provider(db) as opened:
        if "@" in target:
            opened.network.outbox.hold(_placement(target), None, actor=clerk())
        else:
            opened.network.devices.release(target, actor=clerk())
    _tell(f"{target} is worked on again.", as_json=as_json)


@device.command()
@click.argument("target")
@click.argument("action")
@click.option("--set", "given", multiple=True, metavar="NAME=TEXT", help=_GIVEN)
@click.option("--again", is_flag=True, help="Do it though nobody knows whether it happened the last time.")
@with_database
@with_json
def act(  # noqa: PLR0913 - options of a command
    *, target: str, action: str, given: tuple[str, ...], again: bool, db: str, as_json: bool
) -> None:
    """Carry ACTION out on TARGET: a device, or a placement such as 1:onu@olt."""
    with provider(db) as opened:
        network = opened.network
        device = target.rpartition("@")[2]
        kind = type(network.action(device, action, actor=clerk()))
        wanted = network.action(device, action, given=_handed(given, kind), actor=clerk())
        acted = network.act(target, wanted, again=again, actor=clerk())
    tell_acted(acted, as_json=as_json)


@device.command()
@click.argument("name")
@with_database
@with_json
def repeat(*, name: str, db: str, as_json: bool) -> None:
    """Carry the action NAME out once more, whose outcome nobody knows."""
    with provider(db) as opened:
        acted = opened.network.repeat(name, actor=clerk())
    tell_acted(acted, as_json=as_json)


@device.command()
@click.argument("name")
@with_database
@with_json
def redo(*, name: str, db: str, as_json: bool) -> None:
    """Do once more what was done by hand on the device NAME and lasts: on a new box in its place."""
    with provider(db) as opened:
        every = opened.network.redo(name, actor=clerk())
    tell_redone(every, as_json=as_json)


@device.command()
@click.argument("name", required=False)
@click.option("--lasting", is_flag=True, help="List only what lasts, and was not undone.")
@click.option("--most", type=click.IntRange(min=1), default=50, show_default=True, help="Show so many.")
@with_database
@with_json
def actions(*, name: str | None, lasting: bool, most: int, db: str, as_json: bool) -> None:
    """List what was done by hand on the device NAME, or on all, the latest first."""
    if lasting and name is None:
        raise click.UsageError("Name the device on which it lasts.")
    with provider(db) as opened:
        if lasting and name is not None:
            found = opened.network.lasting(name, actor=clerk())[: -most - 1 : -1]
        else:
            found = opened.network.actions(device=name, limit=most, actor=clerk())
    if as_json:
        print_json(plain(found))
        return
    for record in found:
        click.echo(f"{record.begun_at:%Y-%m-%d %H:%M}  {told(record)}")
    if not found:
        click.echo("Nothing was done by hand yet." if not lasting else f"Nothing lasts on {name}.")


def _placement(target: str) -> Any:  # noqa: ANN401 - a name
    return target


def _settings(given: Sequence[str], config: type[Any]) -> dict[str, Any]:
    hints = get_type_hints(config)
    found: dict[str, Any] = {}
    for one in given:
        name, sign, text = one.partition("=")
        if not sign:
            raise click.UsageError(f"{one!r} is no setting; write NAME=VALUE.")
        found[name] = _value(name, text, hints)
    return found


def _value(name: str, text: str, hints: Mapping[str, Any]) -> Any:  # noqa: ANN401 - plain JSON
    hint = hints.get(name, str)
    kinds = (hint, *get_args(hint))
    if SecretText in kinds:
        return secret_of(name, text)
    if str in kinds or not {int, bool, tuple, list}.intersection(kinds):
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def _handed(given: Sequence[str], kind: type[Any]) -> dict[str, Any]:
    """Return what an action is given, with its secrets: none is kept that could be looked up later."""
    return {name: looked_up(value) for name, value in _settings(given, kind).items()}


def _tell(text: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"done": text})
    else:
        click.echo(text)
