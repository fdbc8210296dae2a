"""A contract: what it says by its template, how it is changed, renewed, accepted."""

from datetime import date, timedelta
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from ispcore.catalog import Acceptance, Formula, TermEnd
from ispcore.contracts import (
    AcceptanceState,
    AcceptContract,
    AcceptedBy,
    AddToCombo,
    Agreement,
    ContractState,
    ContractTerms,
    EditContract,
    Installation,
    InstallationOrder,
    RefuseContract,
    RenewContract,
    Spared,
    Term,
    check_number,
    days_of,
    fold_contract,
    shown_contract,
    term_on,
)
from ispcore.contracts.facts import ContractRefused
from ispcore.customers import ERASED, PersonKind, TextRef
from ispcore.errors import InvalidValueError, IspcoreError, NotFoundError, NotPermittedError, RefusedError
from ispcore.timeline import Actor, Retracted
from ispcore.values import AddressId, ContactId, Period, SubscriptionId
from tests.catalogues import brl
from tests.contracts.agreed import CATALOGUE, NUMBER, TODAY, Life, opened, setting

BIA, CAIO, DORA = ContactId("bia"), ContactId("caio"), ContactId("dora")
HASH = "0123456789abcdef" * 4
YES: dict[str, Any] = {"how": AcceptedBy.ONLINE, "by": "Ana Souza", "document_hash": HASH}


@pytest.mark.covers("S0-065", "S0-070", "S0-072", "S3-009")
def test_a_contract_says_what_its_template_says() -> None:
    state = opened()

    assert state.terms == ContractTerms(
        dated_on=TODAY,
        sold_on=TODAY,
        months=12,
        fidelity_months=12,
        penalty=state.terms.penalty,
        benefit=brl("600.00"),
        installation=Installation(fee=brl("120.00"), discount=brl("0.00"), paid=brl("0.00"), instalments=3),
        order=InstallationOrder(service="Installation"),
    )
    assert state.terms.penalty.formula == Formula.parse("benefit * remaining_months / term_months")
    assert (state.demands, state.acceptance) == (Acceptance.ASKED, AcceptanceState.PENDING)


@pytest.mark.covers(
    "S0-063", "S0-064", "S0-066", "S0-069", "S2-024", "S2-028", "S2-040", "S3-004", "S3-014", "S3-056",
    "S3-057", "S3-058", "S3-038", "S3-083",
)  # fmt: skip
def test_each_part_of_it_can_be_agreed_otherwise() -> None:
    state = opened(
        dated_on=date(2012, 3, 1),
        sold_on=date(2012, 2, 20),
        starts_on=date(2012, 3, 10),
        months=6,
        fidelity_months=3,
        renewal=TermEnd.SILENT,
        benefit=brl("300.00"),
        penalty_fixed=brl("150.00"),
        penalty_instalments=2,
        installation_fee=brl("200.00"),
        installation_discount=brl("50.00"),
        installation_paid=brl("30.00"),
        installation_instalments=2,
        salesperson="ana",
        responsible=BIA,
        witnesses=(CAIO, DORA),
        guarantor=CAIO,
        address=AddressId("home"),
    )
    terms = state.terms

    assert (terms.dated_on, terms.sold_on, terms.starts_on) == (
        date(2012, 3, 1),
        date(2012, 2, 20),
        date(2012, 3, 10),
    )
    assert (terms.months, terms.fidelity_months, terms.renewal) == (6, 3, TermEnd.SILENT)
    assert (terms.benefit, terms.penalty.fixed, terms.penalty.formula) == (brl("300.00"), brl("150.00"), None)
    assert terms.penalty.instalments == 2
    assert terms.installation is not None
    assert (terms.installation.unpaid, terms.installation.instalments) == (brl("120.00"), 2)
    assert terms.contacts == (BIA, CAIO, DORA, CAIO)
    assert (terms.salesperson, terms.address) == ("ana", "home")


