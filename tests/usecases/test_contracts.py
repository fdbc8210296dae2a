"""Contracts through the facade: numbers, members, what they charge, how they stand, what is forgotten."""

from datetime import date
from typing import Any

import pytest

from ispcore.contracts import (
    AcceptanceState,
    AcceptContract,
    AcceptedBy,
    EditContract,
    InstallationOrder,
    OpenContract,
    RenewContract,
)
from ispcore.customers import Contact, Forget, SaveContact
from ispcore.errors import (
    ConcurrentChangeError,
    InvalidValueError,
    NotFoundError,
    NotPermittedError,
    RefusedError,
)
from ispcore.plans import (
    AddItem,
    Annul,
    Cancel,
    ChangePlan,
    ChangePrice,
    Enable,
    ImportSubscription,
    JoinContract,
    MigrateTechnology,
    OpenDebt,
    Pause,
    Resume,
    Standing,
    Suspend,
    Transfer,
    Unpause,
    WithdrawCancellation,
)
from ispcore.timeline import Actor, SubjectKind
from ispcore.usecases import WriteOff
from ispcore.values import ContactId, ContractNumber, CustomerId, SubscriptionId
from tests.catalogues import START, brl
from tests.contracts.agreed import TEMPLATES
from tests.providers import ANA, Office

HASH = "0123456789abcdef" * 4
MARCH_10, JUNE_11 = date(2012, 3, 10), date(2012, 6, 11)
STRICT = TEMPLATES["home"] | {"acceptance": "before_enabling"}
QUIET = {key: value for key, value in TEMPLATES["home"].items() if key != "installation_fee"}


SAME: dict[str, Any] = {
    "reasons": {"breach": {"description": "We did not deliver"}},
    "commissions": {"caio": {"name": "Caio", "percent_of_monthly": "50", "percent_of_installation": "10"}},
}


@pytest.fixture(autouse=True)
def agreed(office: Office) -> None:
    office.load(
        contracts={**TEMPLATES, "strict": STRICT, "quiet": QUIET},
        **SAME,
    )


def contract(office: Office, customer: CustomerId, template: str = "home", **said: Any) -> ContractNumber:
    command = OpenContract(customer=customer, template=template, **said)
    return office.provider.do(command, actor=ANA).contract


def view(office: Office, number: str, on: date | None = None) -> Any:
    return office.provider.contracts.show(number, actor=ANA, on=on)


def events(office: Office, subscription: int) -> list[str]:
    """What was charged of billing events."""
    charges = office.charges(SubscriptionId(subscription))
    return [str(one.amount.amount) for one in charges if one.key.item.startswith("event:")]


def rule_of(office: Office, command: Any) -> str:
    before = office.dump()
    with pytest.raises(RefusedError) as refused:
        office.provider.do(command, actor=ANA)
    assert office.dump() == before
    return refused.value.rule


@pytest.mark.covers("S0-021", "S0-062", "S2-039", "S3-001", "S3-002", "S3-011", "S3-024")
def test_numbers_follow_the_template_without_a_gap_or_are_the_providers_own(office: Office) -> None:
    ana = office.register("Ana")

    assert contract(office, ana) == "2012-000001"
    refused = OpenContract(customer=ana, template="home", responsible=ContactId("nobody"))
    with pytest.raises(NotFoundError):
        office.provider.do(refused, actor=ANA)
    assert contract(office, ana, number="2012-000003") == "2012-000003"
    assert [contract(office, ana), contract(office, ana)] == ["2012-000002", "2012-000004"]
    assert contract(office, ana, on=date(2013, 1, 1)) == "2013-000001"
    taken = OpenContract(customer=ana, template="home", number="2012-000003")
    assert rule_of(office, taken) == "contract-number-taken"
    with pytest.raises(InvalidValueError, match="needs a number"):
        contract(office, ana, "open-ended", months=12)


