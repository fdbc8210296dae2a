"""Another plan is another subscription: the old one ends, a new number goes on from that day."""

from typing import Any

import pytest

from ispcore.catalog import Serves, Trial, TrialKind
from ispcore.errors import ConflictingFactsError, NotFoundError, NotPermittedError, RefusedError
from ispcore.plans import (
    AddItem,
    BillingDefaults,
    ChangeItem,
    ChangePlan,
    CustomiseComposition,
    Discount,
    End,
    EndItem,
    EndKind,
    HoldKind,
    Pause,
    Timeline,
    Unpause,
    decide,
    first_billed_day,
)
from ispcore.timeline import Actor
from ispcore.values import AddressId, ItemId
from tests.catalogues import (
    CATALOGUE,
    DOCUMENT,
    SUBSCRIPTION,
    april,
    brl,
    catalogue,
    do,
    february,
    line,
    march,
    moved,
    setting,
    subscribed,
)

VISITED = {**DOCUMENT["plans"]["adsl"], "permits": ["mailbox", "visit"]}
LONDRINA = {
    **DOCUMENT["units"]["londrina"],
    "plans": [*DOCUMENT["units"]["londrina"]["plans"], "adsl-visits"],
}
EXTEND = {**DOCUMENT["plans"]["extend"], "permits": ["visit"]}
WITH_VISITS = catalogue(plans={"adsl-visits": VISITED, "extend": EXTEND}, units={"londrina": LONDRINA})


def to(plan: str, **more: Any) -> ChangePlan:
    return ChangePlan(subscription=SUBSCRIPTION, plan=plan, **more)


def with_services(timeline: Timeline, *services: str) -> Timeline:
    for service in services:
        timeline = do(timeline, AddItem(subscription=SUBSCRIPTION, service=service), march(1))
    return timeline


@pytest.mark.covers("S0-098", "S0-099", "S2-018")
def test_the_plan_changes_with_the_number_and_both_sides_name_each_other() -> None:
    old, new = moved(subscribed("adsl"), to("fibre"), march(10))

    assert old.end == End(march(10), EndKind.PLAN_CHANGED)
    assert (old.last.successor, new.last.previous) == (105, 104)
    assert (new.last.id, new.last.plan.offer, new.last.plan.price) == (105, "fibre", brl("120.00"))


def test_the_day_of_the_change_belongs_to_the_new_side() -> None:
    old, new = moved(subscribed("adsl"), to("fibre"), march(10))

    assert first_billed_day(new) == march(10)
    assert new.last.plan.starts_on == march(10)
    assert old.on(march(10)) == old.last
    assert old.last.bills is False


def test_how_it_is_billed_goes_on_unless_the_command_says_otherwise() -> None:
    subscription = subscribed("in-advance", closing_day=15, separate_slip=True)

    _, same = moved(subscription, to("adsl"), march(10))
    _, other = moved(subscription, to("adsl", advance=False, due_day=20, charge_method="card"), march(10))

    assert same.last.terms == subscription.last.terms
    assert (other.last.terms.advance, other.last.terms.due_day, other.last.terms.charge_method) == (
        False,
        20,
        "card",
    )
    assert (other.last.terms.closing_day, other.last.terms.separate_slip) == (15, True)


def test_the_new_plan_may_have_its_own_price_discount_and_lines() -> None:
    command = to(
        "adsl",
        price=brl("90.00"),
        discount=Discount(amount=brl("9.00")),
        lines=(line("access", "60.00"),),
    )

    _, new = moved(subscribed("fibre"), command, march(10))

    assert (new.last.plan.price, new.last.plan.to_pay()) == (brl("90.00"), brl("81.00"))
    assert new.last.plan.lines == (line("access", "60.00"),)


