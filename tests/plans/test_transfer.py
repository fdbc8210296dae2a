"""A subscription passes to another customer: one side ends, the other goes on from that day."""

from datetime import date
from typing import Any

import pytest

from ispcore.errors import RefusedError
from ispcore.plans import (
    PROFILES,
    AddItem,
    BillingDefaults,
    Block,
    BooksGo,
    Cancel,
    ChangePrice,
    CustomiseComposition,
    Discount,
    EndKind,
    GrantBonus,
    HoldCause,
    OpenDebt,
    PaidDays,
    Pause,
    Retract,
    Suspend,
    Timeline,
    Transfer,
    TransferProfile,
    decide,
    fold,
    life_of,
    owed_runs,
)
from ispcore.timeline import EVERYTHING, Actor
from ispcore.values import AddressId, CustomerId, ItemId, Period
from tests.catalogues import (
    CATALOGUE,
    SUBSCRIPTION,
    april,
    brl,
    do,
    facts_of,
    line,
    march,
    setting,
    subscribed,
)
from tests.components import ANA, CARRYING, carried

BIA = CustomerId(8)
MARCH_5 = march(5)
ONE: dict[str, Any] = {"subscription": SUBSCRIPTION}


def handed(
    timeline: Timeline, today: date = MARCH_5, more: dict[str, Any] | None = None, **what: Any
) -> tuple[Timeline, Timeline]:
    known = setting(today, **(more or {}))
    command = Transfer(**{**ONE, "customer": BIA, **what})
    decision = decide(command, timeline, known)
    assert known.successor is not None
    receiver = fold(facts_of(decision.successor, subscription=known.successor, at=known))
    return do(timeline, command, today, **(more or {})), receiver


def refusal(timeline: Timeline, today: date = MARCH_5, **what: Any) -> str:
    more = what.pop("more", None)
    with pytest.raises(RefusedError) as refused:
        handed(timeline, today, more, **what)
    return refused.value.rule


@pytest.mark.covers("S0-102", "S0-104", "S0-105", "S0-106", "S0-154", "S2-063", "S2-073")
def test_the_flat_is_let_to_somebody_else_and_both_sides_name_each_other() -> None:
    tenant = subscribed("adsl")

    old, new = handed(tenant, march(5), address=AddressId("flat"))

    assert (old.last.bucket.value, new.last.bucket.value) == ("cancelled", "active")
    assert old.end is not None
    assert (old.end.kind, old.end.on) == (EndKind.TRANSFERRED, march(5))
    assert (old.last.successor, new.last.previous) == (105, SUBSCRIPTION)
    assert (new.last.customer, new.last.plan.offer, new.last.address) == (BIA, "adsl", "flat")
    assert old.recorded[-1].payload.customer == BIA
    assert new.last.started_on == march(5)


@pytest.mark.covers("S2-022")
def test_services_go_along_but_for_those_that_are_dropped() -> None:
    timeline = do(subscribed("fibre"), AddItem(**ONE, service="mailbox"), march(1))
    timeline = do(timeline, AddItem(**ONE, service="antivirus"), march(1))

    _, new = handed(timeline, drop={"antivirus"})

    assert [item.id for item in new.last.items] == ["plan", "mailbox"]


@pytest.mark.covers("S2-070")
def test_price_and_discount_are_kept_unless_the_command_says_otherwise() -> None:
    timeline = subscribed("adsl", price=brl("90.00"), discount=Discount(amount=brl("5.00"), cycles=3))

    _, kept = handed(timeline)
    _, usual = handed(timeline, keep_price=False)

    assert kept.last.plan.price == brl("90.00")
    assert kept.last.plan.discount == Discount(amount=brl("5.00"), until=date(2012, 5, 1))
    assert (usual.last.plan.price, usual.last.plan.discount) == (brl("100.00"), None)