@pytest.mark.covers("S3-019", "S3-020", "S3-021", "S3-022", "S3-025")
def test_its_installation_is_ordered_with_it() -> None:
    order = InstallationOrder(
        service="Fibre to the roof", state="scheduled", responsible="team 2", planned_on=date(2012, 3, 9)
    )

    assert opened().terms.order == InstallationOrder(service="Installation", state="open")
    assert opened(order=order).terms.order == order
    assert (order.is_done, evolve(order, state="done").is_done) == (False, True)
    assert opened(template="open-ended", months=12).terms.order is None


def test_fewer_months_bind_for_no_longer_than_they_last() -> None:
    assert opened(months=6).terms.fidelity_months == 6
    assert opened(months=24).terms.fidelity_months == 12
    assert opened(months=6, fidelity_months=0).terms.fidelity_months == 0


@pytest.mark.parametrize(
    ("said", "error", "words"),
    [
        ({"template": "radio"}, NotFoundError, "'radio'"),
        ({"template": "open-ended"}, InvalidValueError, "needs its months"),
        ({"months": 0}, InvalidValueError, "cannot hold for 0 months"),
        ({"months": 1201}, InvalidValueError, "Use 1 to 1200"),
        ({"fidelity_months": 13}, InvalidValueError, "13 months does not fit a term of 12"),
        ({"months": 24, "fidelity_months": 24}, RefusedError, "person cannot be bound for 24 months"),
        ({"benefit": brl("-1.00")}, InvalidValueError, "below zero"),
        ({"responsible": ContactId("eva")}, NotFoundError, "Customer 7 has: bia, caio, dora"),
        ({"witnesses": (BIA, BIA)}, RefusedError, "a witness twice"),
        ({"address": AddressId("shop")}, NotFoundError, "Customer 7 has: home"),
        ({"penalty_formula": "benefit ** 2"}, InvalidValueError, "cannot be used"),
        ({"penalty_fixed": brl("1.00"), "penalty_formula": "1"}, InvalidValueError, "not both"),
        ({"installation_discount": brl("120.01")}, InvalidValueError, "no more is let go"),
        ({"installation_paid": brl("-0.01")}, InvalidValueError, "below zero"),
        ({"installation_instalments": 0}, InvalidValueError, "0 instalments"),
        ({"salesperson": "x" * 101}, InvalidValueError, "salesperson"),
        ({"order": InstallationOrder(service="x" * 201)}, InvalidValueError, "installation order"),
        ({"contract_note": "\x07"}, InvalidValueError, "plain text"),
    ],
)
def test_what_cannot_be_agreed_is_told(said: dict[str, Any], error: type[IspcoreError], words: str) -> None:
    with pytest.raises(error, match=words.replace("*", r"\*")):
        opened(**said)


def test_a_company_may_be_bound_for_longer_where_the_template_says_so() -> None:
    company = setting(kind=PersonKind.COMPANY)

    assert opened(company, months=24, fidelity_months=24).terms.fidelity_months == 24


@pytest.mark.covers("S2-007", "S2-026")
def test_who_may_not_alter_penalties_opens_and_edits_the_rest() -> None:
    clerk = setting(Actor("clerk", {"contract.open", "contract.edit"}))
    life = Life()

    assert opened(clerk, salesperson="ana").terms.salesperson == "ana"
    with pytest.raises(NotPermittedError, match=r"contract\.penalty"):
        opened(clerk, penalty_fixed=brl("10.00"))
    with pytest.raises(NotPermittedError, match=r"contract\.penalty"):
        life.do(EditContract, clerk, benefit=brl("10.00"))
    assert life.do(EditContract, penalty_fixed=brl("10.00")).terms.penalty.fixed == brl("10.00")


