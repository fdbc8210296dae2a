"""A new plan step by step: each step names what is wrong in it, and the last one opens the subscription."""

import json
from datetime import date
from typing import Any

import pytest

from ispcore.contracts import InstallationOrder
from ispcore.customers import Contact, SaveContact
from ispcore.errors import DocumentError, InvalidValueError, NotFoundError, NotPermittedError, RefusedError
from ispcore.timeline import Actor
from ispcore.usecases import NewPlanDraft, NewPlanStep
from ispcore.values import ContactId, CustomerId
from tests.catalogues import START, brl
from tests.providers import ANA, Office, address

DETAIL, BILLING, CONTRACT, SERVICES, LOGIN = NewPlanStep

FIBRE = {"plan": "fibre", "on": "2012-02-24", "status": "enabled", "address": "home"}
BY_SLIP = {"charge_method": "slip", "due_day": 10, "discount": {"amount": "20.00", "until": "2012-04-01"}}
TWO = {"services": [{"service": "mailbox"}, {"service": "antivirus", "price": "4.00"}]}


def filled(office: Office, **changed: Any) -> NewPlanDraft:
    """Return a draft of Ana Souza's that is ready for the summary."""
    answers = {
        "detail": FIBRE,
        "billing": BY_SLIP,
        "contract": {"contract": "C-7"},
        "services": TWO,
        "login": {},
        **changed,
    }
    draft = office.provider.new_plan.begin(office.register(), actor=ANA)
    for step in NewPlanStep:
        draft = office.provider.new_plan.answer(draft, step, answers[step.value], actor=ANA)
    return draft


def problems(
    office: Office, step: NewPlanStep, fields: Any, before: dict[str, Any] | None = None
) -> list[str]:
    """Return what is wrong with the *fields* of a step, after those that were answered *before*."""
    draft = NewPlanDraft(office.register(), before or {})
    with pytest.raises(DocumentError) as refused:
        office.provider.new_plan.answer(draft, step, fields, actor=ANA)
    return [str(problem) for problem in refused.value.problems]


@pytest.mark.covers("S2-042")
def test_the_summary_shows_what_the_finish_then_opens_and_saves_nothing(office: Office) -> None:
    draft = filled(office)
    before = office.dump()

    summary = office.provider.new_plan.summary(draft, actor=ANA)
    assert office.dump() == before

    opened, *added = office.provider.new_plan.finish(draft, actor=ANA)
    assert [fact.payload for one in (opened, *added) for fact in one.facts] == [
        fact.payload for one in summary.recorded for fact in one.facts
    ]
    office.close(summary.bill.closing_on)
    assert sum(entry.signed_minor for entry in office.charges(opened.subscription)) == summary.bill.net.minor


@pytest.mark.covers("S2-042", "S1-099")
def test_the_summary_tells_prices_the_first_owed_day_and_the_first_bill(office: Office) -> None:
    summary = office.provider.new_plan.summary(filled(office), actor=ANA)

    assert {item: str(amount.amount) for item, amount in summary.to_pay.items()} == {
        "plan": "100.00",
        "mailbox": "10.00",
        "antivirus": "4.00",
    }
    assert (summary.first_billed_on, summary.bill.closing_on) == (START, date(2012, 2, 29))
    assert {one.due_on for one in summary.bill.receivables} == {date(2012, 3, 10)}
    # 6 of 29 days of 100.00, 10.00 and 4.00.
    assert summary.bill.net == brl("23.59")
    assert summary.state.contract == "C-7"


@pytest.mark.covers("S1-096")
def test_a_further_plan_is_made_from_the_list_of_active_ones(office: Office) -> None:
    customer = office.register()
    first = office.subscribe(customer)
    draft = office.provider.new_plan.begin(customer, actor=ANA)
    for step, fields in ((DETAIL, {"plan": "adsl", "status": "enabled"}), (BILLING, {}), (CONTRACT, {})):
        draft = office.provider.new_plan.answer(draft, step, fields, actor=ANA)

    (opened,) = office.provider.new_plan.finish(draft, actor=ANA)

    active = office.provider.tree(customer, actor=ANA).active
    assert [branch.subscription for branch in active] == [first, opened.subscription]
    assert active[1].state.terms.due_day == 10  # as the first one has it


