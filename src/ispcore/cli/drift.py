"""Commands about what stands on devices otherwise than it was left there: drift, adopt."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ispcore.cli.network import shown
from ispcore.cli.options import FOUND, clerk, provider, with_database, with_json
from ispcore.cli.plain import counted, plain, print_json
from ispcore.network import readable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ispcore.effects import DriftReport
    from ispcore.network import Drift


@click.command()
@click.option("--device", help="Look at this device only.")
@click.option("--repair/--report", default=None, help="Mend what drifted, or only tell it; else as chosen.")
@click.option("--html", type=click.Path(path_type=Path), metavar="FILE", help="Write a page to FILE.")
@click.option("--most", type=click.IntRange(min=1), default=1_000, show_default=True, help="Show so many.")
@with_database
@with_json
def drift(  # noqa: PLR0913 - options
    *, device: str | None, repair: bool | None, html: Path | None, most: int, db: str, as_json: bool
) -> None:
    """Look at devices, and tell what stands there otherwise than it was left; 1 when something does.

    What is mended is written by the workers. What no name of ours is on is told, and never touched.
    """
    from ispcore.cli.page import check_page, write_text

    if html is not None:
        check_page(html)
    with provider(db) as opened:
        reports = opened.network.drift(device, repairs=repair, most=most, actor=clerk())
    if html is not None:
        from ispcore.pages import drift_page

        write_text(html, drift_page(reports))
    if as_json:
        print_json(plain(reports))
    else:
        for report in reports:
            _print(report)
        if not reports:
            click.echo("There is no device. Add one with 'ispcore device add'.")
    if not all(report.is_clean for report in reports):
        sys.exit(FOUND)


def _print(report: DriftReport) -> None:
    if report.failure is not None:
        click.secho(f"{report.device}: it could not be looked at. {report.failure}", fg="red")
        return
    counts = ", ".join(f"{many} {kind.value}" for kind, many in report.counts.items()) or "no drift"
    busy = f"; {counted(report.busy, 'placement')} being worked on" if report.busy else ""
    click.echo(f"{report.device}: {counted(report.expected, 'placement')} compared, {counts}{busy}.")
    for one in report.drifts:
        _print_one(one)
    left = sum(report.counts.values()) - len(report.drifts)
    if left:
        click.echo(f"  ... and {left} more")
    if report.stopped is not None:
        click.secho(
            f"  It is stopped: {report.stopped} Look, then: ispcore device accept {report.device}", fg="red"
        )
    if report.mended.repaired:
        click.echo(f"  {counted(len(report.mended.repaired), 'placement')} will be written again.")
    for placement in report.mended.contested:
        click.secho(f"  {placement} was changed back too often today, and waits for a person.", fg="red")


def _print_one(one: Drift) -> None:
    whose = f" ({one.placement})" if one.placement else ""
    held = ", held" if one.is_held else ""
    click.echo(f"  {one.kind.value}: {one.claim}{whose}{held}")
    for name, seen, wanted in one.values():
        click.echo(f"      {name}: {shown(seen)} -> {shown(wanted)}")


@click.command()
@click.argument("device")
@click.argument("claim", required=False)
@click.option(
    "--all", "everything", is_flag=True, help="Make everything ours that a subscription wants there."
)
@with_database
@with_json
def adopt(*, device: str, claim: str | None, everything: bool, db: str, as_json: bool) -> None:
    """Make ours what stands on DEVICE as CLAIM; without one, list what was foreign at the last look."""
    if everything and claim is not None:
        raise click.UsageError("Name one CLAIM, or say --all.")
    with provider(db) as opened:
        if everything:
            _adopt_all(opened.network.adopt_all(device, actor=clerk()), device, as_json=as_json)
            return
        if claim is None:
            _list(device, opened.network.foreign(device, actor=clerk()), as_json=as_json)
            return
        placement = opened.network.adopt(device, claim, actor=clerk())
    if as_json:
        print_json({"claim": claim, "placement": placement})
    else:
        click.echo(f"{claim} on {device} belongs to {placement} now, and is made as that is wanted.")


def _adopt_all(count: int, device: str, *, as_json: bool) -> None:
    if as_json:
        print_json({"adopted": count})
    else:
        placements = "1 placement" if count == 1 else f"{count} placements"
        click.echo(f"{placements} may have what stands on {device} under their names.")


def _list(device: str, found: Sequence[Drift], *, as_json: bool) -> None:
    if as_json:
        print_json(plain(found))
        return
    for one in found:
        fields = readable(one.seen) if one.seen is not None else {}
        told = {name: shown(value) for name, value in fields.items() if value not in (None, ())}
        click.echo(f"{one.claim}  " + ", ".join(f"{name}: {value}" for name, value in told.items()))
    if not found:
        click.echo(f"Nothing foreign was seen on {device}.")
