"""What plugins register beside drivers: health checks, commands, and what a catalogue is filled from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal

from attrs import field, frozen
from attrs.validators import instance_of, is_callable, matches_re


@frozen
class HealthCheck:
    """Something that ``ispcore doctor`` asks: *check* returns a sentence for each thing that is wrong."""

    name: str = field(validator=matches_re(r"[a-z0-9][a-z0-9_.-]{0,39}"))
    check: Callable[[], Iterable[str]] = field(validator=is_callable())


@frozen
class CommandSpec:
    """A command of ``ispcore``: its *name*, the Click command at *target*, and one line of *help*.

    *target* is ``"package.module:name"``, imported when the command is called.
    """

    name: str = field(validator=matches_re(r"[a-z][a-z0-9-]{0,39}"))
    target: str = field(validator=matches_re(r"[\w.]+:\w+"))
    help: str = field(default="", validator=instance_of(str))


@frozen
class CalendarSpec:
    """A business calendar: *holidays* gives the days of a year that are no business days, weekends apart."""

    name: str = field(validator=matches_re(r"[a-z0-9][a-z0-9_.-]{0,39}"))
    holidays: Callable[[int], Iterable[date]] = field(validator=is_callable())


@frozen
class RateSource:
    """A series of rates: *rate* gives the one in force on a day, in percent a month, or None."""

    name: str = field(validator=matches_re(r"[a-z0-9][a-z0-9_.-]{0,39}"))
    rate: Callable[[date], Decimal | None] = field(validator=is_callable())


@frozen
class TaxIdSpec:
    """Tax ids of a country; *factory* is ``"package.module:Class"``, called with nothing."""

    name: str = field(validator=matches_re(r"[a-z0-9][a-z0-9_.-]{0,39}"))
    factory: str = field(validator=matches_re(r"[\w.]+:\w+"))
