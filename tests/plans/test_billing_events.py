"""Billing events, sales and fees: what is recorded, and what is refused."""

from datetime import date
from typing import Any

import pytest
from attrs import evolve

from ispcore.catalog import Catalogue, OpenInstalments, SpareCents
from ispcore.errors import InvalidValueError, NotPermittedError, RefusedError
from ispcore.plans import (
    AddBillingEvent,
    AddItem,
    BillingEvent,
    Cancel,
    ChangeBillingTerms,
    ChangeDiscount,
    ChangeItem,
    ChangePlan,
    Discount,
    Event,
    EventKind,
    Retract,
    Sale,
    Sell,
    Timeline,
    decide,
    fold_with,
    is_event,
)
from ispcore.plans.facts import BillingEventAdded, BillingTermsChanged, Sold
from ispcore.timeline import Actor
from ispcore.values import ItemId, LineId
from tests.billing.by_policy import billed_by
from tests.catalogues import (
    CATALOGUE,
    SUBSCRIPTION,
    brl,
    do,
    facts_of,
    line,
    march,
    moved,
    setting,
    subscribed,
)

TODAY = march(10)
ONE: Any = {"subscription": SUBSCRIPTION}
FEE: Any = {**ONE, "kind": EventKind.FEE, "description": "Visit", "amount": brl("50.00")}
ROUTER: Any = {**ONE, "description": "Router", "amount": brl("300.00")}


def decided(command: Any, today: date, timeline: Timeline | None = None, **more: Any) -> list[Any]:
    """Return the payloads that *command* leaves."""
    life = subscribed(on=march(1)) if timeline is None else timeline
    return [event.payload for event in decide(command, life, setting(today, **more)).events]


def event(command: Any, today: date = TODAY, **more: Any) -> BillingEvent:
    """Return the billing event that *command* leaves."""
    (added,) = decided(command, today, **more)
    assert isinstance(added, BillingEventAdded)
    return added.event


def with_facts(*payloads: Any) -> Timeline:
    """Return a timeline that began on 1 March, with *payloads* recorded on the 10th."""
    facts = facts_of([Event(march(10), one) for one in payloads], after=1, at=setting(march(10)))
    return fold_with(subscribed(on=march(1)), facts)


# --- what is recorded


def test_an_event_is_booked_as_the_remainder_of_the_plan_is_unless_it_has_lines() -> None:
    added = event(AddBillingEvent(**FEE))

    (only,) = added.lines
    assert (only.description, only.value, only.target.company) == ("Visit", brl("50.00"), "net")
    assert (added.item, added.instalments) == ("event:1", 1)


def test_what_the_lines_of_an_event_leave_is_booked_as_the_remainder() -> None:
    added = event(AddBillingEvent(**FEE, lines=(line("cable", "30.00", company="media"),)))

    assert [(one.id, str(one.value.amount), one.target.company) for one in added.lines] == [
        ("cable", "30.00", "media"),
        ("remainder", "20.00", "net"),
    ]


def test_what_an_event_leaves_to_the_policy_is_pinned() -> None:
    catalogue = billed_by(spare_cents=SpareCents.LAST, open_instalments=OpenInstalments.GO_ON)

    by_policy = event(AddBillingEvent(**FEE, instalments=3), catalogue=catalogue)
    given = event(
        AddBillingEvent(**FEE, instalments=3, spare=SpareCents.FIRST, when_ended=OpenInstalments.AT_ONCE),
        catalogue=catalogue,
    )

    assert (by_policy.spare, by_policy.when_ended) == (SpareCents.LAST, OpenInstalments.GO_ON)
    assert (given.spare, given.when_ended) == (SpareCents.FIRST, OpenInstalments.AT_ONCE)


@pytest.mark.parametrize(
    ("spare", "parts"),
    [(SpareCents.FIRST, ["33.34", "33.33", "33.33"]), (SpareCents.LAST, ["33.33", "33.33", "33.34"])],
)
def test_spare_cents_go_to_the_first_or_to_the_last_instalments(spare: SpareCents, parts: Any) -> None:
    added = event(AddBillingEvent(**{**FEE, "amount": brl("100.00")}, instalments=3, spare=spare))

    assert [str(part.amount) for part in added.parts] == parts


def test_the_number_of_an_event_is_never_given_again() -> None:
    first = event(AddBillingEvent(**FEE))
    life = with_facts(BillingEventAdded(first))
    gone = do(life, Retract(**ONE, fact=2), march(10))

    assert event(AddBillingEvent(**FEE), timeline=gone).number == 2


def test_two_facts_cannot_bring_the_same_event() -> None:
    first = event(AddBillingEvent(**FEE))

    with pytest.raises(RefusedError) as refused:
        with_facts(BillingEventAdded(first), BillingEventAdded(first))

    assert refused.value.rule == "event-exists"


def test_an_events_name_is_none_that_an_item_can_have() -> None:
    assert is_event(event(AddBillingEvent(**FEE)).item)
    with pytest.raises(InvalidValueError):
        decided(AddItem(**ONE, service="mailbox", item=ItemId("event:1")), march(10))


