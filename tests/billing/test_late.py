"""What is late on a day, which stages are reached, and what should stand by that."""

from datetime import date, timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from ispcore.billing import (
    CancellationProposal,
    DebitKind,
    LateCase,
    StageAhead,
    StageNotice,
    late_amount,
    standing,
)
from ispcore.catalog import Catalogue, LateTreatment
from ispcore.plans import ChangePlan, HoldKind, State
from ispcore.values import Currency, Money, SubscriptionId
from tests.billing.late_debts import (
    BLOCK,
    DUE,
    FEE,
    LADDER,
    LIFE,
    NAME,
    NOTIFY,
    PROPOSE,
    REDUCE,
    case,
    on_slip,
    owed,
    policy,
    september,
    stands,
    state_of,
)
from tests.catalogues import CUSTOMER, DOCUMENT, SUBSCRIPTION, brl, catalogue, moved

TOLD = {(NAME, "told"): september(15)}
"""The notice of the usual receivable was handed over as soon as it was due."""

OTHER = SubscriptionId(105)


def codes(found: Any) -> list[str]:
    return [one.stage.code for debt in found.debts for one in debt.reached]


def other(**more: Any) -> State:
    return evolve(state_of(LIFE, september(11)), id=OTHER, **more)


# --- when it is late


def test_nothing_is_late_on_the_due_day_itself() -> None:
    assert stands(on=DUE).debts == ()


def test_it_is_late_from_the_day_after() -> None:
    (debt,) = stands(on=september(11)).debts

    assert (debt.amount, debt.since, debt.due_on) == (brl("100.00"), september(11), DUE)
    assert stands(on=september(11)).amounts == {"BRL": brl("100.00")}


def test_what_is_due_on_a_weekend_is_late_after_the_next_business_day() -> None:
    saturday = owed(due_on=september(12))

    assert stands(saturday, on=september(14)).debts == ()
    assert stands(saturday, on=september(15)).debts != ()


def test_a_policy_may_count_every_day() -> None:
    saturday = owed(due_on=september(12))
    strict = policy(charges={"business_days": False})

    assert stands(saturday, on=september(13), catalogue=strict).debts != ()


def test_what_is_paid_is_not_late() -> None:
    assert stands(owed(paid=100_00), on=september(30)).debts == ()


def test_only_what_is_open_is_late() -> None:
    assert stands(owed(paid=60_00), on=september(30)).amounts == {"BRL": brl("40.00")}


@pytest.mark.parametrize("kind", [DebitKind.FINE, DebitKind.INTEREST])
def test_a_fine_or_an_interest_that_is_left_over_does_nobody_harm(kind: DebitKind) -> None:
    assert stands(owed(kind=kind), on=september(30)).debts == ()


def test_a_sale_is_late_like_a_fee() -> None:
    assert stands(owed(kind=DebitKind.SALE), on=september(11)).debts != ()


def test_below_the_least_amount_nothing_is_done() -> None:
    small = policy(least="100.01")

    assert stands(on=september(30), catalogue=small).debts == ()


def test_the_least_amount_is_that_of_all_debts_together() -> None:
    small = policy(least="100.01")
    cent = owed("0.01", due_on=september(9))

    assert len(stands(FEE, cent, on=september(30), catalogue=small).debts) == 2


def test_amounts_of_several_debts_are_added_up() -> None:
    both = stands(FEE, owed("30.00", due_on=september(9)), on=september(30))

    assert both.amounts == {"BRL": brl("130.00")}


def test_without_a_policy_nothing_follows() -> None:
    found = stands(on=september(30), catalogue=catalogue())

    assert (codes(found), found.holds, found.debts[0].stage, found.debts[0].next) == ([], {}, None, None)


