"""Promises, disputes, bonus, exemption and switches: what they spare is lifted in the same transaction."""

from datetime import date
from typing import Any

import pytest

from ispcore.catalog import LateTreatment
from ispcore.customers import (
    ChangeCustomerLateTreatment,
    Dispute,
    DisputeOutcome,
    PromiseToPay,
    ResolveDispute,
)
from ispcore.errors import (
    ConcurrentChangeError,
    InvalidValueError,
    NotFoundError,
    NotPermittedError,
    RefusedError,
)
from ispcore.plans import ChangeLateTreatment, ChangePlan, Exempt, GrantBonus
from ispcore.timeline import SubjectKind
from ispcore.values import ChargeId
from tests.catalogues import april, brl, march
from tests.providers import ANA, NOBODY, Office
from tests.usecases.late_office import LateOffice

TOLD, SLOW, STOP = march(15), march(20), march(30)
MAY = date(2012, 5, 31)


@pytest.fixture
def late(office: Office) -> LateOffice:
    return LateOffice(office)


@pytest.fixture
def blocked(late: LateOffice) -> LateOffice:
    for day in (TOLD, SLOW, STOP):
        late.run(day)
    assert late.held() == ["reduced late", "blocked late"]
    return late


# --- promises


def test_a_promise_restores_at_once_and_until_its_day_included(blocked: LateOffice) -> None:
    recorded = blocked.do(PromiseToPay(customer=blocked.customer, until=april(4)), april(1))

    assert [fact.kind for fact in recorded.eased] == ["HoldLifted", "HoldLifted"]
    assert blocked.held() == []
    assert blocked.run(april(4)).blocked == 0
    assert blocked.run(april(5)).blocked == 1
    assert blocked.office.findings() == []


def test_a_promise_that_is_kept_leaves_nothing_to_do(blocked: LateOffice) -> None:
    blocked.do(PromiseToPay(customer=blocked.customer, until=april(4)), april(1))
    blocked.pay(april(3))

    assert blocked.run(april(5)).blocked == 0


def test_a_later_promise_takes_the_place_of_an_earlier_one(blocked: LateOffice) -> None:
    blocked.do(PromiseToPay(customer=blocked.customer, until=april(4)), april(1))
    blocked.do(PromiseToPay(customer=blocked.customer, until=april(9)), april(2))

    assert blocked.run(april(9)).blocked == 0
    assert blocked.run(april(10)).blocked == 1


def test_a_promise_is_about_what_is_due_by_then(late: LateOffice) -> None:
    late.office.close(march(31))
    known = [late.receivable]

    recorded = late.do(PromiseToPay(customer=late.customer, until=april(30)), april(1))

    assert list(recorded.facts[0].payload.receivables) == known


def test_without_anything_due_there_is_nothing_to_promise(late: LateOffice) -> None:
    with pytest.raises(RefusedError, match="owes nothing that is due") as refused:
        late.do(PromiseToPay(customer=late.customer, until=march(9)), march(1))
    assert refused.value.rule == "nothing"


def test_what_is_not_due_yet_can_be_promised_by_name(late: LateOffice) -> None:
    command = PromiseToPay(customer=late.customer, until=march(25), receivables=(late.receivable,))

    late.do(command, march(1))

    assert late.run(march(25)).late == 0
    assert late.run(march(26)).late == 1


def test_a_day_that_is_over_is_not_promised(late: LateOffice) -> None:
    with pytest.raises(RefusedError, match="cannot be promised any more: today is 2012-03-20"):
        late.do(PromiseToPay(customer=late.customer, until=march(19)), SLOW)


@pytest.mark.parametrize("command", [PromiseToPay, Dispute])
def test_nobody_promises_or_contests_what_is_not_owed(late: LateOffice, command: type[Any]) -> None:
    fields: dict[str, Any] = (
        {"receivable": ChargeId("none")}
        if command is Dispute
        else {"until": march(25), "receivables": (ChargeId("none"),)}
    )

    with pytest.raises(NotFoundError, match="open receivable 'none'"):
        late.do(command(customer=late.customer, **fields), SLOW)