# --- the first instalment


@pytest.mark.parametrize(
    ("plan", "closed_through", "first_on"),
    [
        ("adsl", None, march(10)),  # it is in the cycle that runs
        ("adsl", date(2013, 4, 1), march(10)),  # billed ahead, its closing is to come all the same
        ("in-advance", None, march(10)),  # no cycle was billed yet
        ("in-advance", date(2012, 4, 1), date(2012, 4, 1)),  # that of March has been
    ],
)
def test_without_a_day_the_first_instalment_belongs_to_the_next_closing(
    plan: str, closed_through: date | None, first_on: date
) -> None:
    life = subscribed(plan, march(1))

    assert event(AddBillingEvent(**FEE), timeline=life, closed_through=closed_through).first_on == first_on


def test_on_a_closing_day_that_was_billed_the_next_closing_is_that_of_the_next_cycle() -> None:
    added = event(AddBillingEvent(**FEE), march(31), closed_through=date(2012, 4, 1))

    assert added.first_on == date(2012, 4, 1)


def test_an_event_dated_back_is_taken_up_by_the_closing_after_today() -> None:
    assert event(AddBillingEvent(**FEE, on=march(2)), march(20)).first_on == march(20)


def test_the_first_instalment_may_have_a_day() -> None:
    assert event(AddBillingEvent(**FEE, first_on=date(2012, 6, 5))).first_on == date(2012, 6, 5)
    with pytest.raises(RefusedError, match=r"of 2012-03-09: the event is of 2012-03-10"):
        event(AddBillingEvent(**FEE, first_on=march(9)))


# --- amounts


@pytest.mark.parametrize(
    ("wrong", "rule"),
    [
        ({"amount": brl("0.00")}, "amount"),
        ({"amount": evolve(brl("1.00"), currency=evolve(brl("1.00").currency, code="USD"))}, "amount"),
        ({"amount": brl("10000000000.01")}, "price-too-high"),
        ({"instalments": 0}, "instalments"),
        ({"instalments": 121}, "instalments"),
        ({"amount": brl("0.02"), "instalments": 3}, "instalments"),
        ({"lines": (line("a", "50.01"),)}, "composition-over-price"),
    ],
)
def test_an_amount_that_cannot_be_billed_is_refused(wrong: Any, rule: str) -> None:
    with pytest.raises(RefusedError) as refused:
        event(AddBillingEvent(**{**FEE, **wrong}))

    assert refused.value.rule == rule


def test_a_description_leaves_room_for_which_instalment_it_is() -> None:
    assert event(AddBillingEvent(**{**FEE, "description": "x" * 150})).description == "x" * 150
    with pytest.raises(InvalidValueError, match="151 characters"):
        event(AddBillingEvent(**{**FEE, "description": "x" * 151}))
    with pytest.raises(InvalidValueError, match="151 characters"):
        event(AddBillingEvent(**FEE, lines=(evolve(line("a", "1.00"), description="x" * 151),)))


def test_nothing_new_is_owed_after_the_end() -> None:
    life = subscribed(on=march(1))
    over = do(life, Cancel(**ONE, reason="moved", on=march(5)), march(10))

    with pytest.raises(RefusedError) as refused:
        do(over, AddBillingEvent(**FEE), march(10))

    assert refused.value.rule == "ended"


# --- sales


@pytest.mark.covers("S1-133", "S3-100", "S1-132")
def test_a_sale_in_instalments_is_a_billing_event() -> None:
    sold = event(Sell(**ROUTER, instalments=10, first_on=march(20)))

    assert (sold.kind, sold.instalments, sold.first_on) == (EventKind.SALE, 10, march(20))


@pytest.mark.covers("S1-134")
def test_a_sale_with_a_due_date_is_no_billing_event() -> None:
    (sold,) = decided(Sell(**ROUTER, due_on=march(25)), march(10), debit_number=7)

    assert isinstance(sold, Sold)
    assert isinstance(sold.sale, Sale)
    assert (sold.sale.number, sold.sale.due_on, sold.sale.lines[0].value) == (7, march(25), brl("300.00"))
    assert sold.sale.lines[0].id == LineId("remainder")


@pytest.mark.covers("S1-133", "S1-134")
@pytest.mark.parametrize(
    ("how", "rule"),
    [
        ({}, "sale-either"),
        ({"instalments": 2, "due_on": march(20)}, "sale-either"),
        ({"due_on": march(20), "first_on": march(20)}, "sale-either"),
        ({"due_on": march(9)}, "due-before-sale"),
        ({"due_on": march(20), "amount": brl("0.00")}, "amount"),
    ],
)
def test_a_sale_is_either_an_event_or_one_amount_to_receive(how: Any, rule: str) -> None:
    with pytest.raises(RefusedError) as refused:
        decided(Sell(**{**ROUTER, **how}), march(10), debit_number=7)

    assert refused.value.rule == rule