@pytest.mark.covers("S3-013", "S3-027")
def test_a_contract_shows_its_service_term_and_subscriptions(office: Office) -> None:
    customer = office.register()
    number = contract(office, customer, "quiet")

    before = view(office, number)
    adsl = office.subscribe(customer, contract=number, on=MARCH_10)
    office.clock.move_to(MARCH_10)
    seen = view(office, number)

    assert (before.standing, before.term, before.subscriptions) == (Standing.PRE_REGISTRATION, None, ())
    assert (seen.standing, seen.subscriptions) == (Standing.ACTIVE, (adsl,))
    assert (seen.term.starts_on, seen.term.ends_on) == (MARCH_10, date(2013, 3, 10))
    assert view(office, number, date(2012, 3, 1)).standing is Standing.PRE_REGISTRATION
    assert [one.contract.number for one in office.provider.contracts.of_customer(customer, actor=ANA)] == [
        number
    ]
    with pytest.raises(NotFoundError):
        office.provider.contracts.of_customer(CustomerId(99), actor=ANA)


@pytest.mark.covers("S3-025", "S3-026")
def test_an_installation_is_in_progress_until_something_is_active(office: Office) -> None:
    customer = office.register()
    number = contract(office, customer, "quiet")
    adsl = office.subscribe(customer, contract=number, status="awaiting")

    assert view(office, number).is_installing
    office.do(Enable(subscription=adsl))
    assert not view(office, number).is_installing
    assert not view(office, contract(office, customer, "open-ended", months=12, number="A")).is_installing


@pytest.mark.covers("S0-063", "S0-064", "S3-056", "S3-057", "S3-058")
def test_the_first_subscription_carries_the_installation_and_no_other_does(office: Office) -> None:
    customer = office.register()
    number = contract(office, customer, installation_discount=brl("30.00"))

    first = office.subscribe(customer, contract=number)
    second = office.subscribe(customer, contract=number)
    third = office.subscribe(customer)
    office.do(JoinContract(subscription=third, contract=number))
    office.close(date(2012, 5, 1))

    fees = {subscription: events(office, subscription) for subscription in (first, second, third)}
    assert fees == {first: ["30.00", "30.00", "30.00"], second: [], third: []}
    assert office.findings() == []


def test_who_joins_first_carries_the_installation(office: Office) -> None:
    customer = office.register()
    subscription = office.subscribe(customer)
    number = contract(office, customer)

    done = office.do(JoinContract(subscription=subscription, contract=number))

    assert [fact.kind for fact in done.facts] == ["ContractJoined", "BillingEventAdded"]
    assert rule_of(office, JoinContract(subscription=subscription, contract=number)) == "same-contract"
    left = office.do(JoinContract(subscription=subscription, contract=None))
    assert [fact.kind for fact in left.facts] == ["ContractJoined"]


def test_a_contract_is_of_one_customer(office: Office) -> None:
    ana, bia = office.register("Ana"), office.register("Bia")
    number, hers = contract(office, ana), office.subscribe(bia)

    assert rule_of(office, JoinContract(subscription=hers, contract=number)) == "contract-of-another"
    with pytest.raises(RefusedError, match="Contract 2012-000001 is one of customer 1, not of customer 2"):
        office.subscribe(bia, contract=number)
    with pytest.raises(NotFoundError):
        office.do(JoinContract(subscription=hers, contract=ContractNumber("none")))
    # A name that no contract has is only a name, as other systems have them.
    assert office.subscribe(bia, contract="old 17") > 0


@pytest.mark.covers("S3-012")
def test_nothing_is_enabled_before_it_was_accepted_where_the_template_says_so(office: Office) -> None:
    customer = office.register()
    number = contract(office, customer, "strict")
    waiting = office.subscribe(customer, contract=number, status="awaiting")

    with pytest.raises(RefusedError, match="is not accepted: that is pending"):
        office.subscribe(customer, contract=number)
    assert rule_of(office, Enable(subscription=waiting)) == "not-accepted"
    accepted = AcceptContract(contract=number, how=AcceptedBy.PAPER, by="Ana Souza", document_hash=HASH)
    office.provider.do(accepted, actor=ANA)
    office.do(Enable(subscription=waiting))

    seen = view(office, number).contract
    assert (seen.state.acceptance, seen.accepted_by) == (AcceptanceState.ACCEPTED, "Ana Souza")
    assert office.subscribe(customer, contract=number) > waiting
    assert office.findings() == []