def test_what_was_answered_is_kept_by_a_session_as_json(office: Office) -> None:
    draft = filled(office)

    kept = NewPlanDraft.of(json.loads(json.dumps(draft.plain())))

    assert kept == draft
    assert kept.next_step is None
    assert len(office.provider.new_plan.finish(kept, actor=ANA)) == 3


def test_days_are_taken_as_days_too_and_kept_as_text(office: Office) -> None:
    draft = filled(office, detail={**FIBRE, "on": START})

    assert draft.answers["detail"]["on"] == "2012-02-24"


@pytest.mark.parametrize(
    "kept",
    [
        {},
        {"customer": "1", "answers": {}},
        {"customer": True, "answers": {}},
        {"customer": 1, "answers": []},
        {"customer": 1, "answers": {"payment": {}}},
        {"customer": 1, "answers": {"detail": "adsl"}},
    ],
)
def test_what_is_no_draft_is_refused(kept: dict[str, Any]) -> None:
    with pytest.raises(InvalidValueError, match=r"no draft of a new plan\. Begin a new one"):
        NewPlanDraft.of(kept)


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({}, ["plan: This key is required."]),
        (
            {"plan": "hosting"},
            ["plan: The business unit 'londrina' does not sell the plan 'hosting'. It sells: "],
        ),
        ({"plan": "fibre", "on": "2012-02-30"}, ["on: '2012-02-30' is not a day"]),
        (
            {"plan": "fibre", "address": "work"},
            ["address: There is no address 'work'. Customer 1 has: home."],
        ),
        ({"plan": "fibre", "status": "on"}, ["status: There is no status 'on'."]),
        ({"plan": "fibre", "trial_days": -1}, ["trial_days: -1 "]),
        ({"plan": "fibre", "extra": {"pole": "x"}}, ["extra: 'x' does not fit the extra field 'pole'"]),
        ({"plan": "fibre", "extra": {"pole": 2.5}}, ["extra: ", "extra: 2.5 (float) is nothing that"]),
        ({"plan": "fibre", "colour": "red"}, ["colour: This key is not known here."]),
        (
            {"plan": 7, "address": "work", "status": "on"},
            ["plan: 7 ", "address: There is no address 'work'.", "status: There is no status 'on'."],
        ),
    ],
)
def test_the_detail_names_every_field_that_is_wrong(office: Office, fields: Any, expected: list[str]) -> None:
    found = problems(office, DETAIL, fields)

    assert len(found) == len(expected)
    assert all(text.startswith(start) for text, start in zip(found, expected, strict=True))


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (
            {},
            [
                "charge_method: The customer's first subscription sets this. Choose one.",
                "due_day: The customer's first subscription sets this. Choose one.",
            ],
        ),
        (
            {**BY_SLIP, "charge_method": "cash"},
            ["charge_method: The business unit 'londrina' does not charge by"],
        ),
        ({**BY_SLIP, "due_day": 11}, ["due_day: The business unit 'londrina' has no due day 11."]),
        ({**BY_SLIP, "price": 90.0}, ["price: 90.0 "]),
        ({**BY_SLIP, "discount": {"amount": "x"}}, ["discount.amount: 'x' "]),
        ({**BY_SLIP, "discount": {}}, ["discount: A discount is either an amount or a percentage."]),
        ({**BY_SLIP, "discount": {"percent": "101"}}, ["discount: A discount of 101 % is not between"]),
        ({**BY_SLIP, "closing_day": 32}, ["closing_day: 32 "]),
        ({**BY_SLIP, "separate_slip": "yes"}, ["separate_slip: 'yes' "]),
    ],
)
def test_billing_names_every_field_that_is_wrong(office: Office, fields: Any, expected: list[str]) -> None:
    found = problems(office, BILLING, fields, {"detail": FIBRE})

    assert len(found) == len(expected)
    assert all(text.startswith(start) for text, start in zip(found, expected, strict=True))