def test_a_debt_stays_under_the_policy_of_its_due_day() -> None:
    versions = [{"from": "2026-01-01", "stages": [REDUCE]}, {"from": "2026-09-11", "stages": []}]
    changed = catalogue(late={"standard": {"versions": versions}})

    assert codes(stands(on=september(30), catalogue=changed)) == ["slow"]


def test_a_debt_of_a_subscription_that_is_not_there_holds_nothing() -> None:
    found = stands(on=september(30), states={})

    assert (codes(found), found.holds, found.amounts) == ([], {}, {"BRL": brl("100.00")})


# --- stages


def test_a_stage_is_reached_on_its_day_and_not_before() -> None:
    assert codes(stands(on=september(14))) == []
    assert codes(stands(on=september(15))) == ["told"]


def test_a_reduction_is_wanted_from_its_day_on() -> None:
    assert stands(on=september(19)).holds == {}
    assert stands(on=september(20)).holds == {SUBSCRIPTION: {HoldKind.REDUCED}}


def test_a_block_counts_from_the_day_on_which_the_notice_was_handed_over() -> None:
    late = {(NAME, "told"): september(25)}

    assert HoldKind.BLOCKED not in stands(on=september(30), told=late).holds[SUBSCRIPTION]
    assert HoldKind.BLOCKED in stands(on=september(40), told=late).holds[SUBSCRIPTION]


def test_nobody_is_blocked_for_a_notice_that_was_never_sent() -> None:
    found = stands(on=DUE + timedelta(days=3000))

    assert found.holds == {SUBSCRIPTION: {HoldKind.REDUCED}}
    assert found.debts[0].next == StageAhead(found.debts[0].policy.stages[2], None, "the notice 'told'")


def test_a_stage_that_needs_a_notice_beside_its_anchor_waits_for_it() -> None:
    stages = [NOTIFY, {**REDUCE, "notice": "told"}]
    waits = policy(stages)

    assert codes(stands(on=september(30), catalogue=waits)) == ["told"]
    assert codes(stands(on=september(30), catalogue=waits, told=TOLD)) == ["told", "slow"]


def test_a_stage_that_needs_a_notice_is_not_reached_before_it() -> None:
    waits = policy([NOTIFY, {**REDUCE, "notice": "told"}])
    (debt,) = stands(on=september(26), catalogue=waits, told={(NAME, "told"): september(28)}).debts

    assert debt.next is not None
    assert debt.next.on == september(28)


def test_after_a_silence_a_stage_is_reached_on_the_day_on_which_it_is_found() -> None:
    (debt,) = stands(on=september(28), told=TOLD).debts

    assert [(one.stage.code, one.on, one.new) for one in debt.reached] == [
        ("told", september(28), True),
        ("slow", september(28), True),
    ]


def test_a_stage_that_was_reached_keeps_its_day() -> None:
    (debt,) = stands(on=september(28), reached={(NAME, "slow"): september(21)}).debts

    assert [(one.stage.code, one.on, one.new) for one in debt.reached] == [
        ("told", september(28), True),
        ("slow", september(21), False),
    ]


def test_the_next_stage_counts_from_when_the_one_before_was_reached() -> None:
    reached = {(NAME, "stop"): september(35)}

    assert stands(on=september(94), told=TOLD, reached=reached).proposals == ()
    assert stands(on=september(95), told=TOLD, reached=reached).proposals == (
        CancellationProposal(SUBSCRIPTION, NAME, "end", september(95)),
    )


def test_what_is_proposed_stays_proposed_since_its_day() -> None:
    reached = {(NAME, "stop"): september(35), (NAME, "end"): september(95)}
    twice = stands(FEE, owed(due_on=september(9)), on=september(120), told=TOLD, reached=reached)

    assert [one.since for one in twice.proposals] == [september(95)]


def test_one_subscription_is_proposed_once_for_all_its_debts() -> None:
    second = owed(due_on=september(9))
    ends = policy([{"code": "end", "action": "propose_cancellation", "days": 1}])

    assert len(stands(FEE, second, on=september(30), catalogue=ends).proposals) == 1