@pytest.mark.covers("S0-092", "S3-023", "S3-028", "S3-082")
def test_what_was_agreed_is_edited_and_taken_out_again() -> None:
    life = Life(contract_note="The dog bites.", guarantor_note="His brother.", document_text="PO 17")

    state = life.do(EditContract, salesperson="caio", contract_note="The dog is old.", responsible=BIA)
    assert (state.terms.salesperson, state.terms.responsible) == ("caio", BIA)
    assert state.texts["note"] == TextRef(2, "note")

    state = life.do(EditContract, clear={"salesperson", "contract_note", "installation"})
    assert (state.terms.salesperson, state.terms.installation, set(state.texts)) == (
        None,
        None,
        {"document_text", "guarantor_note"},
    )
    shown = shown_contract(state, {TextRef(1, "document_text"): "PO 17"})
    assert (shown.document_text, shown.guarantor_note, shown.note) == ("PO 17", ERASED, "")
    assert (shown.number, shown.terms) == (NUMBER, state.terms)


def test_an_edit_says_something_new_about_what_there_is() -> None:
    life = Life(contract_note="The dog bites.")

    with pytest.raises(RefusedError, match="says this already"):
        life.do(EditContract, contract_note="The dog bites.")
    with pytest.raises(NotFoundError, match="There are: starts_on, order"):
        life.do(EditContract, clear={"months"})
    assert life.do(EditContract, installation_fee=brl("0.00")).terms.installation is not None
    life.do(EditContract, clear={"installation"})
    assert life.do(EditContract, installation_fee=brl("9.00")).terms.installation == Installation(
        fee=brl("9.00"), discount=brl("0.00"), paid=brl("0.00")
    )


def test_what_its_template_said_is_not_asked_once_the_catalogue_has_it_no_more() -> None:
    gone = setting(known=evolve(CATALOGUE, contracts={}))

    assert Life(months=24).do(EditContract, gone, fidelity_months=24).terms.fidelity_months == 24


# --- terms


@pytest.mark.covers("S0-067", "S0-068")
def test_the_end_that_is_shown_is_the_boundary() -> None:
    terms = opened(months=1, fidelity_months=0).terms

    assert term_on(terms, date(2012, 2, 24), TODAY) == Term(date(2012, 2, 24), date(2012, 3, 24), None)


def test_days_of_pauses_put_the_end_off_unless_the_rule_says_otherwise() -> None:
    terms = opened().terms
    runs = evolve(terms, penalty=evolve(terms.penalty, pauses_stop=False))
    start, rest = date(2012, 3, 10), [Period(date(2012, 4, 1), date(2012, 4, 11))]

    assert term_on(terms, start, TODAY, rest).ends_on == date(2013, 3, 20)
    assert term_on(terms, start, TODAY, rest).bound_until == date(2013, 3, 20)
    assert term_on(runs, start, TODAY, rest).ends_on == date(2013, 3, 10)


@given(
    st.lists(st.tuples(st.integers(-50, 500), st.integers(1, 60)), max_size=5),
    st.integers(1, 14),
)
def test_an_end_is_put_off_by_each_day_of_rest_before_it_once(
    rests: list[tuple[int, int]], months: int
) -> None:
    start = date(2012, 3, 10)
    pauses = [Period(start + timedelta(days=at), start + timedelta(days=at + long)) for at, long in rests]
    terms = opened(months=months, fidelity_months=0).terms

    end = term_on(terms, start, TODAY, pauses).ends_on

    rested = {start + timedelta(days=n) for n in range((end - start).days)} & {
        pause.start + timedelta(days=n) for pause in pauses for n in range((pause.end - pause.start).days)
    }
    worked = (end - start).days - len(rested)
    assert worked == (term_on(terms, start, TODAY).ends_on - start).days


