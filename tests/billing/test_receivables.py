"""Receivables: one a line, with where it is booked; credits, payments and balances put to them."""

from datetime import date

import pytest

from ispcore.billing import Holder, ReceivableState, SourceKind
from ispcore.plans import Cancel, ChangeBillingTerms, ChangePlan, ChangePrice, CustomiseComposition, Retract
from ispcore.values import ChargeId
from tests.books import KeptBooks
from tests.catalogues import CUSTOMER, SUBSCRIPTION, brl, line


def closed(plan: str = "fibre", on: date = date(2012, 3, 31), **terms: object) -> KeptBooks:
    """Return books of a subscription that begins on 1 March, closed."""
    books = KeptBooks()
    books.open(plan, date(2012, 3, 1), **terms)
    books.close(on)
    return books


def cancelled(books: KeptBooks, on: date) -> KeptBooks:
    """Return *books* after a cancellation on that day that was entered on 2 April, closed again."""
    end = Cancel(subscription=SUBSCRIPTION, reason="moved", on=on)
    books.record(end, today=date(2012, 4, 2))
    books.close(date(2012, 4, 2))
    return books


def receivable(books: KeptBooks, line_id: str) -> ChargeId:
    return next(one.id for one in books.receivables.values() if one.key.line == line_id)


def put(books: KeptBooks, kind: SourceKind) -> list[tuple[str, str | None]]:
    """Return amounts put to anything by this kind of source, each with the line of its receivable."""
    return [
        (str(one.amount.amount), books.receivables[one.receivable].key.line if one.receivable else None)
        for one in books.allocations
        if one.source_kind is kind
    ]


NET = Holder(CUSTOMER, "net", "BRL")
MEDIA = Holder(CUSTOMER, "media", "BRL")


@pytest.mark.covers("S0-043", "S0-049", "S0-050", "S0-051", "S0-053", "S0-054", "S0-055", "S0-269")
def test_each_line_becomes_one_receivable_of_its_company_document_and_charge_method() -> None:
    books = KeptBooks()
    number = books.open("fibre", date(2012, 3, 1))
    films = line(
        "films", "30.00", company="media", document_type="nfse", account="3.1.02", charge_method="card"
    )
    books.record(
        CustomiseComposition(subscription=number, lines=(line("access", "80.00"), films), on=date(2012, 3, 1))
    )

    receivables = books.close(date(2012, 3, 31)).receivables

    assert [
        (one.description, str(one.amount.amount), one.target.company, one.target.document_type,
         one.target.account, one.charge_method)
        for one in receivables
    ] == [
        ("Access", "80.00", "net", "nfcom", "3.1.01", "slip"),
        ("Films", "30.00", "media", "nfse", "3.1.02", "card"),
        ("Fibra 300", "10.00", "net", "nfcom", "3.1.01", "slip"),
    ]  # fmt: skip


def test_a_receivable_carries_its_charges_id_and_the_separations() -> None:
    books = closed("adsl", separate_slip=True)

    ((receivable_id, one),) = books.receivables.items()

    assert (receivable_id, one.key) == (books.charges[0].id, books.charges[0].key)
    assert receivable_id == "104:plan:remainder@net:2012-03-01:0:1"
    assert (one.customer, one.issued_on) == (CUSTOMER, date(2012, 3, 31))
    assert (one.separate_slip, one.separate_document) == (True, False)


def test_a_charge_method_that_changes_counts_from_its_day() -> None:
    books = closed("adsl")
    books.record(ChangeBillingTerms(subscription=SUBSCRIPTION, charge_method="card", on=date(2012, 4, 1)))

    (one,) = books.close(date(2012, 4, 30)).receivables

    assert one.charge_method == "card"


def test_nothing_put_to_it_is_open() -> None:
    books = closed("adsl")

    standing = books.standing(receivable(books, "remainder"))

    assert (standing.state, standing.open.minor) == (ReceivableState.OPEN, 10000)


def test_a_payment_goes_to_the_first_due_and_then_to_the_next() -> None:
    books = closed("adsl", on=date(2012, 4, 30))

    books.pay("120.00", date(2012, 5, 2))

    first, second = (books.standing(one) for one in books.receivables)
    assert (first.state, first.open.minor) == (ReceivableState.PAID, 0)
    assert (second.state, second.open.minor) == (ReceivableState.PARTLY_PAID, 8000)


def test_what_is_paid_over_becomes_balance_and_pays_the_next_closing() -> None:
    books = closed("adsl")
    books.pay("130.00", date(2012, 4, 2))
    assert books.balances() == {NET: 3000}

    books.close(date(2012, 4, 30))

    assert books.balances() == {NET: 0}
    assert put(books, SourceKind.BALANCE) == [("30.00", "remainder")]
    assert [books.standing(one).open.minor for one in books.receivables] == [0, 7000]