def test_a_sale_with_a_due_date_needs_a_number() -> None:
    with pytest.raises(RefusedError) as refused:
        decided(Sell(**ROUTER, due_on=march(25)), march(10))

    assert refused.value.rule == "debit-number"


def test_a_sale_changes_no_state_and_is_possible_after_the_end() -> None:
    life = subscribed(on=march(1))
    over = do(life, Cancel(**ONE, reason="moved", on=march(5)), march(5))

    after = do(over, Sell(**ROUTER, due_on=march(25)), march(10), debit_number=7)

    assert (after.last, after.spans) == (over.last, over.spans)


def test_an_end_that_is_dated_back_leaves_sales_as_they_are() -> None:
    (sold,) = decided(Sell(**ROUTER, due_on=march(25)), march(10), debit_number=7)
    life = with_facts(sold, BillingEventAdded(event(AddBillingEvent(**FEE))))

    ended = decide(Cancel(**ONE, reason="moved", on=march(5)), life, setting(march(12)))

    assert ended.events[0].payload.voids == (3,)


def test_a_sale_that_was_asked_for_is_not_retracted() -> None:
    (sold,) = decided(Sell(**ROUTER, due_on=march(25)), march(10), debit_number=7)

    with pytest.raises(RefusedError) as refused:
        decided(Retract(**ONE, fact=2), march(10), with_facts(sold))

    assert refused.value.rule == "sold"


# --- fees on changes


WITH_FEE: Catalogue = billed_by(due_day_fee=brl("7.50"))


@pytest.mark.covers("S2-009")
def test_another_due_day_may_cost_a_fee_which_the_next_closing_takes_up() -> None:
    changed, fee = decided(ChangeBillingTerms(**ONE, due_day=20), march(10), catalogue=WITH_FEE)

    assert changed == BillingTermsChanged(due_day=20)
    assert (fee.event.kind, fee.event.amount, fee.event.first_on) == (
        EventKind.FEE,
        brl("7.50"),
        march(10),
    )


@pytest.mark.parametrize(
    ("catalogue", "terms"),
    [
        (CATALOGUE, {"due_day": 20}),
        (billed_by(due_day_fee=brl("0.00")), {"due_day": 20}),
        (WITH_FEE, {"due_day": 10}),  # as before
        (WITH_FEE, {"advance": True}),
        (WITH_FEE, {"due_day": 20, "waive_fee": True}),
    ],
)
def test_other_changes_cost_no_fee(catalogue: Catalogue, terms: Any) -> None:
    (changed,) = decided(ChangeBillingTerms(**ONE, **terms), march(10), catalogue=catalogue)

    assert isinstance(changed, BillingTermsChanged)


def test_letting_a_fee_go_is_a_permission_of_its_own() -> None:
    clerk = Actor("clerk", {"subscription.payment-terms", "subscription.override-defaults"})
    known = setting(march(10), catalogue=WITH_FEE, actor=clerk)

    with pytest.raises(NotPermittedError) as refused:
        decide(ChangeBillingTerms(**ONE, due_day=20, waive_fee=True), subscribed(on=march(1)), known)

    assert refused.value.permission == "subscription.waive-fee"


def test_another_due_day_with_another_plan_costs_the_same_fee_on_the_new_one() -> None:
    move = ChangePlan(**ONE, plan="fibre", due_day=20)
    before = subscribed("in-advance", march(1))

    _, successor = moved(before, move, march(10), catalogue=WITH_FEE, closed_through=date(2012, 6, 1))

    (fee,) = successor.last.events
    assert (fee.amount, fee.number, fee.first_on) == (brl("7.50"), 1, march(10))


@pytest.mark.covers("S2-034")
def test_another_charge_method_goes_along_with_another_plan() -> None:
    move = ChangePlan(**ONE, plan="fibre", charge_method="card")

    before, successor = moved(subscribed(on=march(1)), move, march(10))

    assert (before.last.terms.charge_method, before.last.terms.due_day) == ("slip", 10)
    assert (successor.last.terms.charge_method, successor.last.terms.due_day) == ("card", 10)


# --- documented periods


@pytest.mark.covers("S0-268")
def test_no_discount_counts_from_a_day_for_which_a_document_was_issued() -> None:
    with_mailbox = with_facts(*decided(AddItem(**ONE, service="mailbox"), march(10)))
    discount = Discount(amount=brl("1.00"))
    issued: Any = {"documented_until": date(2012, 4, 1)}
    give = ChangeDiscount(**ONE, discount=discount, on=march(20))
    give_on_item = ChangeItem(**ONE, item=ItemId("mailbox"), discount=discount, on=march(20))

    for command in (give, give_on_item):
        with pytest.raises(RefusedError) as refused:
            decided(command, march(25), with_mailbox, **issued)
        assert refused.value.rule == "document-issued"
        assert decided(evolve(command, on=date(2012, 4, 1)), march(25), with_mailbox, **issued)
        assert decided(command, march(25), with_mailbox)