def test_a_silent_renewal_comes_by_itself_and_binds_anew_only_where_that_was_agreed() -> None:
    silent = opened(renewal=TermEnd.SILENT).terms
    start = date(2012, 3, 10)

    assert term_on(silent, start, date(2013, 3, 9)).renewals == 0
    assert term_on(silent, start, date(2013, 3, 10)) == Term(
        date(2013, 3, 10), date(2014, 3, 10), None, renewals=1
    )
    again = term_on(evolve(silent, renews_fidelity=True), start, date(2014, 4, 1))
    assert (again.renewals, again.bound_until) == (2, date(2015, 3, 10))


def test_without_a_renewal_the_term_is_over() -> None:
    for renewal in (TermEnd.NONE, TermEnd.BY_ACT):
        term = term_on(opened(renewal=renewal).terms, date(2012, 3, 10), date(2013, 5, 1))
        assert term.is_over(date(2013, 3, 10))
        assert not term.is_over(date(2013, 3, 9))
        assert term.ends_on == date(2013, 3, 10)


@pytest.mark.covers("S0-066", "S2-024")
def test_it_is_renewed_from_its_end_for_the_same_term_or_another() -> None:
    life = Life(starts_on=date(2011, 3, 10))

    state = life.do(RenewContract)
    assert terms_on(state, date(2012, 3, 10)) == (date(2012, 3, 10), 12, 0)
    assert terms_on(state, date(2012, 3, 9)) == (date(2011, 3, 10), 12, 12)
    state = life.do(RenewContract, starts_on=date(2012, 4, 1), months=24, fidelity_months=12)
    assert terms_on(state, date(2012, 4, 1)) == (date(2012, 4, 1), 24, 12)
    assert terms_on(state, TODAY) == (date(2011, 3, 10), 12, 12)
    renewing = Life(template="open-ended", months=12, fidelity_months=6, starts_on=date(2011, 3, 10))
    assert terms_on(renewing.do(RenewContract, months=3), date(2013, 1, 1))[2] == 3


@pytest.mark.parametrize(
    ("agreed", "said", "rule"),
    [
        ({}, {}, "not-begun"),
        ({"starts_on": date(2012, 3, 1)}, {"starts_on": date(2012, 3, 1)}, "before-its-start"),
        ({"starts_on": date(2012, 3, 1)}, {"months": 24, "fidelity_months": 24}, "fidelity-too-long"),
    ],
)
def test_a_renewal_that_cannot_be_is_refused(agreed: dict[str, Any], said: dict[str, Any], rule: str) -> None:
    with pytest.raises(RefusedError) as refused:
        Life(**agreed).do(RenewContract, **said)

    assert refused.value.rule == rule
    with pytest.raises(InvalidValueError, match="does not fit a term"):
        Life(starts_on=TODAY).do(RenewContract, months=3, fidelity_months=4)


def test_what_has_not_begun_begins_by_a_renewal_with_a_day() -> None:
    state = Life().do(RenewContract, starts_on=date(2012, 3, 1))

    assert terms_on(state, TODAY)[0] == date(2012, 3, 1)


def test_what_began_by_its_subscriptions_is_renewed_from_the_end_of_its_term_with_its_pauses() -> None:
    rest = (Period(date(2011, 5, 1), date(2011, 5, 11)),)
    begun = evolve(setting(), begun=date(2011, 3, 10), pauses=rest)

    state = Life().do(RenewContract, begun)

    assert terms_on(state, date(2012, 3, 20))[0] == date(2012, 3, 20)
    with pytest.raises(RefusedError, match="began on 2011-03-10: it is not renewed on 2011-03-01"):
        Life().do(RenewContract, begun, starts_on=date(2011, 3, 1))


def test_what_binds_less_needs_the_permission_for_penalties() -> None:
    clerk = setting(Actor("clerk", {"contract.edit", "contract.renew"}))
    life = Life(starts_on=date(2012, 1, 1))

    for less in ({"fidelity_months": 0}, {"dated_on": date(2012, 3, 4)}, {"months": 24}):
        with pytest.raises(NotPermittedError, match=r"contract\.penalty"):
            life.do(EditContract, clerk, **less)
    with pytest.raises(NotPermittedError, match=r"contract\.penalty"):
        life.do(RenewContract, clerk, starts_on=TODAY)
    assert life.do(RenewContract, clerk).renewals[0].starts_on == date(2013, 1, 1)
    assert life.do(EditContract, clerk, salesperson="caio").renewals != ()


