"""What belongs together when something is paid, and what comes back when a payment is taken back."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.billing import Allocation, DebitKind, Holder, LateAmounts, Receivable, SourceKind
from ispcore.billing.debts import debts_of, instalments, late_receivables, returns, reversal
from ispcore.catalog import AllocationOrder
from ispcore.values import ChargeId, CustomerId
from tests.billing.owing import MARCH_10, owed
from tests.catalogues import brl

APRIL_1 = date(2026, 4, 1)
FEE = owed(1)
FINE = owed(2, "2.00", kind=DebitKind.FINE, about=FEE.receivable)
INTEREST = owed(3, "1.00", kind=DebitKind.INTEREST, about=FEE.receivable)


def kinds(receivables: tuple[Receivable, ...]) -> list[str]:
    return [one.kind.value for one in receivables]


# --- debts


def test_a_fine_and_interest_go_with_what_they_are_about() -> None:
    other = owed(4, "9.00")

    first, second = debts_of([FEE, other, FINE, INTEREST])

    assert (first.about, first.open_minor, len(first.parts)) == (FEE.receivable.id, 10_300, 3)
    assert (second.about, second.open_minor) == (other.receivable.id, 900)


@pytest.mark.parametrize(
    ("order", "met"),
    [
        (AllocationOrder.INTEREST_FIRST, ["interest", "fine", "fee"]),
        (AllocationOrder.FINE_FIRST, ["fine", "interest", "fee"]),
        (AllocationOrder.PRINCIPAL_FIRST, ["fee", "fine", "interest"]),
    ],
)
def test_the_policy_says_in_which_order_a_payment_meets_the_parts(
    order: AllocationOrder, met: list[str]
) -> None:
    (debt,) = debts_of([FEE, FINE, INTEREST])

    assert kinds(tuple(one for one, _ in debt.in_order(order))) == met


def test_what_is_raised_about_a_debt_is_open_whole() -> None:
    (debt,) = debts_of([owed(1, payment=4_000)])

    assert debt.with_parts([FINE.receivable]).open_minor == 6_200


def test_a_fine_and_interest_are_raised_with_numbers_of_their_own_and_nothing_for_nothing() -> None:
    def raised(fine: str, interest: str) -> tuple[Receivable, ...]:
        asked = LateAmounts(brl(fine), brl(interest))
        return tuple(
            late_receivables(FEE.receivable, asked, through=APRIL_1, issued_on=APRIL_1, numbers=[7, 8])
        )

    fine, interest = raised("2.00", "0.50")

    assert [fine.key.item, interest.key.item] == ["fine:7", "interest:8"]
    assert (fine.about, fine.through, fine.due_on) == (FEE.receivable.id, APRIL_1, APRIL_1)
    assert kinds(raised("0.00", "0.50")) == ["interest"]
    assert raised("0.00", "0.00") == ()


# --- agreements


@pytest.mark.parametrize(
    ("last", "parts"), [(False, ["33.34", "33.33", "33.33"]), (True, ["33.33", "33.33", "33.34"])]
)
def test_the_spare_cent_goes_to_the_first_or_to_the_last_instalment(last: bool, parts: list[str]) -> None:
    made = instalments(FEE.receivable, parts=3, first_due=date(2026, 1, 31), number=5, last_takes_spare=last)

    assert [one.amount for one in made] == [brl(part) for part in parts]
    assert [one.due_on for one in made] == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31)]
    assert made[0].description == "Agreement 5, 1 of 3"


@given(st.integers(1, 100_000), st.integers(1, 36), st.booleans())
def test_instalments_sum_to_the_whole_and_none_is_of_nothing(minor: int, parts: int, last: bool) -> None:
    whole = owed(1, f"{minor / 100:.2f}").receivable

    made = instalments(whole, parts=parts, first_due=MARCH_10, number=1, last_takes_spare=last)

    assert sum(one.amount.minor for one in made) == minor
    assert all(one.amount.minor > 0 for one in made)


# --- taken back


def moved(kind: SourceKind, source: str, minor: int, *, to: str | None = None, day: int = 1) -> Allocation:
    receivable = None if to is None else ChargeId(to)
    holder = Holder(CustomerId(1), "main", "BRL")
    return Allocation(kind, source, holder, receivable, brl(f"{minor / 100:.2f}"), date(2026, 3, day))


def test_a_reversal_takes_a_payment_from_everywhere_that_it_went() -> None:
    put = [moved(SourceKind.PAYMENT, "bank:1", 700, to="a"), moved(SourceKind.PAYMENT, "bank:1", 300)]

    back = reversal(put, APRIL_1)

    assert [(one.source_kind, one.receivable, one.amount, one.on) for one in back] == [
        (SourceKind.REVERSAL, "a", brl("7.00"), APRIL_1),
        (SourceKind.REVERSAL, None, brl("3.00"), APRIL_1),
    ]


USED = [
    moved(SourceKind.PAYMENT, "bank:1", 1_000),
    moved(SourceKind.BALANCE, "use-1", 400, to="a", day=2),
    moved(SourceKind.BALANCE, "use-2", 300, to="b", day=3),
    moved(SourceKind.REFUND, "refund-1", 300, day=4),
]
"""Ten were kept; four and three were put to receivables, three were paid out."""


@pytest.mark.parametrize(
    ("minor", "back", "refunded"),
    [
        (0, [], 0),
        (200, [("use-2/1", 200)], 0),
        (500, [("use-2/1", 300), ("use-1/1", 200)], 0),
        (1_000, [("use-2/1", 300), ("use-1/1", 400), ("refund-1/1", 300)], 300),
    ],
)
def test_the_latest_use_comes_back_first_and_refunds_at_last(
    minor: int, back: list[tuple[str, int]], refunded: int
) -> None:
    found = returns(USED, minor, APRIL_1)

    assert [(one.source, one.amount.minor) for one in found.allocations] == back
    assert found.refunded_minor == refunded


def test_what_came_back_does_not_come_back_again() -> None:
    before = returns(USED, 200, APRIL_1).allocations

    again = returns([*USED, *before], 200, APRIL_1).allocations

    assert [(one.source, one.amount.minor) for one in again] == [("use-2/2", 100), ("use-1/1", 100)]