@pytest.mark.covers("S2-072")
def test_a_composition_of_its_own_is_kept_unless_the_command_says_otherwise() -> None:
    lines = (line("access", "70.00"),)
    timeline = do(subscribed("adsl"), CustomiseComposition(**ONE, lines=lines), march(1))

    _, kept = handed(timeline)
    _, usual = handed(timeline, keep_composition=False)

    assert (kept.last.plan.lines, usual.last.plan.lines) == (lines, None)


def test_a_price_too_low_for_the_catalogues_composition_is_not_kept_without_its_own() -> None:
    timeline = subscribed("fibre", price=brl("20.00"), lines=(line("access", "20.00"),))

    with pytest.raises(RefusedError):
        handed(timeline, keep_composition=False)


def test_every_option_has_an_answer_in_each_profile_and_can_be_chosen_alone() -> None:
    plain = Transfer(**ONE, customer=BIA)
    asked = Transfer(
        **ONE,
        profile=TransferProfile.INTEGRATOR,
        debt=OpenDebt.STAYS,
        books=BooksGo.CANCELLED,
        keep_price=False,
    )

    assert plain.options == PROFILES[TransferProfile.SAFE]
    assert (plain.options.debt, plain.options.books) == (OpenDebt.STAYS, BooksGo.STAY)
    assert PROFILES[TransferProfile.INTEGRATOR].debt is OpenDebt.MOVES
    assert (asked.options.debt, asked.options.books) == (OpenDebt.STAYS, BooksGo.CANCELLED)
    assert (asked.options.keep_price, asked.options.keep_composition) == (False, True)


def test_the_receiver_pays_as_they_usually_do_unless_the_command_says_otherwise() -> None:
    usual = {"defaults": BillingDefaults("card", 20)}

    _, first = handed(subscribed("adsl"))
    _, known = handed(subscribed("adsl"), more=usual)
    _, given = handed(subscribed("adsl"), due_day=25, charge_method="slip")

    assert [(one.last.terms.charge_method, one.last.terms.due_day) for one in (first, known, given)] == [
        ("slip", 10),
        ("card", 20),
        ("slip", 25),
    ]


def test_what_is_about_how_somebody_pays_stays_behind_and_a_pause_goes_along() -> None:
    timeline = do(subscribed("adsl"), Block(**ONE, cause=HoldCause.AUTOMATIC), march(1))
    timeline = do(timeline, GrantBonus(**ONE, until=march(20)), march(1))
    timeline = do(timeline, Pause(**ONE), march(2))

    _, new = handed(timeline)

    assert [hold.kind.value for hold in new.last.holds] == ["paused"]
    assert new.last.bonus_until is None


@pytest.mark.covers("S2-064", "S2-067")
@pytest.mark.parametrize(
    ("prepared", "today", "what", "rule"),
    [
        ([], march(5), {"customer": None}, "customer-required"),
        ([], march(5), {"customer": CustomerId(7)}, "same-customer"),
        ([], march(5), {"on": march(4)}, "back-dated"),
        ([], march(5), {"on": march(6)}, "later-day"),
        ([], march(5), {"debt": OpenDebt.MOVES}, "agreement-required"),
        ([], march(5), {"debt": OpenDebt.MOVES, "agreed_by": " "}, "agreement-required"),
        ([Cancel(**ONE, reason="moved")], march(5), {}, "ended"),
        ([Cancel(**ONE, reason="moved", on=april(1))], march(5), {}, "ordered"),
        ([], march(5), {"due_day": 7}, "due-day-not-in-unit"),
    ],
)
def test_what_cannot_be_handed_over_is_refused_with_its_rule(
    prepared: list[Any], today: date, what: dict[str, Any], rule: str
) -> None:
    timeline = subscribed("adsl")
    for command in prepared:
        timeline = do(timeline, command, march(3))

    assert refusal(timeline, today, **what) == rule


def test_a_discount_is_not_handed_to_who_takes_none() -> None:
    timeline = subscribed("adsl", discount=Discount(amount=brl("5.00")))

    assert refusal(timeline, more={"allows_discounts": False}) == "no-promotions"


