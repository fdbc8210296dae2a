"""Every charge and credit explains itself, whatever has happened since."""

from datetime import date

import pytest

from ispcore.billing import as_text
from ispcore.errors import NotFoundError
from ispcore.plans import AddItem, Cancel, ChangePlan, ChangePrice, EndItem, Retract, Suspend
from ispcore.values import ChargeId, ItemId, SubscriptionId
from tests.catalogues import brl
from tests.providers import ANA, Office

LEAP_DAY = date(2012, 2, 29)
END_OF_MARCH = date(2012, 3, 31)


def all_agree(office: Office, *subscriptions: SubscriptionId) -> bool:
    names = [charge.id for number in subscriptions for charge in office.charges(number)]
    assert names
    return all(office.provider.explain(name, actor=ANA).agrees for name in names)


def test_every_charge_of_an_eventful_life_agrees_with_its_explanation(office: Office) -> None:
    old = office.subscribe(office.register(), "fibre", on=date(2012, 2, 10))
    office.close(LEAP_DAY)
    office.do(AddItem(subscription=old, service="mailbox", on=date(2012, 2, 20)))
    office.do(ChangePrice(subscription=old, price=brl("133.37"), on=date(2012, 2, 25)))
    office.close(LEAP_DAY)
    office.do(EndItem(subscription=old, item=ItemId("mailbox"), on=date(2012, 2, 25)))
    cancelled = office.do(
        Cancel(subscription=old, reason="moved", on=date(2012, 2, 20)), today=date(2012, 3, 5)
    )
    office.close(date(2012, 3, 5))
    office.do(Retract(subscription=old, fact=cancelled.facts[0].sequence))
    new = office.do(ChangePlan(subscription=old, plan="adsl"), today=date(2012, 3, 12)).successor
    office.close(END_OF_MARCH)

    assert new is not None
    assert len(office.charges(old)) > 10
    assert all_agree(office, old, new)
    assert office.findings() == []


def test_a_charge_is_explained_by_what_was_known_when_it_was_issued(office: Office) -> None:
    subscription = office.subscribe(office.register())
    office.close(LEAP_DAY)
    (charge,) = office.charges(subscription)
    before = office.provider.explain(charge.id, actor=ANA)

    office.do(Suspend(subscription=subscription), today=date(2012, 3, 5))
    office.do(ChangePrice(subscription=subscription, price=brl("50.00"), on=date(2012, 2, 25)))
    office.close(END_OF_MARCH)

    assert office.provider.explain(charge.id, actor=ANA) == before
    assert all_agree(office, subscription)


def test_an_explanation_as_text_names_the_facts_the_days_and_the_amount(office: Office) -> None:
    subscription = office.subscribe(office.register())
    office.close(LEAP_DAY)
    (charge,) = office.charges(subscription)

    text = as_text(office.provider.explain(charge.id, actor=ANA))

    for words in ("20.69 BRL", "6 of 29", "Subscribed of 2012-02-24", "100.00"):
        assert words in text


def test_a_charge_that_does_not_exist_is_not_found(office: Office) -> None:
    with pytest.raises(NotFoundError, match=r"no charge '1:plan'"):
        office.provider.explain(ChargeId("1:plan"), actor=ANA)