def test_a_strict_stage_counts_the_day_after_the_last_one() -> None:
    strict = policy([{**REDUCE, "strict": True}])

    assert codes(stands(on=september(20), catalogue=strict)) == []
    assert codes(stands(on=september(21), catalogue=strict)) == ["slow"]


def test_a_stage_may_count_from_the_due_day_as_it_is_rolled() -> None:
    rolled = policy([{**REDUCE, "anchor": "rolled"}])
    saturday = owed(due_on=september(12))

    assert codes(stands(saturday, on=september(23), catalogue=rolled)) == []
    assert codes(stands(saturday, on=september(24), catalogue=rolled)) == ["slow"]


def test_a_stage_of_no_days_is_reached_on_the_first_late_day() -> None:
    at_once = policy([{**REDUCE, "days": 0}])

    assert codes(stands(on=DUE, catalogue=at_once)) == []
    assert codes(stands(on=september(11), catalogue=at_once)) == ["slow"]


def test_what_comes_next_is_told_with_its_day() -> None:
    (debt,) = stands(on=september(15), told=TOLD).debts

    assert debt.stage is not None
    assert (debt.stage.stage.code, debt.next) == ("told", StageAhead(debt.policy.stages[1], september(20)))


def test_a_stage_after_one_that_waits_says_for_which() -> None:
    (debt,) = stands(on=september(15)).debts

    assert [(one.stage.code, one.on, one.waits_for) for one in debt.ahead] == [
        ("slow", september(20), None),
        ("stop", None, "the notice 'told'"),
        ("end", None, "the stage 'stop'"),
    ]


# --- notices


def test_a_notice_is_due_when_its_stage_is_reached() -> None:
    assert stands(on=september(14)).notices == ()
    assert stands(on=september(15)).notices == (StageNotice(CUSTOMER, NAME, "told", "late", september(15)),)


def test_a_notice_has_the_same_name_on_every_day() -> None:
    (first,), (second,) = stands(on=september(15)).notices, stands(on=september(30)).notices

    assert first.id == second.id == f"late:told:{NAME}"


def test_a_notice_that_was_handed_over_is_not_due_any_more() -> None:
    assert stands(on=september(16), told=TOLD).notices == ()


def test_a_slip_of_two_contracts_brings_one_notice_and_holds_both() -> None:
    slip = on_slip("slip-1", FEE, owed(subscription=OTHER))
    states = {SUBSCRIPTION: state_of(LIFE, september(20)), OTHER: other()}
    found = stands(on=september(20), debts=(slip,), states=states)

    assert [one.id for one in found.notices] == ["late:told:slip-1"]
    assert set(found.holds) == {SUBSCRIPTION, OTHER}
    assert found.amounts == {"BRL": brl("200.00")}


def test_a_slip_whose_parts_have_two_policies_brings_one_notice() -> None:
    fibre = {**DOCUMENT["plans"]["fibre"], "late": "lenient"}
    both = catalogue(
        late={"standard": {"stages": LADDER}, "lenient": {"stages": LADDER[:1]}}, plans={"fibre": fibre}
    )
    item = evolve(state_of(LIFE, DUE).plan, offer="fibre")
    states = {SUBSCRIPTION: state_of(LIFE, DUE), OTHER: other(items=(item,))}
    slip = on_slip("slip-1", FEE, owed(subscription=OTHER))
    found = stands(on=september(20), debts=(slip,), states=states, catalogue=both)

    assert [one.id for one in found.notices] == ["late:told:slip-1"]
    assert set(found.holds) == {SUBSCRIPTION}


def test_a_slip_that_was_made_anew_is_no_new_debt() -> None:
    again = on_slip("slip-2", FEE, before=("slip-1",))
    known = {("slip-1", "told"): september(15), ("slip-2", "told"): september(29)}
    found = stands(on=september(30), debts=(again,), told=known)

    assert (codes(found), found.notices) == (["told", "slow", "stop"], ())