def test_an_edit_says_what_counts_then_and_keeps_renewals_to_come() -> None:
    life = Life(starts_on=date(2011, 1, 1))
    life.do(RenewContract, starts_on=date(2012, 1, 1))
    life.do(RenewContract, starts_on=date(2013, 1, 1), months=24)

    state = life.do(EditContract, salesperson="caio")

    assert (state.terms.starts_on, [one.starts_on for one in state.renewals]) == (
        date(2012, 1, 1),
        [date(2013, 1, 1)],
    )
    assert shown_contract(state, {}).terms.months == 24


# --- acceptance


@pytest.mark.covers("S3-029", "S3-012")
def test_it_is_accepted_by_somebody_in_some_way_with_what_they_saw() -> None:
    life = Life()

    state = life.do(AcceptContract, **YES)

    assert (state.acceptance, state.accepted_on, state.document_hash) == (
        AcceptanceState.ACCEPTED,
        TODAY,
        HASH,
    )
    assert life.texts["accepted_by"] == "Ana Souza"
    with pytest.raises(RefusedError, match="does not wait to be accepted: that is accepted"):
        life.do(AcceptContract, **YES)
    with pytest.raises(RefusedError, match="does not wait"):
        life.do(RefuseContract)


def test_it_may_be_refused_and_accepted_after_all() -> None:
    life = Life()

    assert life.do(RefuseContract).acceptance is AcceptanceState.REFUSED
    assert life.do(AcceptContract, **YES).acceptance is AcceptanceState.ACCEPTED


def test_something_else_agreed_is_to_be_accepted_anew_and_what_only_we_need_is_not() -> None:
    life = Life(starts_on=date(2011, 4, 1))
    life.do(AcceptContract, **YES)

    assert life.do(EditContract, salesperson="caio").acceptance is AcceptanceState.ACCEPTED
    changed = life.do(EditContract, fidelity_months=6)
    assert (changed.acceptance, changed.document_hash, "accepted_by" in changed.texts) == (
        AcceptanceState.PENDING,
        None,
        False,
    )
    life.do(AcceptContract, **YES)
    assert life.do(RenewContract).acceptance is AcceptanceState.PENDING


def test_where_nobody_is_asked_nothing_is_accepted() -> None:
    life = Life(template="open-ended", months=12)

    assert life.state.acceptance is AcceptanceState.NOT_ASKED
    with pytest.raises(RefusedError, match="not_asked"):
        life.do(AcceptContract, **YES)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"document_hash": "ABC"}, "no SHA-256"),
        ({"by": " "}, "has a name"),
        ({"by": "a\nb"}, "on one line"),
        ({"by": "x" * 201}, "name of who accepted"),
    ],
)
def test_an_acceptance_that_proves_nothing_is_told(wrong: dict[str, str], words: str) -> None:
    with pytest.raises(InvalidValueError, match=words):
        Life().do(AcceptContract, **YES | wrong)


# --- facts, and who leaves


def test_facts_that_make_no_contract_are_told() -> None:
    life = Life()
    other = evolve(life.facts[0], sequence=2, payload=Retracted((1,)))

    with pytest.raises(RefusedError, match="needs facts"):
        fold_contract([])
    with pytest.raises(RefusedError, match="does not exist before"):
        fold_contract([evolve(life.facts[0], payload=ContractRefused())])
    with pytest.raises(RefusedError, match="does not fit contract"):
        fold_contract([life.facts[0], other])


