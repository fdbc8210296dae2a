"""Every minor unit of a receivable is paid, credited, renegotiated, written off or still open."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.billing import (
    Allocation,
    ChargeKey,
    DebitKind,
    EntryKind,
    Holder,
    Receivable,
    ReceivableBalance,
    ReceivableState,
    SourceKind,
    charge_id,
    raised,
)
from ispcore.catalog import Target
from ispcore.plans import Cycle
from ispcore.values import CustomerId, ItemId, LineId, Period, SubscriptionId
from tests.catalogues import brl

DAY = date(2026, 3, 1)
KEY = ChargeKey(
    SubscriptionId(104), ItemId("sale:7"), LineId("main"), "main", Cycle(Period(DAY, date(2026, 3, 2)), 0)
)


def receivable(amount: str = "100.00", kind: DebitKind = DebitKind.SALE) -> Receivable:
    return Receivable(
        id=charge_id(KEY, 0),
        key=KEY,
        customer=CustomerId(1),
        amount=brl(amount),
        description="Roteador",
        target=Target("3.1", "main", "telecom", None),
        charge_method="slip",
        due_on=DAY,
        issued_on=DAY,
        accrual=DAY,
        document_accrual=DAY,
        separate_slip=False,
        separate_document=False,
        kind=kind,
    )


def test_behind_an_amount_that_no_closing_made_stands_a_charge_with_its_id() -> None:
    charge = raised(receivable())

    assert charge.id == receivable().id
    assert (charge.kind, charge.amount, charge.signed_minor) == (EntryKind.RAISED, brl("100.00"), 10_000)


@pytest.mark.parametrize(
    ("settled", "state"),
    [
        ({}, ReceivableState.OPEN),
        ({SourceKind.PAYMENT: 4_000}, ReceivableState.PARTLY_PAID),
        ({SourceKind.PAYMENT: 4_000, SourceKind.BALANCE: 6_000}, ReceivableState.PAID),
        ({SourceKind.PAYMENT: 10_000, SourceKind.REVERSAL: 10_000}, ReceivableState.OPEN),
        ({SourceKind.BALANCE: 10_000, SourceKind.RETURN: 1}, ReceivableState.PARTLY_PAID),
        ({SourceKind.CREDIT: 9_999, SourceKind.WAIVER: 1}, ReceivableState.CANCELLED),
        ({SourceKind.PAYMENT: 1, SourceKind.AGREEMENT: 9_999}, ReceivableState.RENEGOTIATED),
        ({SourceKind.PAYMENT: 1, SourceKind.WRITE_OFF: 9_999}, ReceivableState.WRITTEN_OFF),
    ],
)
def test_a_state_is_a_fold_of_what_was_put(settled: dict[SourceKind, int], state: ReceivableState) -> None:
    assert ReceivableBalance.of(receivable(), settled).state is state


@given(
    st.dictionaries(
        st.sampled_from([kind for kind in SourceKind if kind is not SourceKind.REFUND]), st.integers(1, 5_000)
    )
)
def test_the_places_of_a_receivable_sum_to_its_amount(settled: dict[SourceKind, int]) -> None:
    one = ReceivableBalance.of(receivable("500.00"), settled)
    holder = Holder(CustomerId(1), "main", "BRL")
    put = [
        Allocation(kind, "x", holder, receivable().id, brl(f"{minor / 100:.2f}"), DAY)
        for kind, minor in settled.items()
    ]

    places = one.paid + one.credited + one.renegotiated + one.written_off
    assert one.open + places == brl("500.00")
    assert places.minor == sum(allocation.settled_minor for allocation in put)


@pytest.mark.parametrize(
    ("kind", "to_receivable", "balance"),
    [
        (SourceKind.PAYMENT, False, 1),
        (SourceKind.CREDIT, False, 1),
        (SourceKind.PAYMENT, True, 0),
        (SourceKind.WAIVER, True, 0),
        (SourceKind.BALANCE, True, -1),
        (SourceKind.RETURN, True, 1),
        (SourceKind.REVERSAL, True, 0),
        (SourceKind.REVERSAL, False, -1),
        (SourceKind.REFUND, False, -1),
    ],
)
def test_each_kind_moves_the_balance_one_way(kind: SourceKind, to_receivable: bool, balance: int) -> None:
    target = receivable().id if to_receivable else None
    one = Allocation(kind, "x", Holder(CustomerId(1), "main", "BRL"), target, brl("0.01"), DAY)

    assert one.balance_minor == balance
    assert (one.settled_minor == 0) is not to_receivable