# --- promises, disputes, bonus, switches


def test_up_to_the_promised_day_nothing_is_late() -> None:
    promised = {FEE.receivable.id: september(25)}

    assert stands(on=september(25), promises=promised).debts == ()
    assert stands(on=september(26), promises=promised).holds == {SUBSCRIPTION: {HoldKind.REDUCED}}


def test_a_promise_spares_what_it_is_about_and_nothing_else() -> None:
    second = owed("30.00", due_on=september(9))
    found = stands(FEE, second, on=september(25), promises={FEE.receivable.id: september(25)})

    assert found.amounts == {"BRL": brl("30.00")}


def test_what_is_contested_is_not_late() -> None:
    contested = {FEE.receivable.id: brl("100.00")}

    assert stands(on=september(30), disputes=contested).debts == ()


def test_the_rest_of_what_is_contested_in_part_is_late() -> None:
    contested = {FEE.receivable.id: brl("30.00")}

    assert stands(on=september(30), disputes=contested).amounts == {"BRL": brl("70.00")}


def test_what_is_contested_is_never_more_than_what_is_open() -> None:
    contested = {FEE.receivable.id: brl("70.00")}

    assert stands(owed(paid=60_00), on=september(30), disputes=contested).debts == ()


def test_a_bonus_keeps_from_being_held_until_its_day() -> None:
    states = {SUBSCRIPTION: evolve(state_of(LIFE, DUE), bonus_until=september(25))}

    spared, held = (stands(on=day, states=states) for day in (september(24), september(25)))

    assert (spared.holds, codes(spared)) == ({}, ["told"])
    assert spared.debts[0].ahead[0].waits_for == "a bonus or a switch"
    assert held.holds == {SUBSCRIPTION: {HoldKind.REDUCED}}


def test_a_bonus_does_not_keep_from_being_told() -> None:
    states = {SUBSCRIPTION: evolve(state_of(LIFE, DUE), bonus_until=september(25))}

    assert stands(on=september(15), states=states).notices != ()


def test_a_stage_that_a_bonus_put_off_is_reached_when_it_ends() -> None:
    states = {SUBSCRIPTION: evolve(state_of(LIFE, DUE), bonus_until=september(25))}
    (debt,) = stands(on=september(25), states=states).debts

    assert [(one.stage.code, one.on) for one in debt.reached] == [
        ("told", september(25)),
        ("slow", september(25)),
    ]


@pytest.mark.parametrize("of_customer", [True, False])
def test_a_switch_of_customer_or_subscription_forbids_blocking(of_customer: bool) -> None:
    never = LateTreatment(blocks=False)
    states = {SUBSCRIPTION: evolve(state_of(LIFE, DUE), late=LateTreatment() if of_customer else never)}
    found = stands(
        on=september(60), told=TOLD, states=states, treatment=never if of_customer else LateTreatment()
    )

    assert (found.holds, codes(found)) == ({}, ["told"])


def test_a_switch_that_is_thrown_later_lifts_what_stands() -> None:
    reached = {(NAME, "slow"): september(20)}

    assert stands(on=september(21), reached=reached, treatment=LateTreatment(blocks=False)).holds == {}


def test_without_notices_nobody_is_told_and_no_stage_that_needs_one_comes() -> None:
    found = stands(on=september(60), treatment=LateTreatment(notices=False))

    assert (found.notices, codes(found)) == ((), ["slow"])


def test_a_notice_is_not_sent_after_the_switch_was_thrown() -> None:
    reached = {(NAME, "told"): september(15)}

    assert stands(on=september(16), reached=reached, treatment=LateTreatment(notices=False)).notices == ()


def test_what_both_allow_is_allowed() -> None:
    both = LateTreatment(blocks=False) & LateTreatment(charges=False)

    assert both == LateTreatment(blocks=False, notices=True, charges=False)