def terms_on(state: ContractState, day: date) -> tuple[date | None, int, int]:
    terms = state.terms_on(day)
    return terms.starts_on, terms.months, terms.fidelity_months


def agreement(**more: Any) -> Agreement:
    usual: dict[str, Any] = {"number": NUMBER, "terms": opened().terms, "starts_on": date(2012, 3, 10)}
    return Agreement(**usual | more)


def cost(agreed: Agreement, on: date, reason: str = "moved") -> str | None:
    found = agreed.penalty(on, reason, brl("99.90"))
    return None if found is None else str(found.amount.amount)


@pytest.mark.covers("S0-073")
def test_leaving_costs_what_the_rule_says_of_the_months_that_bind() -> None:
    half = agreement(terms=opened(fidelity_months=6).terms)

    assert cost(agreement(), date(2012, 6, 11)) == "450.00"
    assert cost(half, date(2012, 6, 11)) == "300.00"
    assert cost(agreement(), date(2012, 6, 11), "breach") == "0.00"
    assert cost(agreement(), date(2013, 3, 10)) == "0.00"
    assert cost(agreement(pauses=[Period(date(2012, 4, 1), date(2012, 5, 2))]), date(2012, 6, 11)) == "500.00"


def test_nothing_is_asked_for_while_another_subscription_goes_on_or_before_it_began() -> None:
    assert cost(agreement(goes_on=True), date(2012, 6, 11)) is None
    assert cost(agreement(ends_on=date(2012, 9, 11)), date(2012, 6, 11)) == "300.00"
    assert cost(agreement(ends_on=date(2012, 5, 11)), date(2012, 6, 11)) == "450.00"
    future = agreement(terms=opened(fidelity_months=0).terms, starts_on=date(2012, 12, 1))
    assert cost(future, date(2012, 6, 11)) == "0.00"
    assert cost(agreement(starts_on=None), date(2012, 6, 11)) is None


def test_after_a_silent_renewal_nobody_is_bound_unless_that_is_renewed() -> None:
    silent = opened(renewal=TermEnd.SILENT).terms
    bound = evolve(silent, renews_fidelity=True)

    found = agreement(terms=silent).penalty(date(2013, 6, 11), "moved", brl("99.90"))
    assert found is not None
    assert found.spared is Spared.TERM_OVER
    assert cost(agreement(terms=bound), date(2013, 6, 11)) == "450.00"


def test_without_an_installation_a_formula_finds_none() -> None:
    said: dict[str, Any] = {"months": 12, "fidelity_months": 12, "penalty_formula": "installation_fee + 5"}
    agreed = opened(template="open-ended", **said)
    terms = evolve(agreed.terms, benefit=brl("100.00"))

    assert cost(agreement(terms=terms), date(2012, 6, 11)) == "5.00"


def test_days_of_pauses_are_counted_within_bounds() -> None:
    pauses = [Period(date(2012, 1, 1), date(2012, 1, 11)), Period(date(2012, 2, 1), date(2012, 2, 3))]

    assert days_of(pauses, date(2012, 1, 6), date(2012, 2, 2)) == 6
    assert days_of(pauses, date(2012, 3, 1), date(2012, 4, 1)) == 0


@pytest.mark.covers("S0-021", "S0-062", "S2-039")
@pytest.mark.parametrize("number", ["", " ", "a\nb", "x" * 41])
def test_a_number_is_a_text_of_the_provider_on_one_line(number: str) -> None:
    check_number("2012/17-A")
    with pytest.raises(InvalidValueError, match="cannot be the number of a contract"):
        check_number(number)


def test_a_command_to_a_combo_takes_what_it_says() -> None:
    assert AddToCombo(contract=NUMBER, subscription=SubscriptionId(1)).subscription == 1
    with pytest.raises(InvalidValueError, match=r"AddToCombo\.subscription is '1'"):
        AddToCombo(contract=NUMBER, subscription="1")  # type: ignore[arg-type] # as it comes from outside
