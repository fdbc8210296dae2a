"""The daily run about late payment, and what a payment restores."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from attrs import evolve

from ispcore.errors import NotPermittedError, RefusedError
from ispcore.plans import Block, ChangePlan, HoldCause, Pause, Unblock
from ispcore.timeline import Cause
from ispcore.usecases import RecordPayment
from ispcore.values import CustomerId, Money
from tests.catalogues import april, march
from tests.providers import ANA, NOBODY, Office, open_office
from tests.usecases.late_office import LateOffice

TOLD, SLOW, STOP = march(15), march(20), march(30)
END = date(2012, 5, 29)


@pytest.fixture
def late(office: Office) -> LateOffice:
    return LateOffice(office)


def test_the_ladder_is_climbed_from_the_notice_to_the_proposal(late: LateOffice) -> None:
    seen = []
    for day in (march(14), TOLD, SLOW, march(29), STOP, END):
        run = late.run(day)
        seen.append((len(run.notices), run.reduced, run.blocked, run.restored, len(run.proposals)))

    assert seen == [
        (0, 0, 0, 0, 0),
        (1, 0, 0, 0, 0),
        (0, 1, 0, 0, 0),
        (0, 0, 0, 0, 0),
        (0, 0, 1, 0, 0),
        (0, 0, 0, 0, 1),
    ]
    assert late.held() == ["reduced late", "blocked late"]
    assert late.office.findings() == []


def test_running_again_does_nothing_again(late: LateOffice) -> None:
    for day in (TOLD, SLOW, STOP):
        late.run(day)
    before = late.office.dump()

    again = late.run(STOP)

    assert (again.reached, again.reduced, again.blocked, again.restored) == (0, 0, 0, 0)
    assert (again.late, len(again.notices)) == (1, 0)
    assert late.office.dump() == before


def test_a_catch_up_blocks_nobody_for_a_notice_that_was_never_sent(late: LateOffice) -> None:
    first = late.run(date(2012, 8, 1))
    second = late.run(date(2012, 8, 15))
    third = late.run(date(2012, 8, 16))

    assert (len(first.notices), first.reduced, first.blocked) == (1, 1, 0)
    assert second.blocked == 0
    assert third.blocked == 1


def test_without_anybody_who_hands_notices_over_nobody_is_blocked(office: Office) -> None:
    late = LateOffice(office, shut=True)

    for day in (TOLD, SLOW, STOP, END):
        late.run(day)

    assert late.held() == ["reduced late"]


def test_a_preview_saves_nothing_and_may_look_ahead(late: LateOffice) -> None:
    before = late.office.dump()

    found = late.office.provider.late.run(SLOW, actor=ANA, preview=True)

    assert (found.reduced, len(found.notices)) == (1, 1)
    assert late.office.dump() == before


def test_a_day_to_come_is_not_run(late: LateOffice) -> None:
    with pytest.raises(RefusedError, match=r"Nobody is late on 2012-03-20 yet.*preview"):
        late.office.provider.late.run(SLOW, actor=ANA)


def test_it_is_recorded_as_done_by_a_rule(late: LateOffice) -> None:
    late.run(SLOW)

    fact = late.office.provider.subscription(late.subscription, actor=ANA).timeline.facts[-1]
    assert (fact.kind, fact.recorded.cause, fact.recorded.actor) == ("HoldPlaced", Cause.AUTOMATIC, "ana")


def test_running_and_looking_need_their_permissions(late: LateOffice) -> None:
    with pytest.raises(NotPermittedError, match=r"late\.run"):
        late.office.provider.late.run(actor=NOBODY)
    with pytest.raises(NotPermittedError, match=r"late\.read"):
        late.office.provider.late.customers(actor=NOBODY)


def test_who_may_run_it_needs_no_permission_to_block(late: LateOffice) -> None:
    late.office.clock.move_to(SLOW)
    clerk = evolve(NOBODY, permissions=frozenset({"late.run"}))

    assert late.office.provider.late.run(actor=clerk).reduced == 1


# --- restoring


def test_a_payment_restores_in_its_own_transaction(late: LateOffice) -> None:
    for day in (TOLD, SLOW, STOP):
        late.run(day)

    late.pay(april(2))

    assert late.held() == []
    assert late.run(april(2)).restored == 0


def test_who_pays_a_part_stays_blocked(late: LateOffice) -> None:
    for day in (TOLD, SLOW, STOP):
        late.run(day)

    late.pay(april(2), "20.68")

    assert late.held() == ["reduced late", "blocked late"]


def test_where_the_policy_gives_days_the_daily_run_restores(office: Office) -> None:
    late = LateOffice(office, restore_days=1)
    late.run(SLOW)

    late.pay(march(21))
    assert late.held() == ["reduced late"]

    assert late.run(march(22)).restored == 1
    assert late.held() == []


def test_a_payment_of_which_nothing_was_held_changes_no_timeline(late: LateOffice) -> None:
    late.run(TOLD)
    facts = late.office.dump()["facts"]

    late.pay(march(16))

    assert late.office.dump()["facts"] == facts


def test_payments_in_bulk_restore_too(late: LateOffice) -> None:
    late.run(SLOW)
    late.office.clock.move_to(march(21))
    payment = RecordPayment(
        customer=late.customer,
        amount=Money.of("20.69", "BRL"),
        paid_on=march(21),
        provider="bank",
        provider_id="p1",
    )

    (outcome,) = late.office.provider.do_many([payment], actor=ANA)

    assert (outcome.error, late.held()) == (None, [])


def test_what_was_paid_ends_its_stages(late: LateOffice) -> None:
    late.run(SLOW)
    late.pay(march(21))
    late.run(march(22))

    rows = late.office.dump()["late_stages"]
    assert sorted((row[2], str(row[4]), str(row[5])) for row in rows) == [
        ("slow", "2012-03-20", "2012-03-22"),
        ("told", "2012-03-20", "2012-03-22"),
    ]
    assert late.run(march(23)).customers == 0


# --- what others placed


def test_a_block_by_hand_outlives_the_payment(late: LateOffice) -> None:
    for day in (TOLD, SLOW, STOP):
        late.run(day)
    late.do(Block(subscription=late.subscription))

    late.pay(april(2))

    assert late.held() == ["blocked manual"]


def test_a_pause_outlives_the_payment(late: LateOffice) -> None:
    late.run(SLOW)
    late.do(Pause(subscription=late.subscription, cause=HoldCause.SEASONAL))

    late.pay(march(21))

    assert late.held() == ["paused seasonal"]


def test_what_a_person_lifts_is_placed_again_by_the_next_run(late: LateOffice) -> None:
    for day in (TOLD, SLOW, STOP):
        late.run(day)
    late.do(Unblock(subscription=late.subscription, cause=HoldCause.AUTOMATIC))

    assert late.run(march(31)).blocked == 1


def test_a_debt_follows_to_the_new_plan(late: LateOffice) -> None:
    late.run(TOLD)
    new = late.do(ChangePlan(subscription=late.subscription, plan="fibre"), march(16)).successor

    late.run(SLOW)

    assert late.held(new) == ["reduced late"]


# --- trouble


def test_one_customer_whose_hold_is_refused_does_not_stop_the_others(late: LateOffice) -> None:
    office = late.office
    second = office.register("Bia")
    other = office.subscribe(second, on=march(1))
    office.close(march(31))
    # A fact of a later day that contradicts the hold: it is placed by then already.
    office.clock.move_to(april(30))
    office.do(Block(subscription=other, cause=HoldCause.AUTOMATIC, on=april(29)))
    office.clock.move_to(april(25))
    late.book.told[second] = dict.fromkeys(
        [(str(name), "told") for name in office.open_amounts(second)], april(2)
    )

    run = office.provider.late.run(actor=ANA)

    assert [(problem.customer, problem.rule) for problem in run.problems] == [(second, "conflict")]
    assert run.reduced == 1
    assert late.held() == ["reduced late"]


def test_a_customer_whose_facts_cannot_be_read_is_told_and_the_others_are_done(late: LateOffice) -> None:
    office = late.office
    second = office.register("Bia")
    office.subscribe(second, on=march(1))
    office.close(march(31))
    office.sql(
        "update facts set payload = '{}' where subject_kind = 'customer' and subject_id = ?", str(second)
    )

    run = late.run(april(30))

    assert [(problem.customer, problem.rule) for problem in run.problems] == [(second, "unreadable")]
    assert run.reduced == 1


# --- who is late


def test_who_is_late_is_told_with_what_comes_next(late: LateOffice) -> None:
    late.run(TOLD)

    (look,) = late.office.provider.late.customers(actor=ANA)

    (debt,) = look.standing.debts
    assert (look.customer, str(debt.amount), debt.due_on) == (late.customer, "20.69 BRL", march(10))
    assert debt.stage is not None
    assert debt.next is not None
    assert (debt.stage.stage.code, debt.next.stage.code, debt.next.on) == ("told", "slow", SLOW)
    assert look.charges == {}


def test_one_customer_can_be_asked_about(late: LateOffice) -> None:
    office = late.office
    second = office.register("Bia")
    office.clock.move_to(SLOW)

    assert list(office.provider.late.customers(actor=ANA, customer=second)) == []
    assert len(list(office.provider.late.customers(actor=ANA, customer=late.customer))) == 1


def test_nobody_is_late_before_the_due_day(late: LateOffice) -> None:
    assert list(late.office.provider.late.customers(march(10), actor=ANA)) == []


@pytest.fixture
def many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[LateOffice, list[CustomerId]]]:
    monkeypatch.setattr("ispcore.usecases.late.SLICE", 2)
    with open_office(tmp_path / "many.db") as office:
        late = LateOffice(office)
        others = [office.register(f"Customer {number}") for number in range(4)]
        for one in others:
            office.subscribe(one, on=march(1))
        office.close(march(31))
        yield late, [late.customer, *others]


def test_slices_leave_nobody_out(many: tuple[LateOffice, list[CustomerId]]) -> None:
    late, everybody = many

    run = late.run(april(30))

    assert (run.customers, run.late, len(run.notices)) == (5, 5, len({one.id for one in run.notices}))
    assert {one.customer for one in run.notices} == set(everybody)


def test_each_slice_is_shown_once_it_is_saved(many: tuple[LateOffice, list[CustomerId]]) -> None:
    late, _ = many
    late.office.clock.move_to(april(30))
    seen: list[int] = []

    late.office.provider.late.run(actor=ANA, watch=lambda part: seen.append(part.customers))

    assert seen == [2, 2, 1]
