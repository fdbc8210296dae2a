"""What a closing read is pinned: editing the catalogue afterwards changes no closed cycle."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from ispcore.plans import Cancel, ChangePrice, Resume, Retract, Suspend
from tests.books import KeptBooks
from tests.catalogues import DOCUMENT, SUBSCRIPTION, brl, catalogue, document


def closed(plan: str = "fibre", months: int = 2, **terms: Any) -> KeptBooks:
    """Return books whose March (and April) are closed."""
    books = KeptBooks()
    books.open(plan, date(2012, 3, 1), **terms)
    books.close(date(2012, 2 + months, 30 if months == 2 else 31))
    return books


def version(since: str, price: str, lines: list[dict[str, str]]) -> dict[str, Any]:
    usual = DOCUMENT["plans"]["fibre"]["versions"][0]
    return {**usual, "from": since, "price": price, "lines": lines}


def fibre(*versions: dict[str, Any]) -> dict[str, Any]:
    return {"fibre": {**DOCUMENT["plans"]["fibre"], "versions": list(versions)}}


OTHER_LINES = [{"id": "access", "description": "Acesso", "value": "120.00"}]
STATUS = {
    "description": "Serviço Habilitado",
    "bucket": "active",
    "bills": True,
    "serves": "reduced",
    "role": "enabled",
}

EDITS: dict[str, Callable[[], dict[str, Any]]] = {
    "a policy": lambda: document(policies={"standard": {"bills_last_day": False, "rounding": "down"}}),
    "a price": lambda: document(plans=fibre(version("2010-01-01", "150.00", OTHER_LINES))),
    "a composition": lambda: document(plans=fibre(version("2010-01-01", "120.00", OTHER_LINES))),
    "a composition from a day of the past": lambda: document(
        plans=fibre(version("2010-01-01", "120.00", []), version("2012-03-10", "120.00", OTHER_LINES))
    ),
    "a status": lambda: document(statuses={"enabled": STATUS}),
}


def test_a_line_that_another_company_takes_over_is_charged_by_each_for_its_days() -> None:
    # 80.00 a month, 15 of April's 30 days each.
    books = KeptBooks()
    books.open("fibre", date(2012, 4, 1))
    lines = [{"id": "access", "description": "Acesso", "value": "80.00", "company": "media"}]
    books.catalogue = catalogue(
        plans=fibre(DOCUMENT["plans"]["fibre"]["versions"][0], version("2012-04-16", "120.00", lines))
    )

    closing = books.close(date(2012, 4, 30))

    access = [entry for entry in closing.entries if entry.key.line == "access"]
    assert {entry.target.company: entry.amount for entry in access} == {
        "net": brl("40.00"),
        "media": brl("40.00"),
    }
    assert all(books.explain(entry).agrees for entry in access)


@pytest.mark.parametrize("edit", EDITS)
@pytest.mark.parametrize("advance", [False, True])
def test_an_edit_of_the_catalogue_changes_no_closed_cycle(edit: str, advance: bool) -> None:
    """Elsewhere an edited policy billed years again that had been closed."""
    books = closed(advance=advance)
    before = books.nets()
    books.catalogue = catalogue(**EDITS[edit]())

    again = books.close(date(2012, 4, 30))

    assert (again.entries, books.nets()) == ((), before)


@pytest.mark.parametrize("edit", EDITS)
def test_a_repair_of_a_closed_cycle_follows_the_terms_it_was_closed_with(edit: str) -> None:
    """A repair moves what the fact moved, and nothing that the catalogue says today."""
    books, untouched = closed(), closed()
    books.catalogue = catalogue(**EDITS[edit]())

    for kept in (books, untouched):
        end = Cancel(subscription=SUBSCRIPTION, reason="moved", on=date(2012, 3, 10))
        kept.record(end, today=date(2012, 5, 2))
        kept.close(date(2012, 5, 2))

    assert books.nets() == untouched.nets()
    assert books.by_cycle() == {"2012-03": "38.71", "2012-04": "0.00"}  # ten days, the last one among them


@pytest.mark.covers("S0-267")
def test_a_subscription_keeps_its_price_when_the_catalogues_changes() -> None:
    books = closed("adsl")
    books.catalogue = catalogue(plans={"adsl": {**DOCUMENT["plans"]["adsl"], "versions": [
        {**DOCUMENT["plans"]["adsl"]["versions"][0], "price": "170.00"}
    ]}})  # fmt: skip

    books.close(date(2012, 5, 31))

    assert books.by_cycle()["2012-05"] == "100.00"


def by_line(books: KeptBooks, month: int) -> dict[str, str]:
    return {line_id: net for (_, _, line_id, start), net in books.nets().items() if start.month == month}


def test_a_subscription_follows_its_plans_composition_from_the_day_it_holds() -> None:
    books = closed(months=1)
    first = DOCUMENT["plans"]["fibre"]["versions"][0]
    books.catalogue = catalogue(plans=fibre(first, version("2012-04-16", "120.00", OTHER_LINES)))

    books.close(date(2012, 4, 30))

    assert by_line(books, 3) == {"access": "80.00", "films": "30.00", "remainder": "10.00"}
    assert by_line(books, 4) == {"access": "100.00", "films": "15.00", "remainder": "5.00"}


@pytest.mark.covers("S0-042", "S0-267")
def test_a_customised_composition_no_longer_follows_its_plan() -> None:
    books = KeptBooks()
    books.open("fibre", date(2012, 3, 1), lines=())
    books.close(date(2012, 3, 31))
    books.catalogue = catalogue(plans=fibre(version("2012-04-16", "120.00", OTHER_LINES)))

    books.close(date(2012, 4, 30))

    assert by_line(books, 4) == {"remainder": "120.00"}


def test_a_plan_sold_before_its_first_composition_follows_the_earliest() -> None:
    books = closed()
    books.catalogue = catalogue(plans=fibre(version("2013-01-01", "120.00", OTHER_LINES)))

    books.close(date(2012, 5, 31))

    assert by_line(books, 5) == {"access": "120.00"}


def test_a_policy_holds_for_whole_cycles_from_its_day() -> None:
    dated = {"versions": [{"from": date(2012, 1, 1)}, {"from": date(2012, 3, 10), "bills_last_day": False}]}
    books = KeptBooks(catalogue(policies={"standard": dated}))
    first = books.open("adsl", date(2012, 3, 1))
    second = books.open("adsl", date(2012, 4, 1))
    books.record(Cancel(subscription=first, reason="moved", on=date(2012, 3, 20)))
    books.record(Cancel(subscription=second, reason="moved", on=date(2012, 4, 16)))

    books.close(date(2012, 4, 30))

    assert books.by_cycle(first) == {"2012-03": "64.52"}  # twenty days: the policy of 01/03 rules March
    assert books.by_cycle(second) == {"2012-04": "50.00"}  # fifteen days


def test_only_cycles_that_a_new_fact_reaches_are_computed_again() -> None:
    books = closed("adsl")
    books.record(
        ChangePrice(subscription=SUBSCRIPTION, price=brl("130.00"), on=date(2012, 4, 16)), date(2012, 5, 2)
    )

    entries = books.close(date(2012, 5, 2)).entries

    assert [(str(entry.amount), entry.key.cycle.closing_day) for entry in entries] == [
        ("15.00 BRL", date(2012, 4, 30))
    ]


def test_a_retracted_suspension_is_looked_at_from_its_own_day() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 3, 1))
    books.record(Suspend(subscription=SUBSCRIPTION, on=date(2012, 3, 11)))
    books.record(Resume(subscription=SUBSCRIPTION, on=date(2012, 3, 21)))
    books.close(date(2012, 4, 30))
    for fact in (3, 2):
        books.record(Retract(subscription=SUBSCRIPTION, fact=fact), date(2012, 5, 2))

    books.close(date(2012, 5, 2))

    assert books.by_cycle() == {"2012-03": "100.00", "2012-04": "100.00"}


LINES = [{"id": "access", "description": "Acesso", "value": "110.00"}]


def test_who_keeps_an_older_price_keeps_the_lines_that_were_made_for_it() -> None:
    books = closed(months=1)
    books.catalogue = catalogue(
        plans=fibre(DOCUMENT["plans"]["fibre"]["versions"][0], version("2012-04-10", "150.00", LINES))
    )

    closing = books.close(date(2012, 4, 30))

    assert closing.problems == ()
    assert {str(entry.key.line): str(entry.amount.amount) for entry in closing.entries} == {
        "access": "80.00",
        "films": "30.00",
        "remainder": "10.00",
    }


def test_other_lines_for_the_same_price_reach_everybody_who_pays_it() -> None:
    books = closed(months=1)
    first = DOCUMENT["plans"]["fibre"]["versions"][0]
    books.catalogue = catalogue(plans=fibre(first, version("2012-04-01", "120.00", LINES)))

    closing = books.close(date(2012, 4, 30))

    assert {str(entry.key.line): str(entry.amount.amount) for entry in closing.entries} == {
        "access": "110.00",
        "remainder": "10.00",
    }