def test_contract_and_services_name_what_is_wrong_too(office: Office) -> None:
    before: dict[str, Any] = {"detail": FIBRE, "billing": BY_SLIP}

    (contract,) = problems(office, CONTRACT, {"contract": "x" * 101}, before)
    assert contract.startswith("contract: ")
    services = [{"service": "mailbox"}, {"service": "films"}, {"service": "antivirus", "price": "-1"}]
    one, two = problems(office, SERVICES, {"services": services}, {**before, "contract": {}})
    assert one.startswith(
        "services[1].service: The plan does not permit the additional service 'films'. It permits: "
    )
    assert two.startswith("services[2].price: ")


def test_a_step_waits_for_those_before_it(office: Office) -> None:
    draft = office.provider.new_plan.begin(office.register(), actor=ANA)

    with pytest.raises(
        RefusedError, match=r"'billing' comes after 'detail'\. Answer the step 'detail' first"
    ) as refused:
        office.provider.new_plan.answer(draft, BILLING, BY_SLIP, actor=ANA)

    assert refused.value.rule == "step-order"
    assert draft.next_step is DETAIL


def test_an_earlier_step_may_be_answered_again_and_the_end_checks_all_of_them(office: Office) -> None:
    draft = office.provider.new_plan.answer(filled(office), DETAIL, {**FIBRE, "plan": "adsl"}, actor=ANA)

    for call in (office.provider.new_plan.summary, office.provider.new_plan.finish):
        with pytest.raises(DocumentError) as refused:
            call(draft, actor=ANA)
        (problem,) = map(str, refused.value.problems)
        assert problem == (
            "services.services[1].service: The plan does not permit the additional service 'antivirus'. "
            "It permits: mailbox."
        )


def test_a_draft_without_its_steps_is_not_opened(office: Office) -> None:
    draft = office.provider.new_plan.begin(office.register(), actor=ANA)

    with pytest.raises(DocumentError) as refused:
        office.provider.new_plan.finish(draft, actor=ANA)

    assert [str(one).partition(":")[0] for one in refused.value.problems] == [
        "detail.plan",
        "billing.charge_method",
        "billing.due_day",
    ]


def test_a_rule_that_looks_at_several_steps_refuses_the_summary_and_the_finish_whole(office: Office) -> None:
    draft = filled(office, billing={**BY_SLIP, "discount": {"amount": "500.00"}})
    before = office.dump()

    for call in (office.provider.new_plan.summary, office.provider.new_plan.finish):
        with pytest.raises(RefusedError, match=r"500\.00 BRL is more than the price 120\.00 BRL"):
            call(draft, actor=ANA)

    assert office.dump() == before


def test_where_a_service_is_refused_nothing_is_opened(office: Office) -> None:
    draft = filled(office)
    seller = Actor("rui", {"subscription.open", "subscription.discount"})
    before = office.dump()

    with pytest.raises(NotPermittedError, match=r"'subscription\.item' is missing"):
        office.provider.new_plan.finish(draft, actor=seller)

    assert office.dump() == before


def test_trial_days_free_the_start_and_none_waive_the_policys_trial(office: Office) -> None:
    free = office.provider.new_plan.summary(filled(office, detail={**FIBRE, "trial_days": 3}), actor=ANA)
    waived = filled(office, detail={**FIBRE, "plan": "trial-days", "trial_days": 0}, services={})

    assert free.first_billed_on == date(2012, 2, 27)
    assert office.provider.new_plan.summary(waived, actor=ANA).first_billed_on == START


def test_what_is_not_billed_yet_has_an_empty_first_bill(office: Office) -> None:
    summary = office.provider.new_plan.summary(
        filled(office, detail={**FIBRE, "status": "awaiting"}), actor=ANA
    )

    assert (summary.first_billed_on, summary.bill.receivables) == (None, ())


def test_in_advance_the_first_bill_is_of_the_first_day(office: Office) -> None:
    draft = filled(office, detail={**FIBRE, "plan": "in-advance"}, services={})

    assert office.provider.new_plan.summary(draft, actor=ANA).bill.closing_on == START


def test_the_closing_of_the_summary_can_be_chosen(office: Office) -> None:
    summary = office.provider.new_plan.summary(filled(office), actor=ANA, closing_on=date(2012, 3, 31))

    assert summary.bill.net == brl("137.59")  # and March in full