def test_these_commands_are_of_the_day_on_which_they_are_given(late: LateOffice) -> None:
    with pytest.raises(RefusedError, match="is of the day on which it is given") as refused:
        late.do(PromiseToPay(customer=late.customer, until=march(25), on=march(1)), SLOW)
    assert refused.value.rule == "other-day"
    assert late.do(PromiseToPay(customer=late.customer, until=march(25), on=SLOW), SLOW).facts


# --- disputes


def test_what_is_contested_is_no_reason_to_block(blocked: LateOffice) -> None:
    blocked.do(Dispute(customer=blocked.customer, receivable=blocked.receivable), april(1))

    assert blocked.held() == []
    assert blocked.run(april(20)).late == 0
    assert blocked.office.findings() == []


def test_the_rest_of_what_is_contested_in_part_is_still_late(blocked: LateOffice) -> None:
    blocked.do(
        Dispute(customer=blocked.customer, receivable=blocked.receivable, amount=brl("10.00")), april(1)
    )

    assert blocked.held() == ["reduced late", "blocked late"]
    blocked.pay(april(2), "10.69")
    assert blocked.held() == []


def test_a_dispute_that_is_settled_lets_the_amount_go(blocked: LateOffice) -> None:
    name = blocked.receivable
    blocked.do(Dispute(customer=blocked.customer, receivable=name, amount=brl("10.00")), april(1))

    recorded = blocked.do(
        ResolveDispute(customer=blocked.customer, receivable=name, outcome=DisputeOutcome.SETTLED), april(3)
    )

    assert [(one.amount, one.receivable) for one in recorded.waived] == [(brl("10.00"), name)]
    assert blocked.office.open_amounts(blocked.customer) == {name: "10.69"}
    assert blocked.office.findings() == []


def test_a_settled_dispute_lets_no_more_go_than_is_open(blocked: LateOffice) -> None:
    name = blocked.receivable
    blocked.do(Dispute(customer=blocked.customer, receivable=name), april(1))
    blocked.pay(april(2), "15.69")

    recorded = blocked.do(
        ResolveDispute(customer=blocked.customer, receivable=name, outcome=DisputeOutcome.SETTLED)
    )

    assert [one.amount for one in recorded.waived] == [brl("5.00")]
    assert blocked.office.open_amounts(blocked.customer) == {}


def test_what_was_paid_whole_meanwhile_leaves_nothing_to_let_go(blocked: LateOffice) -> None:
    name = blocked.receivable
    blocked.do(Dispute(customer=blocked.customer, receivable=name), april(1))
    blocked.pay(april(2))

    recorded = blocked.do(
        ResolveDispute(customer=blocked.customer, receivable=name, outcome=DisputeOutcome.SETTLED)
    )

    assert recorded.waived == ()


def test_a_dispute_that_is_rejected_counts_as_if_it_had_never_been(blocked: LateOffice) -> None:
    name = blocked.receivable
    blocked.do(Dispute(customer=blocked.customer, receivable=name), april(1))
    blocked.do(
        ResolveDispute(customer=blocked.customer, receivable=name, outcome=DisputeOutcome.REJECTED), april(9)
    )

    assert blocked.office.open_amounts(blocked.customer) == {name: "20.69"}
    assert blocked.run(april(9)).blocked == 1


def test_one_receivable_is_contested_once_at_a_time(late: LateOffice) -> None:
    late.do(Dispute(customer=late.customer, receivable=late.receivable, amount=brl("5.00")), SLOW)

    with pytest.raises(RefusedError, match=r"5\.00 BRL of .* is contested already") as refused:
        late.do(Dispute(customer=late.customer, receivable=late.receivable))
    assert refused.value.rule == "disputed"


def test_no_more_is_contested_than_is_open(late: LateOffice) -> None:
    with pytest.raises(RefusedError, match=r"20\.69 BRL of it is open") as refused:
        late.do(Dispute(customer=late.customer, receivable=late.receivable, amount=brl("20.70")), SLOW)
    assert refused.value.rule == "dispute-over-open"


