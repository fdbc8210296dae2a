"""Sales, instalments, and what is billed on demand, through the whole provider."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from ispcore.billing import Charge, DebitKind, EntryKind, as_text
from ispcore.errors import InvalidValueError, NotFoundError, RefusedError, UnbillableError
from ispcore.plans import Cancel, Retract, Sell
from ispcore.storage.database import Session
from ispcore.storage.tables import charges
from ispcore.values import SubscriptionId
from tests.catalogues import DOCUMENT, brl, line, march
from tests.providers import ANA, Office

MONTHS = [date(2012, 3, 31), date(2012, 4, 30), date(2012, 5, 31), date(2012, 6, 30)]


@pytest.fixture
def one(office: Office) -> SubscriptionId:
    """A subscription from 1 March on, which is today."""
    office.clock.move_to(march(1))
    return office.subscribe(office.register(), on=march(1))


def router(office: Office, one: SubscriptionId, **more: Any) -> None:
    usual = {"description": "Router", "amount": brl("100.00"), "on": march(1)}
    office.do(Sell(subscription=one, **{**usual, **more}))


def issued(office: Office, one: SubscriptionId) -> list[tuple[str, str]]:
    """Return what stands issued beside the plan, by item."""
    found = office.provider.subscription(one, actor=ANA).charges
    return [(charge.key.item, str(charge.amount.amount)) for charge in found if charge.key.item != "plan"]


def _id(charge: Charge) -> str:
    return charge.id


def findings(office: Office) -> list[str]:
    return [finding.rule for finding in office.provider.check(actor=ANA)]


# --- sales


@pytest.mark.covers("S1-133", "S3-100")
def test_a_sale_in_instalments_is_taken_up_by_the_closings_of_everybody(
    office: Office, one: SubscriptionId
) -> None:
    office.subscribe(office.register("Bia Lima"), on=march(1))  # who is quiet, and billed with others
    router(office, one, instalments=3, lines=(line("box", "90.00", company="media"),))

    runs = [office.close(day) for day in MONTHS]

    assert [str(sum(run.charged.values(), brl("0.00")).amount) for run in runs] == [
        "233.34",
        "233.33",
        "233.33",
        "200.00",
    ]
    assert {item for item, _ in issued(office, one)} == {"event:1"}
    assert findings(office) == []


def test_a_preview_of_instalments_is_what_the_closing_issues(office: Office, one: SubscriptionId) -> None:
    router(office, one, instalments=3)

    (previewed,) = office.provider.preview(march(31), actor=ANA)
    office.close(march(31))

    view = office.provider.subscription(one, actor=ANA)
    assert sorted(view.charges, key=_id) == sorted(previewed.entries, key=_id)
    owed = office.provider.customer(view.row.customer, actor=ANA).receivables
    kinds = {balance.receivable.key.item: balance.receivable.kind for balance in owed}
    assert kinds == {"plan": DebitKind.FEE, "event:1": DebitKind.EVENT}


def test_retracting_a_sale_in_instalments_takes_back_what_was_issued(
    office: Office, one: SubscriptionId
) -> None:
    router(office, one, instalments=3)
    office.close(march(31))
    office.do(Retract(subscription=one, fact=2))

    run = office.close(date(2012, 4, 1))

    assert (run.credits, str(run.credited["BRL"].amount)) == (1, "33.34")
    assert findings(office) == []


@pytest.mark.covers("S1-134", "S3-100")
def test_a_sale_with_a_due_date_is_asked_for_at_once_and_by_no_closing(
    office: Office, one: SubscriptionId
) -> None:
    router(office, one, due_on=march(25), lines=(line("box", "90.00", company="media"),))

    customer = office.provider.subscription(one, actor=ANA).row.customer
    owed = [balance.receivable for balance in office.provider.customer(customer, actor=ANA).receivables]
    office.close(march(31))

    assert [(asked.kind, str(asked.amount.amount), asked.due_on) for asked in owed] == [
        (DebitKind.SALE, "90.00", march(25)),
        (DebitKind.SALE, "10.00", march(25)),
    ]
    assert issued(office, one) == [("sale:1", "90.00"), ("sale:1", "10.00")]
    explanation = office.provider.explain(owed[0].id, actor=ANA)
    assert explanation.agrees
    assert [fact.kind for fact in explanation.facts] == ["Sold"]
    assert "raised    90.00 BRL by itself, not by a closing" in as_text(explanation)
    assert findings(office) == []


def test_a_sale_that_is_refused_asks_for_nothing(office: Office, one: SubscriptionId) -> None:
    with pytest.raises(RefusedError):
        router(office, one, due_on=march(25), instalments=2)

    assert issued(office, one) == []


def test_what_a_sale_asked_for_is_checked(office: Office, one: SubscriptionId) -> None:
    router(office, one, due_on=march(25))
    with office.database.writing() as work:
        assert isinstance(work, Session)
        raised = charges.c.kind == EntryKind.RAISED.value
        work.connection.execute(sa.update(charges).where(raised).values(amount=9999))

    assert "sold" in findings(office)


def test_who_has_left_can_still_be_sold_something(office: Office, one: SubscriptionId) -> None:
    office.do(Cancel(subscription=one, reason="moved", on=march(5)), today=march(5))

    router(office, one, due_on=march(25), on=march(5))

    assert issued(office, one) == [("sale:1", "100.00")]


@pytest.mark.parametrize(
    ("how", "said"),
    [
        (
            {"instalments": 3},
            ("event:1: sale, Router: 100.00 BRL in 3 instalments", "from 2012-03-01"),
        ),
        ({"instalments": 1}, ("event:1: sale, Router: 100.00 BRL", "from 2012-03-01")),
        ({"due_on": march(25)}, ("Router: 100.00 BRL, due on 2012-03-25",)),
        (
            {"due_on": march(25), "lines": (line("box", "90.00"),)},
            (
                "Router: 100.00 BRL, due on 2012-03-25",
                "line Box 90.00 BRL (net)",
                "line Router 10.00 BRL (net)",
            ),
        ),
    ],
)
def test_the_history_tells_a_sale(office: Office, one: SubscriptionId, how: Any, said: Any) -> None:
    router(office, one, **how)

    last = office.provider.subscription(one, actor=ANA).timeline.recorded[-1]
    from ispcore.usecases.describe import describe

    assert describe(last.payload) == said


# --- on demand


@pytest.mark.covers("S3-102")
def test_the_open_cycle_of_one_subscription_is_billed_up_to_a_day(
    office: Office, one: SubscriptionId
) -> None:
    customer = office.provider.subscription(one, actor=ANA).row.customer
    other = office.subscribe(customer, on=march(1))
    office.clock.move_to(march(15))
    desk = office.provider.charging

    tried = desk.open_cycle(one, march(15), actor=ANA, save=False)
    done = desk.open_cycle(one, march(15), actor=ANA)
    again = desk.open_cycle(one, march(15), actor=ANA)
    office.close(march(31))

    assert (tried.entries, again.entries) == (done.entries, ())
    by_subscription = {
        number: [
            str(charge.amount.amount) for charge in office.provider.subscription(number, actor=ANA).charges
        ]
        for number in (one, other)
    }
    assert by_subscription == {one: ["48.39", "51.61"], other: ["100.00"]}
    assert findings(office) == []


@pytest.mark.covers("S3-101")
def test_cycles_ahead_are_billed_with_dates_of_their_own(office: Office, one: SubscriptionId) -> None:
    router(office, one, instalments=2)
    desk = office.provider.charging

    tried = desk.ahead(one, 3, actor=ANA, save=False)
    done = desk.ahead(one, 3, actor=ANA)
    runs = [office.close(day) for day in MONTHS[:3]]

    assert tried == done
    assert [[str(asked.due_on) for asked in closing.receivables] for closing in done] == [
        ["2012-04-10", "2012-04-10"],
        ["2012-05-10", "2012-05-10"],
        ["2012-06-10"],
    ]
    assert all(run.issued_nothing for run in runs)
    assert findings(office) == []


def test_cycles_that_are_overdue_are_billed_along_today(office: Office, one: SubscriptionId) -> None:
    office.clock.move_to(date(2012, 5, 10))

    done = office.provider.charging.ahead(one, 1, actor=ANA)

    assert [[str(entry.issued_on) for entry in closing.entries] for closing in done] == [
        ["2012-05-10", "2012-05-10"],
        ["2012-05-31"],
    ]


@pytest.mark.parametrize("cycles", [0, 37])
def test_so_many_cycles_ahead_are_refused(office: Office, one: SubscriptionId, cycles: int) -> None:
    with pytest.raises(InvalidValueError, match=f"{cycles} cycles"):
        office.provider.charging.ahead(one, cycles, actor=ANA)


def test_on_demand_a_subscription_that_cannot_be_billed_says_why(office: Office) -> None:
    office.clock.move_to(march(1))
    booked = {"account": "3.1.01", "company": "net", "document_type": "nfcom"}
    version = {"from": "2010-01-01", "price": "50.00", **booked}
    londrina = DOCUMENT["units"]["londrina"]
    units = {"londrina": {**londrina, "plans": [*londrina["plans"], "retired"]}}
    office.load(plans={"retired": {"name": "Old", "versions": [version]}}, units=units)
    cheap = office.subscribe(office.register(), "retired", on=march(1), price=brl("40.00"))
    lines = [{"id": "access", "description": "Acesso", "value": "45.00"}]
    office.load(plans={"retired": {"name": "Old", "versions": [{**version, "lines": lines}]}}, units=units)

    with pytest.raises(UnbillableError) as refused:
        office.provider.charging.open_cycle(cheap, march(15), actor=ANA)

    assert refused.value.rule == "composition-over-price"


def test_nothing_is_billed_of_nobody(office: Office) -> None:
    with pytest.raises(NotFoundError):
        office.provider.charging.open_cycle(SubscriptionId(99), march(15), actor=ANA)
    with pytest.raises(NotFoundError):
        office.provider.charging.ahead(SubscriptionId(99), 1, actor=ANA)
