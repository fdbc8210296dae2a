"""A payment book as text: a page for each slip that waits for money."""

from datetime import date

from attrs import evolve

from ispcore.billing import PaymentBook, Slip, SlipGroup, SlipState, printed_book
from ispcore.billing.slips import line_for
from ispcore.values import BookId, CustomerId, SlipId
from tests.billing.owing import MARCH_10, owed

BOOK = PaymentBook(BookId(3), CustomerId(1), None, 2, date(2026, 3, 1))
FIRST, OLD, NEXT = owed(1), owed(2, "9.00", due=date(2026, 2, 10)), owed(3, due=date(2026, 4, 10))
BALANCES = {one.receivable.id: one for one in (FIRST, OLD, NEXT)}
MARCH = Slip(
    SlipId(11),
    SlipGroup.of(FIRST.receivable),
    MARCH_10,
    date(2026, 3, 1),
    (line_for(FIRST), line_for(OLD, gathered=True)),
    SlipState.PARTLY_PAID,
    book=BookId(3),
)
APRIL = evolve(MARCH, id=SlipId(12), due_on=date(2026, 4, 10), lines=(line_for(NEXT),), state=SlipState.OPEN)


def test_a_book_has_a_page_for_each_slip_that_waits_the_first_due_first() -> None:
    slips = [APRIL, MARCH, evolve(APRIL, id=SlipId(13), state=SlipState.PAID)]

    text = printed_book(BOOK, slips, BALANCES, customer="Ana Souza", companies={"main": "Rede Ltda"})

    assert text == (
        "Payment book 3 of 01/03/2026\nAna Souza (customer 1)\n\n"
        f"{'-' * 60}\nSlip 11 (1 of 2)  to Rede Ltda  due 10/03/2026\n"
        f"  {FIRST.receivable.description}: 100.00 BRL\n"
        f"  {OLD.receivable.description}, due 10/02/2026: 9.00 BRL\n"
        "To pay: 109.00 BRL (a part of it is paid)\n\n"
        f"{'-' * 60}\nSlip 12 (2 of 2)  to Rede Ltda  due 10/04/2026\n"
        f"  {NEXT.receivable.description}: 100.00 BRL\nTo pay: 100.00 BRL\n\n"
        f"{'-' * 60}\nAll slips: 209.00 BRL\n"
    )


def test_a_book_that_is_paid_has_no_page() -> None:
    text = printed_book(BOOK, [evolve(APRIL, state=SlipState.PAID)], BALANCES, customer="Ana Souza")

    assert text.endswith("All slips: nothing to pay\n")
    assert "Slip 12" not in text