@pytest.mark.parametrize("amount", ["0.00", "-1.00"])
def test_an_amount_that_is_contested_is_above_zero(late: LateOffice, amount: str) -> None:
    with pytest.raises(InvalidValueError, match="cannot be contested"):
        late.do(Dispute(customer=late.customer, receivable=late.receivable, amount=brl(amount)), SLOW)


def test_what_nobody_contests_is_not_resolved(late: LateOffice) -> None:
    with pytest.raises(RefusedError, match="Contested: nothing") as refused:
        late.do(
            ResolveDispute(
                customer=late.customer, receivable=late.receivable, outcome=DisputeOutcome.SETTLED
            ),
            SLOW,
        )
    assert refused.value.rule == "not-disputed"


# --- bonus and switches


@pytest.mark.covers("S3-030")
def test_a_bonus_restores_at_once_and_holds_until_its_day(blocked: LateOffice) -> None:
    recorded = blocked.do(GrantBonus(subscription=blocked.subscription, until=april(10)), april(1))

    assert [fact.kind for fact in recorded.facts] == ["BonusGranted", "HoldLifted", "HoldLifted"]
    assert blocked.run(april(9)).blocked == 0
    assert blocked.run(april(10)).blocked == 1
    assert blocked.office.findings() == []


def test_a_bonus_ends_after_it_begins(late: LateOffice) -> None:
    with pytest.raises(RefusedError, match="before it begins") as refused:
        late.do(GrantBonus(subscription=late.subscription, until=SLOW), SLOW)
    assert refused.value.rule == "empty-bonus"


def test_a_bonus_is_about_no_money_that_was_billed(late: LateOffice) -> None:
    late.do(GrantBonus(subscription=late.subscription, until=april(10)), march(1))

    assert late.office.provider.subscription(late.subscription, actor=ANA).row.dirty_from is None


def test_bonus_and_switches_go_along_to_another_plan(late: LateOffice) -> None:
    late.do(ChangeLateTreatment(subscription=late.subscription, notices=False), march(1))
    late.do(GrantBonus(subscription=late.subscription, until=april(10)), march(1))

    new = late.do(ChangePlan(subscription=late.subscription, plan="fibre"), march(2)).successor

    state = late.office.provider.subscription(new, actor=ANA).timeline.last
    assert (state.bonus_until, state.late) == (april(10), LateTreatment(notices=False))


def test_a_bonus_that_is_over_does_not_go_along(late: LateOffice) -> None:
    late.do(GrantBonus(subscription=late.subscription, until=march(5)), march(1))

    new = late.do(ChangePlan(subscription=late.subscription, plan="fibre"), march(6)).successor

    assert late.office.provider.subscription(new, actor=ANA).timeline.last.bonus_until is None


@pytest.mark.covers("S3-063")
def test_a_subscription_can_be_kept_from_blocking_for_good(blocked: LateOffice) -> None:
    blocked.do(ChangeLateTreatment(subscription=blocked.subscription, blocks=False), april(1))

    assert blocked.held() == []
    assert blocked.run(MAY).blocked == 0


@pytest.mark.covers("S1-021")
def test_a_customer_can_be_kept_from_blocking_for_good(blocked: LateOffice) -> None:
    blocked.do(ChangeCustomerLateTreatment(customer=blocked.customer, blocks=False), april(1))

    assert blocked.held() == []
    assert blocked.run(MAY).blocked == 0


def test_a_customer_can_be_kept_from_notices(late: LateOffice) -> None:
    late.do(ChangeCustomerLateTreatment(customer=late.customer, notices=False), march(1))

    assert late.run(TOLD).notices == ()


def test_a_switch_is_kept_when_another_one_is_thrown(late: LateOffice) -> None:
    late.do(ChangeLateTreatment(subscription=late.subscription, notices=False))
    late.do(ChangeLateTreatment(subscription=late.subscription, charges=False))

    state = late.office.provider.subscription(late.subscription, actor=ANA).timeline.last
    assert state.late == LateTreatment(notices=False, charges=False)