@pytest.mark.covers("S0-073")
def test_leaving_early_is_billed_and_previewed(office: Office) -> None:
    customer = office.register()
    number = contract(office, customer, "quiet", dated_on=MARCH_10)
    adsl = office.subscribe(customer, contract=number, on=MARCH_10)
    office.clock.move_to(JUNE_11)
    leaving = Cancel(subscription=adsl, reason="moved")

    tried = office.provider.cancellation(leaving, actor=ANA)
    done = office.do(leaving)
    office.close(date(2012, 7, 1))

    assert ("Penalty of contract 2012-000001", brl("450.00")) in [
        (one.description, one.amount) for one in tried.proportional
    ]
    assert done.facts[0].payload.penalty is not None
    assert events(office, adsl) == ["450.00"]
    (said,) = [
        one for one in office.provider.history(SubjectKind.SUBSCRIPTION, adsl, actor=ANA) if one.reason
    ]
    assert "event:1: penalty, Penalty of contract 2012-000001: 450.00 BRL" in said.detail
    assert view(office, number).standing is Standing.CANCELLED
    assert office.findings() == []


def test_a_penalty_that_was_billed_ahead_of_an_ordered_end_comes_back_when_that_is_withdrawn(
    office: Office,
) -> None:
    customer = office.register()
    adsl = office.subscribe(customer, contract=contract(office, customer, "quiet"), on=START)
    office.do(Cancel(subscription=adsl, reason="moved", on=date(2012, 4, 10)), today=MARCH_10)
    office.close(date(2012, 4, 5))
    office.do(WithdrawCancellation(subscription=adsl), today=date(2012, 4, 6))
    office.close(date(2012, 6, 1))

    asked = sum(one.signed_minor for one in office.charges(adsl) if one.key.item.startswith("event:"))
    assert asked == 0
    assert office.findings() == []


def test_the_last_one_to_leave_pays(office: Office) -> None:
    customer = office.register()
    number = contract(office, customer, "quiet", dated_on=START)
    first, second = (office.subscribe(customer, contract=number, on=START) for _ in range(2))

    left = office.do(Cancel(subscription=first, reason="moved"), today=JUNE_11)
    last = office.do(Cancel(subscription=second, reason="moved"))

    assert left.facts[0].payload.penalty is None
    assert last.facts[0].payload.penalty is not None


def test_a_pause_puts_the_end_off(office: Office) -> None:
    customer = office.register()
    number = contract(office, customer, "quiet")
    adsl = office.subscribe(customer, contract=number, on=START)
    office.do(Pause(subscription=adsl), today=MARCH_10)
    office.do(Unpause(subscription=adsl), today=date(2012, 3, 20))

    assert view(office, number).term.ends_on == date(2013, 3, 6)


def test_another_plan_stays_in_the_contract(office: Office) -> None:
    customer = office.register()
    number = contract(office, customer, "quiet", dated_on=START)
    adsl = office.subscribe(customer, contract=number, on=START)
    office.provider.contracts.show(number, actor=ANA)

    fibre = office.do(ChangePlan(subscription=adsl, plan="fibre"), today=MARCH_10).successor

    assert view(office, number).subscriptions == (adsl, fibre)
    assert fibre is not None
    leaving = office.do(Cancel(subscription=SubscriptionId(fibre), reason="moved"), today=JUNE_11)
    assert leaving.facts[0].payload.penalty is not None


@pytest.mark.covers("S2-068")
def test_what_is_handed_over_belongs_to_a_contract_of_the_receiver_or_to_a_new_one(office: Office) -> None:
    ana, bia = office.register("Ana"), office.register("Bia")
    old, hers = contract(office, ana, "quiet"), contract(office, bia, "quiet")
    first, second, third = (office.subscribe(ana, contract=old) for _ in range(3))

    given = office.do(Transfer(subscription=first, customer=bia, contract=hers), today=MARCH_10)
    new = office.do(Transfer(subscription=second, customer=bia, contract_template="quiet"))

    assert view(office, hers).subscriptions == (given.successor,)
    assert view(office, "2012-000003").subscriptions == (new.successor,)
    assert view(office, old).subscriptions == (first, second, third)
    wrong = Transfer(subscription=third, customer=bia, contract=old)
    assert rule_of(office, wrong) == "contract-of-another"
    with pytest.raises(InvalidValueError, match="a contract and a template"):
        office.do(Transfer(subscription=third, customer=bia, contract=hers, contract_template="quiet"))
    assert office.findings() == []