def test_a_balance_pays_no_other_company() -> None:
    books = closed("adsl")
    books.pay("50.00", date(2012, 4, 2), company="media")
    assert books.balances() == {MEDIA: 5000}

    books.close(date(2012, 4, 30))

    assert books.balances() == {MEDIA: 5000}
    assert [books.standing(one).open.minor for one in books.receivables] == [10000, 10000]


def test_a_balance_that_grows_twice_on_one_day_is_used_twice() -> None:
    books = closed("adsl")
    for amount in ("30.00", "20.00"):
        books.pay(amount, date(2012, 4, 2), towards=[])
        books.close(date(2012, 4, 2))

    used = [one.source for one in books.allocations if one.source_kind is SourceKind.BALANCE]
    assert len(used) == len(set(used)) == 2
    assert books.balances() == {NET: 0}


def test_a_credit_first_lowers_the_open_receivable_that_it_repairs() -> None:
    books = cancelled(closed("fibre"), date(2012, 3, 10))

    assert put(books, SourceKind.CREDIT) == [("54.19", "access"), ("20.32", "films"), ("6.78", "remainder")]
    assert books.balances() == {NET: 0, MEDIA: 0}
    assert books.standing(receivable(books, "access")).state is ReceivableState.OPEN
    assert books.standing(receivable(books, "access")).open.minor == 2581


def test_what_was_taken_back_whole_is_cancelled() -> None:
    books = cancelled(closed("adsl"), date(2012, 3, 1))

    assert books.standing(receivable(books, "remainder")).state is ReceivableState.CANCELLED


def test_of_a_paid_receivable_the_credit_becomes_balance_of_its_company() -> None:
    books = closed("fibre")
    books.pay("90.00", date(2012, 4, 1))
    books.pay("30.00", date(2012, 4, 1), company="media")

    cancelled(books, date(2012, 3, 10))

    assert put(books, SourceKind.CREDIT) == [("54.19", None), ("20.32", None), ("6.78", None)]
    assert books.balances() == {NET: 6097, MEDIA: 2032}
    assert books.standing(receivable(books, "access")).state is ReceivableState.PAID


def test_of_a_partly_paid_receivable_only_what_was_paid_too_much_becomes_balance() -> None:
    books = closed("adsl")
    books.pay("60.00", date(2012, 4, 1))

    cancelled(books, date(2012, 3, 10))  # 67.74 to take back, 40.00 of it open

    assert put(books, SourceKind.CREDIT) == [("40.00", "remainder"), ("27.74", None)]
    assert books.standing(receivable(books, "remainder")).state is ReceivableState.PAID


def test_a_credit_pays_what_is_charged_in_the_same_closing() -> None:
    books = closed("adsl", on=date(2012, 3, 1), advance=True)
    books.pay("100.00", date(2012, 3, 2))
    books.record(ChangePlan(subscription=SUBSCRIPTION, plan="closing-15", on=date(2012, 3, 17)))

    closing = books.close(date(2012, 3, 17))

    assert [(one.source_kind.value, str(one.amount)) for one in closing.allocations] == [
        ("credit", "48.39 BRL"),  # unused days
        ("balance", "48.39 BRL"),  # of the same price, so nothing is left to pay
    ]
    assert sum(books.open_amount(one) for one in books.receivables.values()) == 0


def test_a_credit_repairs_the_newest_receivable_of_its_key_first() -> None:
    books = closed("adsl", on=date(2012, 3, 1), advance=True)
    change = ChangePrice(subscription=SUBSCRIPTION, price=brl("162.00"), on=date(2012, 3, 17))
    books.record(change)
    books.close(date(2012, 3, 17))
    books.record(Retract(subscription=SUBSCRIPTION, fact=2), today=date(2012, 3, 18))

    books.close(date(2012, 3, 18))

    first, second = (books.standing(one) for one in books.receivables)
    assert (str(second.receivable.amount), second.state) == ("30.00 BRL", ReceivableState.CANCELLED)
    assert (first.state, first.open.minor) == (ReceivableState.OPEN, 10000)


def test_a_credit_is_booked_where_its_charge_was() -> None:
    books = closed("fibre", on=date(2012, 3, 1), advance=True)
    moved = (line("films", "10.00", company="net"),)
    books.record(CustomiseComposition(subscription=SUBSCRIPTION, lines=moved, on=date(2012, 3, 1)))

    entries = books.close(date(2012, 3, 2)).entries

    booked = {(one.key.line, one.target.company): (one.kind.value, str(one.amount.amount)) for one in entries}
    assert booked == {
        ("films", "media"): ("credit", "30.00"),
        ("films", "net"): ("charge", "10.00"),
        ("remainder", "net"): ("charge", "100.00"),
        ("access", "net"): ("credit", "80.00"),
    }
