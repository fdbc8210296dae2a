"""Forgetting a person: what stands in the way, what stays, and for how long."""

from datetime import date

import pytest

from ispcore.catalog import KEEPABLE, PrivacyPolicy
from ispcore.customers import (
    ChangeCustomer,
    CustomerEvent,
    CustomerState,
    Forgotten,
    Ties,
    decide_forget,
    fold_customer,
    kept_texts,
)
from ispcore.errors import RefusedError
from ispcore.values import SubscriptionId
from tests.catalogues import CUSTOMER
from tests.people import PERSON, Known, registered

LAST, LIMIT = date(2012, 2, 29), date(2017, 2, 28)
POLICY = PrivacyPolicy()
KEPT = Forgotten(("name", "tax_id"), LIMIT)


def forgotten(known: Known, ties: Ties, today: date, policy: PrivacyPolicy = POLICY) -> Forgotten:
    return decide_forget(fold_customer(known.facts), ties, policy, today)


def after(known: Known, payload: Forgotten, on: date) -> Known:
    return known.with_events([CustomerEvent(payload)], on)


def state(known: Known) -> CustomerState:
    return fold_customer(known.facts)


def test_of_whom_nothing_was_billed_nothing_stays() -> None:
    assert forgotten(registered(PERSON), Ties(), LAST) == Forgotten()


@pytest.mark.parametrize(
    ("today", "kept"),
    [
        (LAST, KEPT),
        (date(2017, 2, 27), KEPT),
        (LIMIT, Forgotten()),
    ],
)
def test_what_the_policy_names_stays_for_its_years_after_the_last_entry(today: date, kept: Forgotten) -> None:
    known = registered(PERSON)
    assert forgotten(known, Ties(last_entry=LAST), today) == kept


def test_texts_and_the_registered_address_can_stay() -> None:
    known = registered(PERSON)

    found = forgotten(known, Ties(last_entry=LAST), LAST, PrivacyPolicy(KEEPABLE, 1))

    assert {"name", "registered_address"} <= set(found.kept)
    whole, none = kept_texts(state(known), KEEPABLE), kept_texts(state(known), ())
    assert {ref.path.partition(".")[0] for ref in whole} == {*state(known).texts, "address"}
    assert none == frozenset()


@pytest.mark.parametrize(
    ("ties", "rule", "words"),
    [
        (Ties(go_on=(SubscriptionId(4), SubscriptionId(9))), "goes-on", "subscriptions go on: 4, 9"),
        (Ties(owes=True), "open-receivables", "something is still owed"),
        (Ties(balance=True), "balance", "there is a balance"),
    ],
)
def test_who_is_tied_to_the_provider_is_not_forgotten(ties: Ties, rule: str, words: str) -> None:
    with pytest.raises(RefusedError, match=words) as refused:
        forgotten(registered(PERSON), ties, LAST)

    assert refused.value.rule == rule


@pytest.mark.parametrize(
    ("ties", "words"),
    [(Ties(), "nothing is left"), (Ties(last_entry=LAST), "name, tax_id stay until 2017-02-28")],
)
def test_who_was_forgotten_is_not_forgotten_again_before_there_is_more_to_erase(
    ties: Ties, words: str
) -> None:
    known = registered(PERSON)
    known = after(known, forgotten(known, ties, LAST), LAST)

    with pytest.raises(RefusedError, match=words):
        forgotten(known, ties, LAST)


def test_once_the_years_are_over_what_was_kept_goes() -> None:
    known = registered(PERSON)
    known = after(known, forgotten(known, Ties(last_entry=LAST), LAST), LAST)

    assert forgotten(known, Ties(last_entry=LAST), LIMIT) == Forgotten()


def test_whoever_says_something_new_can_be_forgotten_again() -> None:
    known = registered(PERSON)
    known = after(known, Forgotten(), LAST).after(
        ChangeCustomer(customer=CUSTOMER, details={"phone": "555-0199"}), LAST
    )

    assert state(known).forgotten is None
    assert forgotten(known, Ties(), LAST) == Forgotten()