def test_a_switch_that_stands_so_already_is_refused(late: LateOffice) -> None:
    commands = (
        ChangeLateTreatment(subscription=late.subscription, blocks=True),
        ChangeCustomerLateTreatment(customer=late.customer, blocks=True),
    )
    for command in commands:
        with pytest.raises(RefusedError) as refused:
            late.do(command)
        assert refused.value.rule == "nothing"


def test_a_subscription_that_was_changed_meanwhile_is_left_alone(late: LateOffice) -> None:
    with pytest.raises(ConcurrentChangeError):
        late.office.provider.do(
            GrantBonus(subscription=late.subscription, until=april(10)), actor=ANA, expected_version=77
        )


def test_each_needs_its_own_permission(late: LateOffice) -> None:
    of_subscription: dict[str, Any] = {"subscription": late.subscription}
    of_customer: dict[str, Any] = {"customer": late.customer}
    commands = (
        GrantBonus(until=april(10), **of_subscription),
        ChangeLateTreatment(blocks=False, **of_subscription),
        Exempt(until=april(10), **of_subscription),
        PromiseToPay(until=april(10), **of_customer),
        Dispute(receivable=late.receivable, **of_customer),
        ResolveDispute(receivable=late.receivable, outcome=DisputeOutcome.SETTLED, **of_customer),
        ChangeCustomerLateTreatment(blocks=False, **of_customer),
    )
    for command in commands:
        with pytest.raises(NotPermittedError, match=command.permission):
            late.office.provider.do(command, actor=NOBODY)


def test_what_happened_is_told_in_the_history(late: LateOffice) -> None:
    name = late.receivable
    late.do(PromiseToPay(customer=late.customer, until=march(25)), SLOW)
    late.do(Dispute(customer=late.customer, receivable=name))
    late.do(ResolveDispute(customer=late.customer, receivable=name, outcome=DisputeOutcome.REJECTED))
    late.do(ChangeCustomerLateTreatment(customer=late.customer, blocks=False))
    late.do(GrantBonus(subscription=late.subscription, until=april(10)))
    late.do(ChangeLateTreatment(subscription=late.subscription, charges=False))

    told = late.office.provider.history(SubjectKind.CUSTOMER, late.customer, actor=ANA)
    said = late.office.provider.history(SubjectKind.SUBSCRIPTION, late.subscription, actor=ANA)

    changes = " ".join(detail for entry in told for detail in entry.detail)
    assert all(path in changes for path in (f"promise.{name}", f"dispute.{name}", "late.blocks")), changes
    details = [detail for entry in said for detail in entry.detail]
    assert {"not blocked before 2012-04-10", "charges off"} <= set(details)


# --- exemption


@pytest.mark.covers("S3-032")
def test_an_exemption_lets_go_of_what_is_open_and_charges_nothing_until_its_day(late: LateOffice) -> None:
    late.office.close(march(31))
    assert list(late.office.open_amounts(late.customer).values()) == ["20.69", "100.00"]

    recorded = late.do(Exempt(subscription=late.subscription, until=MAY), april(1))

    assert [one.amount for one in recorded.waived] == [brl("20.69"), brl("100.00")]
    assert late.office.open_amounts(late.customer) == {}
    late.office.close(april(30))
    late.office.close(MAY)
    assert late.office.owed(late.subscription) == {
        "2012-02": "20.69",
        "2012-03": "100.00",
        "2012-05": "3.23",
    }
    assert late.office.balances(late.customer) == {}
    assert late.office.findings() == []


def test_an_exemption_restores_what_was_blocked(blocked: LateOffice) -> None:
    blocked.do(Exempt(subscription=blocked.subscription, until=MAY), april(1))

    assert blocked.held() == ["exempt manual"]
    assert blocked.run(april(9)).late == 0


def test_an_exemption_serves_in_full(late: LateOffice) -> None:
    late.do(Exempt(subscription=late.subscription, until=MAY), march(1))

    state = late.office.provider.subscription(late.subscription, actor=ANA).timeline.on(april(1))
    assert state is not None
    assert (state.serves.value, state.bills) == ("full", False)