@pytest.mark.covers("S0-028", "S0-029", "S3-014")
def test_salespeople_earn_by_their_own_rules(office: Office) -> None:
    customer = office.register()
    number = contract(office, customer, salesperson="caio", sold_on=date(2012, 2, 20))
    office.subscribe(customer, contract=number, price=brl("80.00"))
    other = contract(office, customer, salesperson="nobody", sold_on=date(2012, 2, 21))
    bare = contract(office, customer, "quiet", salesperson="caio", sold_on=date(2012, 2, 22))
    contract(office, customer, salesperson="caio", sold_on=date(2012, 3, 1))

    earned = office.provider.contracts.commissions(date(2012, 2, 1), date(2012, 3, 1), actor=ANA)

    assert [(one.contract, one.salesperson, str(one.amount)) for one in earned] == [
        (number, "caio", "52.00 BRL"),
        (other, "nobody", "0.00 BRL"),
        (bare, "caio", "0.00 BRL"),
    ]
    with pytest.raises(NotPermittedError, match=r"contract\.commissions"):
        office.provider.contracts.commissions(date(2012, 2, 1), date(2012, 3, 1), actor=Actor("x"))


@pytest.mark.covers("S3-043", "S3-110")
def test_its_history_says_who_changed_what(office: Office) -> None:
    customer = office.register()
    bia = Contact(id=ContactId("bia"), name="Bia")
    office.provider.do(SaveContact(customer=customer, contact=bia), actor=ANA)
    number = contract(office, customer, contract_note="The dog bites.", starts_on=START)
    caio = Actor("caio", {"contract.edit", "contract.renew", "contract.accept"})
    office.provider.do(
        EditContract(contract=number, responsible=ContactId("bia"), clear={"order"}), actor=caio
    )
    office.provider.do(RenewContract(contract=number, months=6), actor=caio)
    office.provider.do(
        AcceptContract(contract=number, how=AcceptedBy.PHONE, by="Ana", document_hash=HASH), actor=caio
    )

    made, edited, renewed, accepted = office.provider.history(SubjectKind.CONTRACT, number, actor=ANA)

    assert "note: The dog bites." in made.detail
    assert "penalty.formula: benefit * remaining_months / term_months" in made.detail
    assert (edited.actor, edited.detail) == (
        "caio",
        ("order: (none)", "responsible: (none) -> bia"),
    )
    assert renewed.detail == (
        "starts_on: 2012-02-24 -> 2013-02-24",
        "months: 12 -> 6",
        "fidelity_months: 12 -> 0",
    )
    assert accepted.detail == ("acceptance: accepted, phone", f"document: {HASH}", "accepted_by: Ana")


def test_what_is_written_in_a_contract_is_exported_and_forgotten(office: Office) -> None:
    customer = office.register()
    number = contract(office, customer, contract_note="The dog bites.")

    (kept,) = office.provider.privacy.export(customer, actor=ANA).contracts
    assert kept.note == "The dog bites."
    office.provider.do(Forget(customer=customer), actor=ANA)

    assert view(office, number).contract.note == "(erased)"
    assert office.findings() == []


def test_a_contract_that_is_not_what_its_facts_say_is_found(office: Office) -> None:
    number = contract(office, office.register())
    with office.database.writing() as work:
        work.connection.exec_driver_sql("UPDATE contracts SET template = 'radio', salesperson = 'eve'")

    assert [str(found) for found in office.findings()] == [
        f"contract {number}: template is 'radio', the facts say 'home' [snapshot]",
        f"contract {number}: salesperson is 'eve', the facts say None [snapshot]",
    ]


