"""The computer's own clock, names for commands, catalogue documents from files, databases that open whole."""

from __future__ import annotations

import secrets
import uuid
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ispcore.catalog import read_catalogue
from ispcore.desks.printing import check_print_templates
from ispcore.errors import DocumentError
from ispcore.values import Problem, SecretText, located, parse_toml

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ispcore.storage import SqlDatabase


READABLE = "abcdefghjkmnpqrstuvwxyz23456789"
"""The letters and digits that can be read aloud."""


class SystemClock:
    """The computer's clock."""

    def now(self) -> datetime:
        """Return the present instant, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 - the one place where the clock is read


class RandomCommandIds:
    """Names for commands that nobody else gives."""

    def new(self) -> str:
        """Return a random name."""
        return uuid.uuid4().hex


class RandomPasswords:
    """Passwords of small letters and digits, none of which is taken for another one when it is read."""

    def new(self, length: int) -> SecretText:
        """Return a random password of that *length*."""
        return SecretText("".join(secrets.choice(READABLE) for _ in range(length)))


@contextmanager
def let_go_on_failure(database: SqlDatabase) -> Iterator[None]:
    """Close *database* where what is done in the block fails."""
    with ExitStack() as stack:
        stack.callback(database.close)
        yield
        stack.pop_all()


def catalogue_document(
    source: str | Path | Mapping[str, Any], fill: Callable[[Mapping[str, Any]], Mapping[str, Any]]
) -> Mapping[str, Any]:
    """Return the catalogue document in *source*, checked; problems of a text carry their lines.

    *fill* writes in what the document takes from elsewhere.
    """
    if not isinstance(source, str | Path):
        document = fill(source)
        check_print_templates(document)
        return document
    what = str(source) if isinstance(source, Path) else "The catalogue"
    try:
        raw = source.read_bytes() if isinstance(source, Path) else source.encode()
    except OSError as error:
        raise DocumentError(what, [Problem("", f"It cannot be read: {error.strerror}.")]) from error
    except UnicodeEncodeError as error:
        raise DocumentError(
            what, [Problem("", "It holds half a character.", "Decode it as UTF-8.")]
        ) from error
    document = parse_toml(raw, what)
    try:
        document = fill(document)
        read_catalogue(document)
        check_print_templates(document)
    except DocumentError as error:
        raise located(DocumentError(what, error.problems), raw.decode("utf-8-sig")) from error
    return document
