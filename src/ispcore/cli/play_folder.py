"""Play all scenarios of a folder, a line each; one that goes wrong keeps no other from being played."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click
from attrs import frozen

from ispcore.cli.options import FOUND
from ispcore.cli.plain import counted, print_json
from ispcore.errors import IspcoreError
from ispcore.scenarios import Player, read_scenario_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

IN_MEMORY = "sqlite://"


@frozen
class _Story:
    """How a scenario went: its steps, what was not as expected, and the error that ended it."""

    file: str
    steps: int = 0
    unmet: tuple[str, ...] = ()
    error: str | None = None

    @property
    def is_sound(self) -> bool:
        return not self.unmet and self.error is None


def play_folder(folder: Path, *, db: str, html: Path | None, as_json: bool) -> None:
    """Play what ends in ``.toml`` right in *folder*, by name, each in a database of its own in memory."""
    if html is not None or db != IN_MEMORY:
        raise click.UsageError("A page and a database are of one scenario. Name its file, not its folder.")
    files = sorted(folder.glob("*.toml"))
    if not files:
        raise click.BadParameter(f"{folder} has no scenario: no file ends in .toml.", param_hint="'FILE'")
    stories = []
    for file in files:
        stories.append(_played(file))
        if not as_json:
            _tell(stories[-1])
    if as_json:
        print_json(
            [
                {"file": one.file, "steps": one.steps, "unmet": list(one.unmet), "error": one.error}
                for one in stories
            ]
        )
    else:
        _tell_end(stories)
    if not all(one.is_sound for one in stories):
        sys.exit(FOUND)


def _played(file: Path) -> _Story:
    try:
        player = Player(read_scenario_file(file), IN_MEMORY)
        try:
            steps = list(player.play())
        finally:
            player.close_database()
    except IspcoreError as error:
        return _Story(file.name, error=str(error))
    unmet = [f"{one.step.place}: {line}" for one in steps for line in one.unmet]
    return _Story(file.name, len(steps), tuple(unmet))


def _tell(story: _Story) -> None:
    from rich.text import Text

    from ispcore.cli.tables import console

    screen = console()
    sign, style = ("✓", "green") if story.is_sound else ("✗", "red")
    went = "" if story.error else f"  {counted(story.steps, 'step')}"
    screen.print(Text.assemble((f"{sign} ", style), story.file, (went, "dim")))
    for line in (story.error, *story.unmet):
        if line is not None:
            screen.print(Text(f"    {line}", style="red"))


def _tell_end(stories: Sequence[_Story]) -> None:
    from ispcore.cli.tables import console

    bad = sum(not one.is_sound for one in stories)
    text = f"{counted(len(stories), 'scenario')}, "
    console().print(
        text + (f"{bad} not as expected." if bad else "every expectation met."),
        style="red" if bad else "green",
    )
