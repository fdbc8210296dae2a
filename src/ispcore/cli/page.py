"""Writing the page of a scenario that was played: one file, whole or not at all."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import TYPE_CHECKING

import click

from ispcore.errors import RefusedError
from ispcore.values import CustomerId

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from ispcore.pages import DeviceSummary
    from ispcore.scenarios import Played, Player

_HEAD = 400
"""The bytes of a file among which a page says what wrote it."""


def with_page(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--html``."""
    path = click.Path(path_type=Path)
    return click.option("--html", type=path, metavar="FILE", help="Write a page with pictures to FILE.")(
        command
    )


def check_page(path: Path) -> None:
    """Refuse a *path* where no page can be written, before anything is played.

    A page that ispcore wrote is written again; any other file is left alone.

    Raises:
        RefusedError: another file is there, or the folder is missing or closed.
    """
    from ispcore.pages import SIGNATURE

    try:
        with path.open("rb") as file:
            ours = SIGNATURE.encode() in file.read(_HEAD)
    except FileNotFoundError:
        _check_folder(path)
    except OSError as error:
        raise unwritable(path, error.strerror) from error
    else:
        if not ours:
            raise RefusedError(
                f"{path} exists and is no page of ispcore; it stays as it is.",
                rule="file-exists",
                hint="Name another file, or remove this one.",
            )


def _check_folder(path: Path) -> None:
    if not path.parent.is_dir():
        raise unwritable(path, "there is no such folder")
    if not os.access(path.parent, os.W_OK):
        raise unwritable(path, "nothing may be written to the folder")


def write_page(path: Path, player: Player, steps: Sequence[Played]) -> None:
    """Write the page of what *player* played to *path*.

    Raises:
        RefusedError: it cannot be written; what was there before is unharmed.
    """
    write_text(path, scenario_page(player, steps))


def write_text(path: Path, text: str) -> None:
    """Write the *text* of a page to *path*, as :func:`write_whole` does."""
    write_whole(path, text.encode())


def write_whole(path: Path, content: bytes) -> None:
    """Write *content* to *path*, whole or not at all.

    Raises:
        RefusedError: it cannot be written; what was there before is unharmed.
    """
    written = None
    try:
        with NamedTemporaryFile("wb", dir=path.parent, prefix=".ispcore-", delete=False) as file:
            written = Path(file.name)
            file.write(content)
        written.chmod(0o666 & ~_umask())
        written.replace(path)
    except OSError as error:
        if written is not None:
            written.unlink(missing_ok=True)
        raise unwritable(path, error.strerror) from error


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def unwritable(path: Path, why: str | None) -> RefusedError:
    """Return the refusal to write to *path*, and why."""
    return RefusedError(
        f"{path} cannot be written: {why}.",
        rule="not-writable",
        hint="Name a file in a folder that you may write to.",
    )


def scenario_page(player: Player, steps: Sequence[Played]) -> str:
    """Return the page of what *player* played in *steps*."""
    from ispcore.pages import NetworkStory, Story, story_page

    names = {CustomerId(number): word for word, number in player.names.customers.items()}
    story = Story(
        title=player.scenario.title,
        customers=tuple(names),
        about=" ".join(player.scenario.about.split()),
        runs=tuple(played.run for played in steps if played.run is not None),
        labels=names,
        until=max((played.step.on for played in steps), default=None),
        network=NetworkStory(
            [one for played in steps for one in played.happenings],
            [_summary(player, name) for name in player.network.devices],
        ),
    )
    return story_page(player.provider, story, actor=player.actor)


def _summary(player: Player, name: str) -> DeviceSummary:
    from ispcore.pages import DeviceSummary

    network = player.network
    stop = network.row(name).stopped
    return DeviceSummary(
        name=name,
        stands=Counter(one.spec.word for one in network.devices[name].standing().values()),
        to_do=network.to_do(name),
        state="works" if stop is None else stop.text,
    )
