"""What a catalogue takes from plugins: written into its document as data, when it is loaded.

So what closings read can be told years later, whatever became of the plugin.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from datetime import date
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from ispcore.errors import DocumentError
from ispcore.values import Problem, shown

if TYPE_CHECKING:
    from ispcore.hooks.offers import CalendarSpec, RateSource

_BACK, _AHEAD = 1, 4
_CALENDAR, _SOURCE = "calendar", "interest_source"


def asks_for_sources(document: object) -> bool:
    """Tell whether a catalogue's *document* names a calendar or a rate source."""
    return any(_CALENDAR in unit for _, unit in _tables(document, "units")) or any(
        _SOURCE in charges for _, charges, _ in _charges(document)
    )


def filled(
    document: Mapping[str, Any],
    calendars: Mapping[str, CalendarSpec],
    rates: Mapping[str, RateSource],
    today: date,
) -> Mapping[str, Any]:
    """Return *document* with the holidays and the rates that it names written in.

    Raises:
        DocumentError: one is not brought by any plugin, raises, or has nothing for a day.
    """
    whole = deepcopy(dict(document))
    filling = _Filling()
    for place, unit in _tables(whole, "units"):
        filling.take(unit, _CALENDAR, f"units.{place}", calendars, _holidays(unit, today))
    for place, charges, since in _charges(whole):
        filling.take(charges, _SOURCE, place, rates, _rate(charges, since or today))
    if filling.problems:
        raise DocumentError("The catalogue", filling.problems)
    return whole


@frozen
class _Filling:
    """Writes in what is named, and keeps what is wrong."""

    problems: list[Problem] = field(factory=list)

    def take(
        self,
        table: dict[str, Any],
        key: str,
        place: str,
        known: Mapping[str, Any],
        write: Callable[[Any], None],
    ) -> None:
        """Write what *table* names at *key*, if it does, and take the name out."""
        if key not in table:
            return
        name = table.pop(key)
        if not isinstance(name, str) or name not in known:
            brought = ", ".join(sorted(known)) or "none"
            problem = Problem(f"{place}.{key}", f"No plugin brings {shown(name)}.", f"There are: {brought}.")
            self.problems.append(problem)
            return
        try:
            write(known[name])
        except Exception as error:  # noqa: BLE001 - a plugin may raise anything
            self.problems.append(Problem(f"{place}.{key}", f"{name!r} cannot be asked: {error}"))


def _holidays(unit: dict[str, Any], today: date) -> Callable[[CalendarSpec], None]:
    def write(calendar: CalendarSpec) -> None:
        years = range(today.year - _BACK, today.year + _AHEAD + 1)
        given = [day for year in years for day in calendar.holidays(year)]
        unit["holidays"] = sorted({*unit.get("holidays", ()), *given})

    return write


def _rate(charges: dict[str, Any], day: date) -> Callable[[RateSource], None]:
    def write(source: RateSource) -> None:
        rate = source.rate(day)
        if rate is None:
            message = f"it has no rate for {day}"
            raise LookupError(message)
        charges["interest_percent"] = format(rate, "f")

    return write


def _tables(document: object, section: str) -> Sequence[tuple[str, dict[str, Any]]]:
    inner = document.get(section) if isinstance(document, Mapping) else None
    if not isinstance(inner, Mapping):
        return ()
    return [(str(name), one) for name, one in inner.items() if isinstance(one, dict)]


def _charges(document: object) -> Sequence[tuple[str, dict[str, Any], date | None]]:
    """Return the charges of every late policy, each with its place and its first day."""
    found: list[tuple[str, dict[str, Any], date | None]] = []
    for name, policy in _tables(document, "late"):
        rows = policy.get("versions", [])
        versions = [(f"late.{name}", policy), *_numbered(f"late.{name}.versions", rows)]
        for place, version in versions:
            charges, since = version.get("charges"), version.get("from")
            if isinstance(charges, dict):
                found.append((f"{place}.charges", charges, since if isinstance(since, date) else None))
    return found


def _numbered(place: str, rows: object) -> Sequence[tuple[str, dict[str, Any]]]:
    if not isinstance(rows, list):
        return ()
    return [(f"{place}[{at}]", row) for at, row in enumerate(rows) if isinstance(row, dict)]
