"""What commands are given: days, the database, JSON or not; and who gives them."""

from __future__ import annotations

import getpass
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, TypeVar

import click

from ispcore.app import Provider
from ispcore.hooks.plugins import Plugins
from ispcore.storage import keys_from_environment
from ispcore.timeline import Actor
from ispcore.values import FIRST_DAY, LAST_DAY

if TYPE_CHECKING:
    from collections.abc import Callable

F = TypeVar("F", bound="Callable[..., Any]")

FOUND = 1


class Day(click.ParamType[date]):
    """A day, written 2012-02-29 or 29/02/2012."""

    name = "day"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:  # noqa: ANN401
        """Read the day."""
        if isinstance(value, date):
            return value
        for form in ("%Y-%m-%d", "%d/%m/%Y"):
            try:
                return _meant(datetime.strptime(value, form).date())  # noqa: DTZ007 - a day has no zone
            except ValueError:
                continue
        return self.fail(
            f"{value!r} is not a day of the calendar; write 2012-02-29 or 29/02/2012", param, ctx
        )


def _meant(day: date) -> date:
    """Return *day*, unless nobody can mean it: files and commands take the same days."""
    if not FIRST_DAY <= day <= LAST_DAY:
        raise ValueError(day)
    return day


class Instant(click.ParamType[datetime]):
    """An instant in UTC, written 2012-02-29 18:00."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:  # noqa: ANN401
        """Read the instant."""
        if isinstance(value, datetime):
            return value
        for form in ("%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"):
            try:
                return datetime.strptime(value, form).replace(tzinfo=UTC)
            except ValueError:
                continue
        return self.fail(f"{value!r} is no instant; write '2012-02-29 18:00', in UTC", param, ctx)


def with_json(command: F) -> F:
    """Add ``--json``."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")(command)


def with_database(command: F) -> F:
    """Add ``--db``."""
    text = "The database: an SQLite file, or an SQLAlchemy URL."
    option = click.option("--db", envvar="ISPCORE_DB", default="ispcore.db", show_default=True, help=text)
    return option(command)


def clerk() -> Actor:
    """Return whoever sits at this terminal: who can open the database may do everything with it."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError):
        name = "unknown"
    return Actor(f"cli:{name}", {"*"})


def installed_plugins(*, strict: bool | None = None) -> Plugins:
    """Return the plugins that are installed; none is looked for before it is needed."""
    return Plugins.installed(strict=strict)


@contextmanager
def provider(db: str) -> Iterator[Provider]:
    """Open a database that exists and is of today's schema, with the plugins that are installed."""
    opened = Provider.connect(db, secret_keys=keys_from_environment, plugins=installed_plugins())
    try:
        yield opened
    finally:
        opened.close_database()