def test_many_are_brought_in_at_once_with_their_contracts(office: Office) -> None:
    customer = office.register()
    opening = OpenContract(customer=customer, template="quiet", number="old 17")
    imported: dict[str, Any] = {
        "customer": customer,
        "plan": "adsl",
        "system": "old",
        "status": "enabled",
        "charge_method": "slip",
        "due_day": 10,
        "on": START,
    }
    joined = ImportSubscription(**imported, foreign_id="1", contract="old 17")
    free = ImportSubscription(**imported, foreign_id="2", contract="old 18")

    done = list(office.provider.do_many([opening, joined, free], actor=ANA))

    assert [one.error for one in done] == [None, None, None]
    assert len(view(office, "old 17").subscriptions) == 1
    assert office.findings() == []


def test_a_changed_price_and_a_service_do_not_ask_the_contract(office: Office) -> None:
    customer = office.register()
    number = contract(office, customer, "strict")
    waiting = office.subscribe(customer, contract=number, status="awaiting")

    office.do(ChangePrice(subscription=waiting, price=brl("90.00")))
    office.do(AddItem(subscription=waiting, service="mailbox"))

    assert view(office, number).standing is Standing.PRE_REGISTRATION


@pytest.mark.covers("S3-034", "S1-100", "S3-037")
def test_another_technology_orders_work_with_the_contract_until_it_is_done(office: Office) -> None:
    customer = office.register()
    number = contract(office, customer, "quiet")
    adsl, other = office.subscribe(customer, contract=number), office.subscribe(customer)
    assert not view(office, number).is_installing

    moving = MigrateTechnology(
        subscription=adsl, plan="fibre", responsible="team 2", planned_on=MARCH_10, note="The mast falls."
    )
    moved = office.do(moving)

    seen = view(office, number)
    assert (seen.is_installing, seen.subscriptions) == (True, (adsl, moved.successor))
    assert seen.contract.terms.order == InstallationOrder(
        service="Migration to fibre", responsible="team 2", planned_on=MARCH_10, migrates=True
    )
    done = InstallationOrder(service="Migration to fibre", state="done", migrates=True)
    office.provider.do(EditContract(contract=number, order=done), actor=ANA)
    assert not view(office, number).is_installing
    assert office.do(MigrateTechnology(subscription=other, plan="fibre")).successor is not None
    again = MigrateTechnology(subscription=SubscriptionId(moved.successor or 0), plan="adsl")
    with pytest.raises(ConcurrentChangeError):
        office.provider.do(again, actor=ANA, expected_version=7)
    assert office.findings() == []


@pytest.mark.covers("S3-081")
def test_what_a_contract_wants_said_stands_on_fiscal_documents_of_its_subscriptions(office: Office) -> None:
    types = {"nfcom": {"name": "NFCom", "asked_for": "on_due_day", "text": "Thank you."}}
    office.load(document_types=types, contracts=TEMPLATES | {"strict": STRICT, "quiet": QUIET}, **SAME)
    customer, bia = office.register(), office.register("Bia")
    number = contract(office, customer, "quiet", document_text="Order 17.")
    office.subscribe(customer, contract=number)
    office.subscribe(bia)
    contract(office, bia, "quiet")
    office.close(date(2012, 2, 29))

    asked = office.provider.documents.ask(date(2012, 3, 10), actor=ANA).documents

    assert {one.draft.group.customer: one.text for one in asked} == {
        customer: "Thank you.\nOrder 17.",
        bia: "Thank you.",
    }


@pytest.mark.covers("S3-035")
def test_a_better_plan_is_taken_within_the_contract(office: Office) -> None:
    customer = office.register()
    number = contract(office, customer, "quiet")
    adsl = office.subscribe(customer, contract=number)

    better = office.do(ChangePlan(subscription=adsl, plan="fibre"), today=MARCH_10).successor

    assert [one.plan for one in view(office, number, MARCH_10).members] == ["Fibra 300"]
    assert view(office, number).subscriptions == (adsl, better)