def test_customer_address_contract_extra_fields_and_status_are_carried_over() -> None:
    subscription = subscribed(address=AddressId("home"), contract="2012-17", extra={"pole": 3})

    old, new = moved(subscription, to("fibre"), march(10))

    before = old.before_end(march(9))
    assert before is not None
    for name in ("customer", "address", "contract", "extra", "unit", "status", "status_since"):
        assert getattr(new.last, name) == getattr(before, name), name


def test_holds_are_carried_over_with_their_ends() -> None:
    paused = do(subscribed(), Pause(subscription=SUBSCRIPTION, until=march(20)), march(5))

    _, new = moved(paused, to("fibre"), march(10))

    assert [held.kind for held in new.last.holds] == [HoldKind.PAUSED]
    assert [(span.since, span.state.bills) for span in new.spans] == [(march(10), False), (march(20), True)]


def test_a_trial_goes_on_and_is_not_given_again() -> None:
    subscription = subscribed("adsl", on=february(24), trial=Trial(TrialKind.DAYS, 10))

    _, during = moved(subscription, to("trial-month"), march(1))
    _, after = moved(subscription, to("trial-month"), march(5))

    assert first_billed_day(during) == march(5)
    assert first_billed_day(after) == march(5)
    assert after.last.free_until is None


def test_a_timed_status_goes_on_from_where_it_was() -> None:
    trial = subscribed("trial-status", on=february(24), status=None)

    _, new = moved(trial, to("fibre"), march(1))

    assert [(span.since, span.state.status.code) for span in new.spans] == [
        (march(1), "trial"),
        (march(5), "enabled"),
    ]


# --- additional services


def test_additional_services_move_over_except_those_that_are_dropped() -> None:
    subscription = with_services(subscribed("fibre"), "mailbox", "antivirus")

    _, new = moved(subscription, to("adsl", drop={ItemId("antivirus")}), march(10))

    assert [(item.id, item.starts_on) for item in new.last.items] == [
        ("plan", march(10)),
        ("mailbox", march(1)),
    ]


def test_a_service_keeps_its_price_its_discount_and_its_composition() -> None:
    timeline = with_services(subscribed("fibre"), "mailbox")
    mailbox, discount = ItemId("mailbox"), Discount(amount=brl("1.00"))
    change = ChangeItem(subscription=SUBSCRIPTION, item=mailbox, price=brl("8.00"), discount=discount)
    customise = CustomiseComposition(subscription=SUBSCRIPTION, item=mailbox, lines=(line("mail", "8.00"),))
    timeline = do(do(timeline, change, march(2)), customise, march(3))

    _, new = moved(timeline, to("adsl"), march(10))

    item = new.last.item(mailbox)
    assert (item.price, item.price_since, item.discount) == (brl("8.00"), march(2), discount)
    assert item.lines == (line("mail", "8.00"),)


def test_what_has_ended_and_what_was_billed_once_does_not_move() -> None:
    timeline = with_services(subscribed("fibre"), "mailbox", "visit")
    timeline = do(timeline, EndItem(subscription=SUBSCRIPTION, item=ItemId("mailbox")), march(5))

    _, new = moved(timeline, to("adsl"), march(10))

    assert [item.id for item in new.last.items] == ["plan"]


def test_a_one_off_that_waits_for_the_end_of_a_trial_moves_along_and_is_owed_then() -> None:
    trial = Trial(TrialKind.DAYS, 10)
    timeline = with_services(subscribed("fibre", trial=trial), "visit")

    _, during = moved(timeline, to("adsl-visits"), march(5), catalogue=WITH_VISITS)
    _, after = moved(timeline, to("adsl-visits"), march(12), catalogue=WITH_VISITS)

    assert [item.id for item in during.last.items] == ["plan", "visit"]
    assert [item.id for item in after.last.items] == ["plan"]