# --- on whom a stage acts


def _of_three(scope: str) -> set[int]:
    mine = evolve(state_of(LIFE, DUE), contract="c-1")
    states = {
        SUBSCRIPTION: mine,
        OTHER: other(contract="c-1"),
        SubscriptionId(106): evolve(mine, id=SubscriptionId(106), contract=None),
    }
    found = stands(on=september(20), states=states, catalogue=policy(scope=scope))
    return {int(name) for name in found.holds}


@pytest.mark.parametrize(
    ("scope", "held"), [("slip", {104}), ("contract", {104, 105}), ("customer", {104, 105, 106})]
)
def test_the_policy_says_on_which_subscriptions_a_stage_acts(scope: str, held: set[int]) -> None:
    assert _of_three(scope) == held


def test_without_a_contract_only_the_subscription_itself_is_held() -> None:
    states = {SUBSCRIPTION: state_of(LIFE, DUE), OTHER: other()}
    found = stands(on=september(20), states=states, catalogue=policy(scope="contract"))

    assert set(found.holds) == {SUBSCRIPTION}


def test_who_changed_the_plan_is_held_on_the_new_one() -> None:
    old, new = moved(
        LIFE,
        ChangePlan(subscription=SUBSCRIPTION, plan="fibre", on=september(12)),
        september(12),
    )
    states = {one.last.id: state_of(one, september(20)) for one in (old, new)}

    assert stands(on=september(20), states=states).holds == {new.last.id: {HoldKind.REDUCED}}


# --- properties

days = st.integers(0, 200).map(lambda number: DUE + timedelta(days=number))
ladders = st.sampled_from(
    [
        policy(stages)
        for stages in (
            LADDER,
            [REDUCE],
            [NOTIFY, {**REDUCE, "notice": "told"}],
            [{**NOTIFY, "days": 0}, BLOCK, PROPOSE],
        )
    ]
)


@given(ladders, days, st.one_of(st.none(), days), st.integers(0, 120_00))
def test_a_stage_once_reached_and_noted_stays_as_long_as_something_is_late(
    rules: Catalogue, first: date, told_on: date | None, paid: int
) -> None:
    known: dict[tuple[str, str], date] = {}
    before: list[str] = []
    for number in range(0, 60, 13):
        on = first + timedelta(days=number)
        told = {(NAME, "told"): told_on} if told_on is not None and told_on <= on else {}
        seen = stands(owed(paid=min(paid, 99_99)), on=on, told=told, reached=known, catalogue=rules)

        assert codes(seen)[: len(before)] == before or set(before) <= set(codes(seen))
        assert not told_on or "stop" not in codes(seen) or told_on <= on
        before = codes(seen)
        known |= {(NAME, one.stage.code): one.on for debt in seen.debts for one in debt.reached}


@given(ladders, days)
def test_noting_what_was_reached_reaches_nothing_new(rules: Catalogue, on: date) -> None:
    first = stands(on=on, catalogue=rules, told=TOLD)
    noted = {(NAME, one.stage.code): one.on for debt in first.debts for one in debt.reached}
    second = stands(on=on, catalogue=rules, told=TOLD, reached=noted)

    assert (second.holds, second.proposals, codes(second)) == (first.holds, first.proposals, codes(first))
    assert not any(one.new for debt in second.debts for one in debt.reached)


@given(st.integers(0, 100_00), st.integers(1, 100_00))
def test_what_is_late_and_what_is_contested_are_all_that_is_open(paid: int, contested: int) -> None:
    one = owed(paid=paid)
    looked: LateCase = case(
        one, on=september(20), disputes={one.receivable.id: Money(contested, Currency.of("BRL"))}
    )

    late = late_amount(looked, one)

    assert late.minor == max(one.open.minor - contested, 0)
    assert standing(looked).amounts == ({"BRL": late} if late.minor else {})