def test_an_end_that_comes_before_the_ordered_one_costs_the_penalty_once(office: Office) -> None:
    customer = office.register()
    adsl = office.subscribe(customer, contract=contract(office, customer, "quiet"), on=START)
    office.do(Cancel(subscription=adsl, reason="moved", on=date(2012, 4, 10)), today=MARCH_10)

    office.do(Cancel(subscription=adsl, reason="moved"), today=date(2012, 3, 20))
    office.close(date(2012, 5, 1))

    assert events(office, adsl) == ["600.00"]
    assert office.findings() == []


def test_the_installation_is_charged_once_though_who_carries_it_leaves_and_comes_back(office: Office) -> None:
    customer = office.register()
    number = contract(office, customer)
    first, other = office.subscribe(customer, contract=number), office.subscribe(customer)

    office.do(JoinContract(subscription=first, contract=None))
    again = office.do(JoinContract(subscription=first, contract=number))
    office.do(JoinContract(subscription=first, contract=None), today=MARCH_10)
    later = office.do(JoinContract(subscription=other, contract=number))

    assert [fact.kind for fact in (*again.facts, *later.facts)] == ["ContractJoined"] * 2


def test_a_name_that_somebody_elses_contract_gets_is_in_nobodys_way(office: Office) -> None:
    ana, bia = office.register("Ana"), office.register("Bia")
    hers = office.subscribe(bia, contract="17")
    contract(office, ana, "strict", number="17")

    office.do(Suspend(subscription=hers))
    office.do(Resume(subscription=hers))
    office.do(Cancel(subscription=hers, reason="moved"))

    assert office.findings() == []


def test_a_renewal_to_come_counts_from_its_day(office: Office) -> None:
    customer = office.register()
    number = contract(office, customer, "quiet", dated_on=START, starts_on=START)
    adsl = office.subscribe(customer, contract=number, on=START)
    office.provider.do(RenewContract(contract=number), actor=ANA)

    assert view(office, number, JUNE_11).term.ends_on == date(2013, 2, 24)
    assert view(office, number, date(2013, 3, 1)).term.starts_on == date(2013, 2, 24)
    left = office.do(Cancel(subscription=adsl, reason="moved"), today=JUNE_11)
    assert left.facts[0].payload.penalty.amount == brl("450.00")


def test_who_joins_is_bound_from_the_day_of_joining(office: Office) -> None:
    customer = office.register()
    adsl = office.subscribe(customer, on=date(2010, 2, 24))
    number = contract(office, customer, "quiet", on=MARCH_10)
    office.do(JoinContract(subscription=adsl, contract=number), today=MARCH_10)

    assert view(office, number).term.starts_on == MARCH_10
    left = office.do(Cancel(subscription=adsl, reason="moved"), today=JUNE_11)
    assert left.facts[0].payload.penalty.amount == brl("450.00")


def test_the_last_end_pays_whichever_was_ordered_first_and_nobody_pays_twice(office: Office) -> None:
    customer = office.register()
    number = contract(office, customer, "quiet", starts_on=START)
    one, other = (office.subscribe(customer, contract=number, on=START) for _ in range(2))
    waiting = office.subscribe(customer, contract=number, status="awaiting")

    first = office.do(Cancel(subscription=one, reason="moved", on=date(2012, 4, 10)), today=MARCH_10)
    second = office.do(Cancel(subscription=other, reason="moved", on=date(2012, 4, 5)))
    third = office.do(Cancel(subscription=waiting, reason="moved", on=date(2012, 4, 5)))

    asked = [done.facts[0].payload.penalty for done in (first, second, third)]
    assert [penalty and str(penalty.amount.amount) for penalty in asked] == [None, "550.00", None]


def test_an_installation_is_for_what_was_delivered_and_not_for_what_was_brought_along(office: Office) -> None:
    customer = office.register()
    number = contract(office, customer)
    first = office.subscribe(customer, contract=number)
    office.do(Annul(subscription=first))
    imported = ImportSubscription(
        customer=customer,
        plan="adsl",
        system="old",
        foreign_id="1",
        status="enabled",
        charge_method="slip",
        due_day=10,
        on=START,
        contract=number,
    )

    brought = office.do(imported)
    second = office.subscribe(customer, contract=number)

    assert [fact.kind for fact in brought.facts] == ["Imported"]
    kinds = [fact.kind for fact in office.provider.subscription(second, actor=ANA).timeline.recorded]
    assert kinds == ["Subscribed", "BillingEventAdded"]