def test_components_go_along_unless_another_subscription_goes_on_to_use_them() -> None:
    timeline = carried("fibre", ANA)
    (login,) = timeline.last.components

    _, new = handed(timeline, more={"catalogue": CARRYING})

    assert [one.resource for one in new.last.components] == [login.resource]
    shared = {"catalogue": CARRYING, "resources": {login.resource: login}}
    assert refusal(timeline, more=shared) == "shared-resource"
    _, without = handed(timeline, more=shared, components=())
    assert without.last.components == ()


def test_days_that_were_billed_ahead_stay_with_who_hands_over_where_they_are_carried() -> None:
    timeline = subscribed("in-advance", on=march(1))
    billed = {"closed_through": april(1)}

    credited = handed(timeline, march(11), billed)
    kept = handed(timeline, march(11), billed, paid_days=PaidDays.CARRIED)

    assert [owed_days(one) for one in credited] == [
        [Period(march(1), march(11))],
        [Period(march(11), april(11))],
    ]
    assert [owed_days(one) for one in kept] == [
        [Period(march(1), march(11)), Period(march(11), april(1))],
        [Period(april(1), april(11))],
    ]


def owed_days(timeline: Timeline) -> list[Period]:
    policy = CATALOGUE.policy(timeline.last.policy, march(1))
    return [run for run, _ in owed_runs(timeline, policy, Period(march(1), april(11)))]


@pytest.mark.parametrize("plan", ["adsl", "in-advance"])
def test_nothing_is_carried_in_arrears_while_suspended_or_where_nothing_was_billed_ahead(plan: str) -> None:
    timeline = subscribed(plan, on=march(1))
    billed = {"closed_through": april(1)} if plan == "adsl" else {"closed_through": march(4)}
    suspended = do(timeline, Suspend(**ONE), march(2))

    for one, known in ((timeline, billed), (suspended, {"closed_through": april(1)}), (timeline, {})):
        old, _ = handed(one, march(5), known, paid_days=PaidDays.CARRIED)
        assert old.end is not None
        assert old.end.owed_until is None


def test_who_had_it_for_no_day_owes_nothing_though_days_are_carried() -> None:
    timeline = subscribed("in-advance", on=march(5))

    old, _ = handed(timeline, march(5), {"closed_through": april(1)}, paid_days=PaidDays.CARRIED)

    assert life_of(old, CATALOGUE.policy(old.last.policy, march(5))) is None
    assert owed_days(old) == []


def test_a_transfer_is_retracted_only_once_the_other_side_lives_no_day() -> None:
    old, _ = handed(subscribed("adsl"))
    fact = old.last_sequence

    with pytest.raises(RefusedError, match="moved to subscription 105"):
        do(old, Retract(**ONE, fact=fact), march(6))
    back = do(old, Retract(**ONE, fact=fact), march(6), undone=frozenset({105}))

    assert back.end is None


def test_what_was_handed_over_takes_no_further_command() -> None:
    old, _ = handed(subscribed("adsl"))

    with pytest.raises(RefusedError, match="it was handed over to another customer on 2012-03-05"):
        do(old, ChangePrice(**ONE, price=brl("1.00"), item=ItemId("plan")), march(6))


def test_it_needs_its_own_permission() -> None:
    almost = Actor("clerk", {"subscription.change-plan"})
    chief = Actor("chief", {EVERYTHING})

    assert refusal(subscribed("adsl"), more={"actor": almost}) == "permission"
    assert handed(subscribed("adsl"), more={"actor": chief})[1].last.customer == BIA


def test_days_that_are_carried_are_owed_in_their_own_cycle_alone() -> None:
    old, _ = handed(
        subscribed("in-advance", on=march(1)),
        march(11),
        {"closed_through": april(1)},
        paid_days=PaidDays.CARRIED,
    )
    policy = CATALOGUE.policy(old.last.policy, march(1))

    assert list(owed_runs(old, policy, Period(april(1), april(11)))) == []