def test_what_was_paid_in_advance_stays_paid_and_nothing_is_credited(office: Office) -> None:
    late = LateOffice(office)
    ahead = office.subscribe(late.customer, plan="in-advance", on=march(1))
    office.close(march(1))
    late.pay(march(2), "100.00")

    late.do(Exempt(subscription=ahead, until=MAY), march(10))
    office.close(april(30))

    assert office.owed(ahead) == {"2012-03": "100.00"}
    assert office.balances(late.customer) == {}


def test_an_exemption_is_of_the_whole_contract(office: Office) -> None:
    late = LateOffice(office)
    first, second = (
        office.subscribe(late.customer, on=march(1), contract=contract) for contract in ("c-1", "c-1")
    )
    apart = office.subscribe(late.customer, on=march(1), contract="c-2")
    office.close(march(31))

    recorded = late.do(Exempt(subscription=first, until=MAY), april(1))

    named = {one.receivable.split(":")[0] for one in recorded.waived}
    assert named == {str(first), str(second)}
    assert [fact.subject.id for fact in recorded.others] == [str(second)]
    assert {name.split(":")[0] for name in office.open_amounts(late.customer)} >= {str(apart)}


def test_what_is_owed_of_the_plan_before_is_let_go_too(late: LateOffice) -> None:
    new = late.do(ChangePlan(subscription=late.subscription, plan="fibre"), march(2)).successor

    recorded = late.do(Exempt(subscription=new, until=MAY), march(3))

    assert [one.amount for one in recorded.waived] == [brl("20.69")]


def test_what_was_due_before_may_be_kept(late: LateOffice) -> None:
    late.office.close(march(31))

    recorded = late.do(Exempt(subscription=late.subscription, until=MAY, keep_overdue=True), april(1))

    assert [one.amount for one in recorded.waived] == [brl("100.00")]


def test_days_that_are_billed_already_are_not_exempt(late: LateOffice) -> None:
    late.office.close(march(31))

    with pytest.raises(RefusedError, match="billed up to 2012-04-01 already") as refused:
        late.do(Exempt(subscription=late.subscription, until=march(31)), march(20))
    assert refused.value.rule == "billed-already"


def test_an_exemption_ends_after_it_begins(late: LateOffice) -> None:
    with pytest.raises(RefusedError) as refused:
        late.do(Exempt(subscription=late.subscription, until=march(1)), march(2))
    assert refused.value.rule == "empty-hold"


def test_an_exemption_can_be_tried_out(late: LateOffice) -> None:
    late.office.clock.move_to(march(1))
    before = late.office.dump()

    found = late.office.provider.try_out(
        Exempt(subscription=late.subscription, until=MAY), actor=ANA, closing_on=march(31)
    )

    assert found.closing.entries == ()
    assert late.office.dump() == before


# --- check


def test_a_stage_of_a_debt_that_is_not_there_is_found(blocked: LateOffice) -> None:
    blocked.office.sql("update late_stages set subject = 'nothing' where stage = 'told'")
    blocked.office.sql("update late_stages set ended_on = '2012-01-01' where stage = 'slow'")

    assert sorted(blocked.office.findings()) == [
        f"stage slow of {blocked.receivable}: it ended before it was reached [late]",
        f"stage told of nothing: customer {blocked.customer} has no such debt [late]",
    ]


def test_a_promise_or_dispute_about_what_was_never_owed_is_found(late: LateOffice) -> None:
    name = late.receivable
    late.do(PromiseToPay(customer=late.customer, until=march(25)), SLOW)
    late.do(Dispute(customer=late.customer, receivable=name))
    rest = " where kind = 'PaymentPromised'"
    late.office.sql('update facts set payload = \'{"receivables": ["x"], "until": "2012-03-25"}\'' + rest)
    late.office.sql(
        "update facts set payload = ? where kind = 'DisputeOpened'",
        f'{{"receivable": "{name}", "amount": [999999, "BRL"]}}',
    )

    assert sorted(late.office.findings()) == [
        f"receivable {name}: 9999.99 BRL of it is contested, more than it asks for [late]",
        f"receivable x: customer {late.customer} promised or contested it, and never owed it [late]",
    ]