def test_the_choices_are_those_of_the_unit_that_serves_the_address(office: Office) -> None:
    customer = office.register(addresses=(address("home", "Londrina"), address("farm", "Maringá")))
    draft = office.provider.new_plan.begin(customer, actor=ANA)

    here = office.provider.new_plan.choices(draft, actor=ANA)
    draft = office.provider.new_plan.answer(draft, DETAIL, {"plan": "adsl", "address": "farm"}, actor=ANA)
    there = office.provider.new_plan.choices(draft, actor=ANA)

    assert ("fibre" in here.plans, here.due_days, here.services) == (True, (5, 10, 15, 20, 25), {})
    assert (there.plans, there.due_days, there.charge_methods) == ({"adsl": "ADSL"}, None, {"slip": "Boleto"})
    assert there.services == {"mailbox": "Caixa de e-mail"}
    assert there.statuses["trial"] == "Experimenta"
    assert list(there.addresses) == ["home", "farm"]


def test_terms_other_than_the_offered_ones_take_their_permissions_at_the_end(office: Office) -> None:
    draft = filled(office)
    seller = Actor("rui", {"subscription.open", "subscription.item"})

    with pytest.raises(NotPermittedError, match=r"'subscription\.discount' is missing"):
        office.provider.new_plan.finish(draft, actor=seller)


def test_a_customer_that_there_is_not_has_no_draft(office: Office) -> None:
    with pytest.raises(NotFoundError, match="no customer 99"):
        office.provider.new_plan.begin(CustomerId(99), actor=ANA)


HOME = {
    "home": {"name": "Internet at home", "months": 12, "number": "{series}", "order_service": "Installation"}
}


@pytest.mark.covers("S1-099", "S1-100", "S2-039", "S2-040")
def test_a_contract_is_made_with_the_plan_and_its_installation_scheduled(office: Office) -> None:
    office.load(contracts=HOME)
    customer = office.register()
    bia = SaveContact(customer=customer, contact=Contact(id=ContactId("bia"), name="Bia"))
    office.provider.do(bia, actor=ANA)
    draft = office.provider.new_plan.begin(customer, actor=ANA)
    assert office.provider.new_plan.choices(draft, actor=ANA).contracts == {"home": "Internet at home"}
    agreed = {
        "template": "home",
        "months": 6,
        "responsible": "bia",
        "witnesses": ["bia"],
        "salesperson": "caio",
        "installation": {"responsible": "team 2", "planned_on": "2012-02-27"},
    }
    awaiting = FIBRE | {"status": "awaiting"}
    for step, fields in ((DETAIL, awaiting), (BILLING, BY_SLIP), (CONTRACT, agreed)):
        draft = office.provider.new_plan.answer(draft, step, fields, actor=ANA)

    summary = office.provider.new_plan.summary(draft, actor=ANA)
    (opened,) = office.provider.new_plan.finish(draft, actor=ANA)

    assert summary.state.contract == "1"
    view = office.provider.contracts.show("1", actor=ANA)
    assert (view.subscriptions, view.is_installing) == ((opened.subscription,), True)
    assert view.contract.terms.order == InstallationOrder(
        service="Installation", responsible="team 2", planned_on=date(2012, 2, 27)
    )
    assert (view.contract.terms.months, view.contract.terms.witnesses) == (6, ("bia",))
    assert office.findings() == []


def test_what_is_wrong_with_a_contract_that_is_to_be_made_is_named(office: Office) -> None:
    office.load(contracts=HOME)
    before: dict[str, Any] = {"detail": FIBRE, "billing": BY_SLIP}
    wrong = {
        "template": "office",
        "responsible": "nobody",
        "witnesses": ["nobody"],
        "installation": {"planned_on": "soon"},
    }

    told = problems(office, CONTRACT, wrong, before)

    assert [problem.partition(":")[0] for problem in told] == [
        "installation.planned_on",
        "template",
        "responsible",
        "witnesses",
    ]
    draft = NewPlanDraft(CustomerId(1), before | {"contract": {"template": "home"}, "services": {}})
    office.provider.new_plan.finish(draft, actor=ANA)
    assert office.provider.contracts.show("1", actor=ANA).contract.terms.order is not None
