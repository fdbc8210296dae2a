"""Commands that play scenarios: play, demo."""

from __future__ import annotations

import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ispcore.cli.books import closing_json
from ispcore.cli.options import FOUND, with_json
from ispcore.cli.page import check_page, with_page, write_page
from ispcore.cli.plain import counted, plain, print_json
from ispcore.cli.play_folder import IN_MEMORY, play_folder
from ispcore.cli.words import what
from ispcore.scenarios import Player, demo_scenario, read_scenario_file

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from ispcore.network import Happening
    from ispcore.scenarios import Played, Step
    from ispcore.scenarios.passing import Told


@click.command()
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--db", default=IN_MEMORY, help="Keep the database here, in a new one; in memory by default.")
@with_page
@with_json
def play(*, file: Path, db: str, html: Path | None, as_json: bool) -> None:
    """Play the scenario in FILE, or all of a folder, and tell whether their expectations were met."""
    if file.is_dir():
        _be_quiet()
        play_folder(file, db=db, html=html, as_json=as_json)
        return
    scenario = read_scenario_file(file)
    if html is not None:
        check_page(html)
    _be_quiet()
    player = Player(scenario, db)
    try:
        steps = list(player.play()) if as_json else list(_told(player))
        if html is not None:
            write_page(html, player, steps)
    finally:
        player.close_database()
    unmet = [step for step in steps if step.unmet]
    if as_json:
        print_json({"title": player.scenario.title, "steps": [_step_json(step) for step in steps]})
    else:
        _tell_end(steps, unmet)
        _tell_page(html)
    if unmet:
        sys.exit(FOUND)


def _be_quiet() -> None:
    """Let a worker's warnings go where somebody asked for them: the story tells what happened itself."""
    logging.getLogger("ispcore").addHandler(logging.NullHandler())


def _step_json(played: Played) -> Any:  # noqa: ANN401 - plain JSON
    return {
        "place": played.step.place,
        "on": str(played.step.on),
        "today": str(played.today),
        "do": played.step.do,
        "as": played.step.label,
        "facts": [{"id": fact.id, "kind": fact.kind, "on": str(fact.effective_on)} for fact in played.facts],
        "voided": [fact.id for fact in played.voided],
        "closings": [closing_json(closing) for closing in played.closings],
        "refusal": plain(played.refusal),
        "paid": played.paid,
        "ticks": [{"on": str(one.on), "chores": plain(one.chores)} for one in played.ticks],
        "told": [_told_json(one) for one in played.told],
        "happenings": [_happening_json(one) for one in played.happenings],
        "drift": [
            {"device": one.device, "claim": one.claim, "kind": one.kind.value, "fields": list(one.fields)}
            for one in played.drift
        ],
        "unmet": list(played.unmet),
    }


def _told_json(told: Told) -> Any:  # noqa: ANN401 - plain JSON
    one = told.message
    return {
        "on": str(told.on),
        "id": one.id,
        "to": one.recipient,
        "subject": one.subject,
        "text": one.text,
    } | {
        "channel": one.channel,
        "reason": one.reason,
    }


def _happening_json(one: Happening) -> Any:  # noqa: ANN401 - plain JSON
    return {"on": str(one.on), "device": one.device, "what": one.what.value, "claim": one.claim} | {
        "resource": one.resource,
        "before": plain(one.before),
        "after": plain(one.after),
        "fields": list(one.fields),
        "text": one.text,
    }


def _told(player: Player) -> Iterable[Played]:
    from ispcore.cli.tables import console

    screen = console()
    screen.print(player.scenario.title, style="bold")
    if player.scenario.about:
        screen.print(" ".join(player.scenario.about.split()), style="dim")
    for played in player.play():
        tell_step(screen, played, player)
        yield played


def tell_step(screen: Console, played: Played, player: Player) -> None:
    """Tell what a step did."""
    from rich.text import Text

    from ispcore.cli.network_words import tell_happenings
    from ispcore.cli.tables import closing_table, sums
    from ispcore.cli.tick_words import tell_ticks

    step = played.step
    looks = step.do == "expect"  # what happened then came before it
    tell_ticks(screen, played.ticks, played.told)
    if looks:
        tell_happenings(screen, played.happenings)
    name = step.label or _about(step)
    head = f"{step.on:%d/%m/%Y}  ", (step.do, "bold"), f" {name}  ", (what(played), "dim")
    screen.print(Text.assemble(*head))
    for fact in played.voided:
        screen.print(f"            voids {fact}", style="dim")
    if played.closings:
        names = {number: word for word, number in player.names.subscriptions.items()}
        if any(closing.entries for closing in played.closings):
            screen.print(closing_table(played.closings, names))
        word = "would issue" if step.do == "preview" else "issued"
        screen.print(f"            {word}: {sums(played.closings)}", style="dim")
    if not looks:
        tell_happenings(screen, played.happenings)
    for line in played.unmet:
        screen.print(f"            ✗ {line}", style="red")


def _about(step: Step) -> str:
    """Return what a step is about: a subscription, a customer or a device."""
    given = step.values.get("subscription") or step.values.get("customer")
    return str(getattr(given, "name", step.values.get("device") or getattr(step.expected, "device", "")))


def _tell_end(steps: list[Played], unmet: list[Played]) -> None:
    from ispcore.cli.tables import console

    screen = console()
    if unmet:
        screen.print(f"{counted(len(steps), 'step')}, {len(unmet)} not as expected.", style="red")
    else:
        screen.print(f"{counted(len(steps), 'step')}, every expectation met.", style="green")


def _tell_page(html: Path | None) -> None:
    from ispcore.cli.tables import console

    if html is not None:
        console().print(f"The page is in {html}.", style="dim")


@click.command()
@click.option("--db", default=IN_MEMORY, help="Keep the database here, in a new one; in memory by default.")
@with_page
@with_json
def demo(*, db: str, html: Path | None, as_json: bool) -> None:
    """Play a small provider in Londrina through three months, and say what was billed and why."""
    if html is not None:
        check_page(html)
    _be_quiet()
    player = Player(demo_scenario(), db)
    try:
        steps = list(player.play()) if as_json else _told_demo(player)
        if html is not None:
            write_page(html, player, steps)
    finally:
        player.close_database()
    if as_json:
        print_json({"title": player.scenario.title, "steps": [_step_json(step) for step in steps]})
    else:
        _tell_page(html)


def _told_demo(player: Player) -> list[Played]:
    from ispcore.cli.demo import tell_demo

    return tell_demo(player)