def test_a_one_off_that_waits_for_the_end_of_free_days_moves_along_and_is_owed_then() -> None:
    timeline = subscribed("extend", on=march(1), advance=True)
    for command, on in [
        (Pause(subscription=SUBSCRIPTION), march(11)),
        (Unpause(subscription=SUBSCRIPTION), march(21)),  # the first ten days of April are free
        (AddItem(subscription=SUBSCRIPTION, service="visit"), april(2)),
    ]:
        timeline = do(timeline, command, on, catalogue=WITH_VISITS)

    _, during = moved(timeline, to("adsl-visits"), april(5), catalogue=WITH_VISITS)
    _, after = moved(timeline, to("adsl-visits"), april(12), catalogue=WITH_VISITS)

    assert [item.id for item in during.last.items] == ["plan", "visit"]
    assert [item.id for item in after.last.items] == ["plan"]


def test_a_service_that_the_new_plan_does_not_permit_has_to_be_dropped() -> None:
    subscription = with_services(subscribed("fibre"), "antivirus")

    with pytest.raises(RefusedError, match="'adsl' does not permit the additional service 'antivirus'"):
        moved(subscription, to("adsl"), march(10))

    assert moved(subscription, to("adsl", drop={ItemId("antivirus")}), march(10))[1].last.items[1:] == ()


def test_a_service_whose_lines_a_strict_policy_refuses_has_to_be_dropped() -> None:
    subscription = with_services(subscribed("fibre"), "mailbox")

    with pytest.raises(RefusedError, match=r"sum to 0\.00 BRL, less than the price 10\.00 BRL"):
        moved(subscription, to("strict"), march(10))


def test_a_service_that_is_not_there_cannot_be_dropped() -> None:
    with pytest.raises(NotFoundError, match=r"There is no item 'radio'\. Subscription 104 has: plan"):
        moved(subscribed("fibre"), to("adsl", drop={ItemId("radio")}), march(10))


# --- what is refused


def test_the_same_plan_is_refused() -> None:
    with pytest.raises(RefusedError, match=r"has the plan 'adsl' already\. Change its price instead"):
        moved(subscribed("adsl"), to("adsl"), march(10))


def test_a_plan_that_the_unit_does_not_sell_is_refused() -> None:
    with pytest.raises(RefusedError, match="does not sell the plan 'fibre'"):
        moved(subscribed("adsl"), to("fibre"), march(10), unit=CATALOGUE.unit("maringa"))


def test_another_charge_method_than_the_first_ones_needs_the_permission() -> None:
    clerk = Actor("rui", frozenset({"subscription.change-plan", "subscription.payment-terms"}))
    first = BillingDefaults("slip", 10)

    with pytest.raises(NotPermittedError, match="override-defaults"):
        moved(subscribed(), to("fibre", charge_method="card"), march(10), actor=clerk, defaults=first)

    assert moved(subscribed(), to("fibre"), march(10), actor=clerk, defaults=first)[1].last.bills


def test_a_due_day_that_is_none_is_refused() -> None:
    with pytest.raises(RefusedError, match="0 is not a day of the month"):
        moved(subscribed(), to("fibre", due_day=0), march(10))


def test_a_number_for_the_successor_is_needed() -> None:
    with pytest.raises(RefusedError, match="needs a number for the successor"):
        decide(to("fibre"), subscribed(), setting(march(10), successor=None))


def test_a_change_before_a_later_fact_is_refused_and_both_are_named() -> None:
    timeline = do(subscribed(), Pause(subscription=SUBSCRIPTION), march(12))

    with pytest.raises(ConflictingFactsError, match=r"because of HoldPlaced of 2012-03-12 \(fact 2\)"):
        moved(timeline, to("fibre", on=march(10)), march(15))


def test_the_old_side_neither_serves_nor_bills_afterwards() -> None:
    old, _ = moved(subscribed(), to("fibre"), march(10))

    state = old.on(april(1))

    assert state is not None
    assert (state.serves, state.bills) == (Serves.REMOVED, False)


def test_the_policy_of_the_new_plan_rules_from_then_on() -> None:
    known = catalogue()

    _, new = moved(subscribed("adsl"), to("closing-15"), march(10), catalogue=known)

    assert new.last.policy == "closing-15"
