"""A check finds what does not follow from the facts, and nothing else."""

from datetime import date

import pytest

from ispcore.plans import AddItem, Cancel, ChangePrice, Pause, Unpause
from ispcore.values import CustomerId
from tests.catalogues import brl
from tests.providers import Office

LEAP_DAY = date(2012, 2, 29)


def lively(office: Office) -> CustomerId:
    """Return a customer with charges, a credit, a payment and a balance."""
    customer = office.register(tax_id="111")
    fibre = office.subscribe(customer, "fibre", on=date(2012, 2, 1))
    office.do(AddItem(subscription=fibre, service="mailbox", on=date(2012, 2, 10)))
    office.close(LEAP_DAY)
    office.pay(customer, "200.00", company="net")
    office.do(ChangePrice(subscription=fibre, price=brl("115.00"), on=date(2012, 2, 15)))
    office.do(Pause(subscription=fibre), today=date(2012, 3, 10))
    office.do(Unpause(subscription=fibre), today=date(2012, 3, 20))
    office.close(date(2012, 3, 31))
    return customer


def test_lively_books_are_clean(office: Office) -> None:
    lively(office)

    assert office.findings() == []


def test_books_with_a_cycle_that_waits_for_repair_are_clean(office: Office) -> None:
    customer = lively(office)
    office.subscribe(customer)
    office.do(ChangePrice(subscription=1, price=brl("117.00"), on=date(2012, 2, 20)))  # type: ignore[arg-type]

    assert office.findings() == []


def test_books_with_an_open_cycle_that_was_billed_in_part_are_clean(office: Office) -> None:
    office.load(policies={"no-last-day": {"greedy": True}})
    office.subscribe(office.register(), "no-last-day", on=date(2012, 2, 1))
    office.close(LEAP_DAY)

    run = office.close(date(2012, 3, 10))

    assert run.charges == 1
    assert office.findings() == []


@pytest.mark.parametrize(
    ("tampering", "subject", "rule"),
    [
        ("update subscriptions set status = 'suspended'", "subscription 1", "snapshot"),
        ("update subscriptions set plan = 'adsl'", "subscription 1", "snapshot"),
        ("update subscriptions set ended_on = '2012-03-01'", "subscription 1", "snapshot"),
        ("update subscriptions set closed_through = '2012-03-01'", "subscription 1", "snapshot"),
        ("update subscriptions set closed_through = null", "subscription 1", "snapshot"),
        ("update customers set due_day = 11", "customer 1", "snapshot"),
        ("update customers set code = 'other'", "customer 1", "snapshot"),
        ("delete from catalog_entries where code = 'moved'", "catalogue entry reasons/moved", "snapshot"),
        (
            "update catalog_entries set document = '{}' where code = 'moved'",
            "catalogue entry reasons/moved",
            "snapshot",
        ),
        (
            "delete from charges where line = 'films' and cycle_start = '2012-03-01'",
            "subscription 1",
            "issued",
        ),
        ("delete from charges where kind = 'credit'", "subscription 1", "issued"),
        ("update charges set amount = amount + 1 where line = 'access'", "subscription 1", "issued"),
        ("update charges set currency = 'USD' where line = 'access'", "subscription 1", "issued"),
        ("update charges set kind = 'charge' where kind = 'credit'", "subscription 1", "issued"),
        ("update charges set line = 'other' where line = 'films'", "subscription 1", "issued"),
        ("delete from closings where cycle_start = '2012-02-01'", "subscription 1", "unpinned"),
        (
            "delete from receivables where line = 'films'",
            "charge 1:plan:films@media:2012-02-01:0:2",
            "receivable",
        ),
        (
            "update receivables set amount = amount + 1 where line = 'films' and cycle_start = '2012-03-01'",
            "receivable 1:plan:films@media:2012-03-01:0:5",
            "receivable",
        ),
        (
            "update receivables set company = 'media' where line = 'access' and cycle_start = '2012-03-01'",
            "receivable 1:plan:access@net:2012-03-01:0:5",
            "receivable",
        ),
        ('update terms set document = \'{"rounding": "down"}\'', "subscription 1", "unreadable"),
        ("update receivables set currency = 'XXX'", "customer 1", "unreadable"),
        ("update payments set amount = amount + 100", "payment bank:p1", "allocated"),
        ("delete from allocations where source_kind = 'payment'", "payment bank:p1", "allocated"),
        (
            "update allocations set amount = amount + 5 where target = 'balance' and source_kind = 'payment'",
            "payment bank:p1",
            "allocated",
        ),
        (
            "update allocations set amount = amount * 100 where source_kind = 'balance'",
            "customer 1",
            "balance",
        ),
        (
            "update allocations set amount = amount + 99999 where source_kind = 'payment'",
            "receivable 1:",
            "over-settled",
        ),
    ],
)
def test_what_was_tampered_with_is_found(office: Office, tampering: str, subject: str, rule: str) -> None:
    lively(office)

    office.sql(tampering)

    found = office.findings()
    assert any(line.startswith(subject) and line.endswith(f"[{rule}]") for line in found), found


def test_a_check_reports_and_mends_nothing(office: Office) -> None:
    lively(office)
    office.sql("update charges set amount = amount + 1")
    before = office.dump()

    assert office.findings()
    assert office.dump() == before


def test_a_check_goes_through_more_customers_than_it_reads_at_once(office: Office) -> None:
    for number in range(3):
        office.subscribe(office.register(str(number)))
    office.close(LEAP_DAY)
    office.sql("update subscriptions set plan = 'fibre' where id = 3")

    assert [finding.split(":")[0] for finding in office.findings()] == ["subscription 3"]


def test_a_cancelled_subscription_whose_end_is_tampered_with_is_found(office: Office) -> None:
    subscription = office.subscribe(office.register())
    office.do(Cancel(subscription=subscription, reason="moved"))
    office.sql("update subscriptions set ended_on = null")

    assert office.findings() == [
        "subscription 1: ended_on is None, the facts say datetime.date(2012, 2, 24) [snapshot]"
    ]