def test_nothing_active_comes_into_a_contract_that_waits_to_be_accepted(office: Office) -> None:
    ana, bia = office.register("Ana"), office.register("Bia")
    number, hers = contract(office, bia, "strict"), office.subscribe(ana)
    own = office.subscribe(bia)

    assert rule_of(office, JoinContract(subscription=own, contract=number)) == "not-accepted"
    for more in ({"contract": number}, {"contract_template": "strict"}):
        giving = Transfer(subscription=hers, customer=bia, **more)
        assert rule_of(office, giving) == "not-accepted"
    with pytest.raises(NotFoundError):
        office.do(Transfer(subscription=hers, customer=bia, contract=ContractNumber("none")))


def test_who_may_waive_no_penalty_takes_nothing_out_of_a_contract_that_binds(office: Office) -> None:
    customer = office.register()
    number = contract(office, customer, "quiet", dated_on=START)
    adsl = office.subscribe(customer, contract=number, on=START)
    office.clock.move_to(JUNE_11)
    clerk = Actor("clerk", {"subscription.contract"})
    leaving = JoinContract(subscription=adsl, contract=None)

    with pytest.raises(NotPermittedError, match=r"contract\.penalty"):
        office.provider.do(leaving, actor=clerk)
    assert office.provider.do(leaving, actor=ANA).facts[0].kind == "ContractJoined"


def test_who_agreed_to_owe_is_forgotten_with_the_receiver(office: Office) -> None:
    ana, bia = office.register("Ana"), office.register("Bia")
    subscription = office.subscribe(ana)
    office.close(date(2012, 2, 29))
    moving = Transfer(subscription=subscription, customer=bia, debt=OpenDebt.MOVES, agreed_by="Bia Prado")
    moved = office.do(moving).successor
    assert moved is not None
    office.do(Cancel(subscription=moved, reason="moved"))
    for one in office.provider.customer(bia, actor=ANA).receivables:
        office.provider.do(WriteOff(receivables=(one.receivable.id,), reason="gone"), actor=ANA)

    office.provider.do(Forget(customer=bia), actor=ANA)

    assert [one.reason for one in office.provider.payments.settlements(ana, actor=ANA)] == ["(erased)"]


@pytest.mark.parametrize("forgotten", ["giver", "receiver"])
def test_who_agreed_to_a_transfer_that_was_a_task_is_forgotten_there_too(
    office: Office, forgotten: str
) -> None:
    ana, bia, caio = office.register("Ana"), office.register("Bia"), office.register("Caio")
    hers, other = office.subscribe(ana), office.subscribe(caio)
    moving = Transfer(subscription=hers, customer=bia, agreed_by="Bia Prado", on=MARCH_10)
    elsewhere = Transfer(subscription=other, customer=ana, agreed_by="Nobody asked", on=date(2030, 1, 1))
    office.provider.tasks.add(moving, actor=ANA)
    office.provider.tasks.add(elsewhere, actor=ANA)
    office.clock.move_to(MARCH_10)
    office.provider.tick(MARCH_10, actor=ANA)
    (moved,) = office.provider.customer(bia, actor=ANA).subscriptions
    office.do(Cancel(subscription=moved.row.id, reason="moved"))

    office.provider.do(Forget(customer={"giver": ana, "receiver": bia}[forgotten]), actor=ANA)

    said = [getattr(one.command, "agreed_by", None) for one in office.provider.tasks.list(actor=ANA)]
    assert said == ["(erased)", "(erased)" if forgotten == "giver" else "Nobody asked"]


def test_a_sale_earns_by_what_the_contract_began_with(office: Office) -> None:
    customer = office.register()
    number = contract(office, customer, "quiet", salesperson="caio", sold_on=START)
    office.subscribe(customer, contract=number)
    office.subscribe(customer, contract=number, on=date(2013, 1, 1))

    (earned,) = office.provider.contracts.commissions(START, date(2012, 3, 1), actor=ANA)

    assert earned.amount == brl("50.00")
