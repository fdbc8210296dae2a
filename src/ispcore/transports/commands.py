"""Commands as they may be sent: one line, one command, nothing that a device reads as something else."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import field, frozen

from ispcore.driver import Invalid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ispcore.transports.dialect import Dialect

HELP = "?"
"""A device answers it at once with help, wherever it stands, and leaves the rest of the line half typed."""
_PLAIN = re.compile(r"[\w./:@+-]+")


@frozen
class Command:
    """A line, and what may be done about the questions that it raises.

    ``confirms`` are parts of questions that it agrees to. ``password`` is how the line looks by which a
    device asks for the second password. ``writes`` tells that it changes something.
    """

    text: str = field(repr=False)
    confirms: Sequence[str] = ()
    password: str = ""
    writes: bool = False


def checked(command: str, dialect: Dialect) -> str:
    """Return *command*, which is one line and one command.

    Raises :class:`~ispcore.driver.Invalid` for one that is empty, too long, or has a character in it that
    ends it, edits it or asks for help; the text of the command is not in the error, as it may hold a secret.
    """
    if not command.strip():
        raise Invalid("An empty command is not sent.")
    if len(command) > dialect.longest_command:
        raise Invalid(
            f"A command of {len(command)} characters is too long for {dialect.name}: "
            f"it takes {dialect.longest_command}."
        )
    _check_characters(command, dialect, HELP + dialect.separators, "A command")
    return command


def quoted(text: str, dialect: Dialect) -> str:
    """Return *text* as one argument of a command: as it is, or in the dialect's quotes.

    Raises :class:`~ispcore.driver.Invalid` for what no quotes can hold, without repeating the text.
    """
    if _PLAIN.fullmatch(text):
        return text
    _check_characters(text, dialect, HELP + dialect.separators + (dialect.quote or " "), "An argument")
    return f"{dialect.quote}{text}{dialect.quote}"


def _check_characters(text: str, dialect: Dialect, forbidden: str, what: str) -> None:
    for character in text:
        if character in forbidden or not character.isprintable() or not _encodes(character, dialect):
            raise Invalid(
                f"{what} for {dialect.name} cannot have the character {character!r} in it.",
                hint="Leave it out, or write it otherwise.",
            )


def _encodes(character: str, dialect: Dialect) -> bool:
    try:
        character.encode(dialect.encoding)
    except UnicodeEncodeError:
        return False
    return True
