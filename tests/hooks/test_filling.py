"""What a catalogue takes from plugins is written into it when it is loaded: holidays, rates; and tax ids."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ispcore.app import Provider
from ispcore.customers import PersonKind
from ispcore.errors import DocumentError, InvalidValueError, PluginError
from ispcore.hooks import CalendarSpec, Plugins, RateSource, TaxIdSpec, hookimpl
from ispcore.storage import SqlDatabase
from tests.catalogues import document
from tests.providers import ANA, MovableClock

TODAY = date(2026, 6, 1)


def holidays(year: int) -> Iterable[date]:
    return [date(year, 1, 1), date(year, 12, 25)]


def rate(day: date) -> Decimal | None:
    return {2025: Decimal("0.98"), 2026: Decimal("1.02")}.get(day.year)


class Upper:
    """Takes tax ids of a land where they are written large."""

    def normalise(self, text: str, _: PersonKind) -> str:
        if not text.isalnum():
            message = f"{text!r} is not a tax id."
            raise InvalidValueError(message)
        return text.upper()


class Pack:
    """Brings what a land needs."""

    @hookimpl
    def ispcore_calendars(self) -> Sequence[CalendarSpec]:
        return [CalendarSpec("banks", holidays)]

    @hookimpl
    def ispcore_rate_sources(self) -> Sequence[RateSource]:
        return [RateSource("index", rate)]

    @hookimpl
    def ispcore_tax_ids(self) -> Sequence[TaxIdSpec]:
        return [TaxIdSpec("large", "tests.hooks.test_filling:Upper")]


def filled(**sections: Any) -> dict[str, Any]:
    return dict(Plugins.of(Pack()).fill(sections, TODAY))


def test_the_holidays_of_a_calendar_are_written_into_its_units() -> None:
    units = {"north": {"calendar": "banks", "holidays": [date(2026, 6, 24)]}, "south": {}}

    unit = filled(units=units)["units"]["north"]

    assert unit.keys() == {"holidays"}
    assert {day.year for day in unit["holidays"]} == set(range(2025, 2031))
    assert date(2026, 6, 24) in unit["holidays"]
    assert units["north"]["calendar"] == "banks"


def test_the_rate_of_the_first_day_of_each_version_is_written_into_its_policy() -> None:
    versions = [
        {"from": date(2025, 1, 1), "charges": {"interest_source": "index"}},
        {"from": date(2026, 1, 1), "charges": {"interest_source": "index", "fine_percent": "2"}},
    ]
    late = {"dated": {"versions": versions}, "plain": {"charges": {"interest_source": "index"}}}

    found = filled(late=late)["late"]

    assert found["dated"]["versions"][0]["charges"] == {"interest_percent": "0.98"}
    assert found["dated"]["versions"][1]["charges"] == {"interest_percent": "1.02", "fine_percent": "2"}
    assert found["plain"]["charges"] == {"interest_percent": "1.02"}


@pytest.mark.parametrize(
    ("sections", "problem"),
    [
        (
            {"units": {"n": {"calendar": "moon"}}},
            "units.n.calendar: No plugin brings 'moon'. There are: banks",
        ),
        ({"units": {"n": {"calendar": 7}}}, "units.n.calendar: No plugin brings 7."),
        (
            {"late": {"x": {"charges": {"interest_source": "gold"}}}},
            "late.x.charges.interest_source: No plugin brings 'gold'. There are: index",
        ),
        (
            {
                "late": {
                    "x": {"versions": [{"from": date(2001, 1, 1), "charges": {"interest_source": "index"}}]}
                }
            },
            "versions[0].charges.interest_source: 'index' cannot be asked: it has no rate for 2001-01-01",
        ),
    ],
)
def test_what_no_plugin_gives_is_told_at_its_place(sections: dict[str, Any], problem: str) -> None:
    with pytest.raises(DocumentError) as caught:
        filled(**sections)

    assert problem in str(caught.value)


@pytest.mark.parametrize(
    "odd", [None, 7, {"units": 3}, {"late": {"x": 3}}, {"late": {"x": {"versions": [1]}}}]
)
def test_a_document_that_names_nothing_is_left_as_it_is(odd: Any) -> None:
    assert Plugins.of(Pack()).fill(odd, TODAY) is odd


def test_a_provider_takes_the_calendar_and_the_tax_ids_of_its_plugins() -> None:
    database = SqlDatabase("sqlite://")
    database.migrate()
    with Provider(database, clock=MovableClock(TODAY), plugins=Plugins.of(Pack())) as provider:
        whole = document()
        unit = next(iter(whole["units"]))
        whole["units"][unit] |= {"calendar": "banks"}
        provider.load_catalogue(whole, actor=ANA)

        assert date(2026, 12, 25) in provider.catalogue(actor=ANA).unit(unit).calendar.holidays
        assert isinstance(provider.plugins.tax_ids(), Upper)


def test_tax_ids_are_named_where_there_are_several_or_none() -> None:
    with pytest.raises(PluginError, match="No plugin alone brings the tax ids 'small'; there are large"):
        Plugins.of(Pack()).tax_ids("small")
    assert Plugins.none().tax_ids() is None
    assert isinstance(Plugins.of(Pack()).tax_ids("large"), Upper)
