"""A credit of what nobody paid gives no money away: it takes the place of what was let go."""

from collections import Counter
from datetime import date

from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from ispcore.billing import (
    Allocation,
    Charge,
    DebitKind,
    EntryKind,
    Holder,
    LetGo,
    OpenAmounts,
    Receivable,
    ReceivableBalance,
    SourceKind,
    numbered,
    raised,
)
from ispcore.values import ChargeId, CustomerId, ItemId, Money
from tests.billing.test_settled import receivable
from tests.catalogues import brl

DAY = date(2026, 3, 1)
HOLDER = Holder(CustomerId(1), "main", "BRL")
BILL = evolve(receivable("100.00"), key=evolve(receivable().key, item=ItemId("plan")))


class Ledger:
    """Receivables with where amounts were put, and what a credit did."""

    def __init__(self, *bills: Receivable) -> None:
        """Begin with these *bills*, open."""
        self.bills = {one.id: one for one in bills}
        self.put: list[Allocation] = []

    def settle(self, kind: SourceKind, minor: int, bill: ChargeId = BILL.id, source: str = "x") -> None:
        """Put an amount to a bill, or what is open of it."""
        part = min(minor, self.of(bill).open.minor)
        if part > 0:
            self.put.append(Allocation(kind, source, HOLDER, bill, Money(part, brl("0").currency), DAY))

    def agree(self, minor: int, bill: ChargeId = BILL.id) -> Receivable | None:
        """Put one instalment in the place of an amount."""
        part = min(minor, self.of(bill).open.minor)
        if part <= 0:
            return None
        number = len(self.bills)
        amount = Money(part, brl("0").currency)
        again = numbered(evolve(self.bills[bill], amount=amount), DebitKind.AGREEMENT, number, "1")
        self.settle(SourceKind.AGREEMENT, part, bill, f"agreement:{number}")
        self.bills[again.id] = again
        return again

    def credit(self, minor: int, fact: int = 1) -> None:
        """Take so much of the first bill back."""
        amount = Money(minor, brl("0").currency)
        entry: Charge = evolve(raised(BILL), kind=EntryKind.CREDIT, amount=amount, fact=fact)
        amounts = OpenAmounts(
            [(one, self.of(name).open.minor) for name, one in self.bills.items()],
            [],
            let_go={name: self._let_go(name) for name in self.bills},
        )
        self.put += amounts.settle_credit(entry, DAY)

    def of(self, bill: ChargeId) -> ReceivableBalance:
        """Return a bill with what became of it."""
        return ReceivableBalance.of(self.bills[bill], self._sums(bill))

    def balance(self) -> int:
        return sum(one.balance_minor for one in self.put)

    def _sums(self, bill: ChargeId) -> Counter[SourceKind]:
        sums: Counter[SourceKind] = Counter()
        for one in self.put:
            if one.receivable == bill:
                sums[one.source_kind] += one.amount.minor
        return sums

    def _let_go(self, bill: ChargeId) -> LetGo:
        sums = self._sums(bill)
        agreed = {
            one.source: one.amount.minor
            for one in self.put
            if one.receivable == bill and one.source_kind is SourceKind.AGREEMENT
        }
        return LetGo(
            sums[SourceKind.WAIVER] - sums[SourceKind.UNWAIVED],
            sums[SourceKind.WRITE_OFF] - sums[SourceKind.UNWRITTEN],
            agreed,
        )


def places(one: ReceivableBalance) -> tuple[str, ...]:
    """Return open, paid, credited, renegotiated, written off, as text."""
    return tuple(str(m.amount) for m in (one.open, one.paid, one.credited, one.renegotiated, one.written_off))


def test_a_credit_takes_the_place_of_a_waiver() -> None:
    books = Ledger(BILL)
    books.settle(SourceKind.PAYMENT, 7_000)
    books.settle(SourceKind.WAIVER, 3_000)

    books.credit(5_000)

    assert books.balance() == 2_000
    assert places(books.of(BILL.id)) == ("0.00", "70.00", "30.00", "0.00", "0.00")


def test_a_credit_takes_the_place_of_what_was_written_off() -> None:
    books = Ledger(BILL)
    books.settle(SourceKind.WRITE_OFF, 10_000)

    books.credit(4_000)

    assert books.balance() == 0
    assert places(books.of(BILL.id)) == ("0.00", "0.00", "40.00", "0.00", "60.00")


def test_a_credit_of_what_was_renegotiated_lowers_the_instalments() -> None:
    books = Ledger(BILL)
    again = books.agree(10_000)
    assert again is not None

    books.credit(4_000)

    assert books.balance() == 0
    assert places(books.of(BILL.id)) == ("0.00", "0.00", "0.00", "100.00", "0.00")
    assert places(books.of(again.id)) == ("60.00", "0.00", "40.00", "0.00", "0.00")


def test_what_was_paid_of_an_agreement_becomes_balance() -> None:
    books = Ledger(BILL)
    again = books.agree(10_000)
    assert again is not None
    books.settle(SourceKind.PAYMENT, 7_500, again.id)
    books.settle(SourceKind.WAIVER, 2_500, again.id)

    books.credit(10_000)

    assert books.balance() == 7_500
    assert places(books.of(again.id)) == ("0.00", "75.00", "25.00", "0.00", "0.00")


def test_a_credit_lowers_no_more_of_an_agreement_than_was_renegotiated_of_its_bill() -> None:
    other = evolve(numbered(BILL, DebitKind.FEE, 9), amount=brl("50.00"))
    books = Ledger(BILL, other)
    books.settle(SourceKind.PAYMENT, 8_000)
    again = books.agree(2_000)
    assert again is not None
    books.bills[again.id] = evolve(again, amount=brl("70.00"))  # it stands for the other bill too

    books.credit(10_000)

    assert books.of(again.id).open == brl("50.00")
    assert books.balance() == 8_000


moves = st.lists(
    st.tuples(
        st.sampled_from(["pay", "waive", "write off", "agree", "credit"]),
        st.integers(0, 3),
        st.integers(1, 6_000),
    ),
    max_size=14,
)
KINDS = {"pay": SourceKind.PAYMENT, "waive": SourceKind.WAIVER, "write off": SourceKind.WRITE_OFF}


@given(moves)
def test_only_what_was_paid_beyond_what_is_billed_becomes_balance(life: list[tuple[str, int, int]]) -> None:
    books, net, due = Ledger(BILL), BILL.amount.minor, 0
    for number, (move, pick, minor) in enumerate(life):
        bill = list(books.bills)[pick % len(books.bills)]
        if move == "agree":
            books.agree(minor, bill)
        elif move == "credit" and net:
            part = min(minor, net)
            books.credit(part, number + 1)
            net -= part
            paid = sum(one.amount.minor for one in books.put if one.source_kind is SourceKind.PAYMENT)
            due = max(due, paid - net)
        elif move != "credit":
            books.settle(KINDS[move], minor, bill, f"x{number}")
        assert books.balance() == due
        for each in map(books.of, books.bills):
            assert all(
                part.minor >= 0
                for part in (each.open, each.paid, each.credited, each.renegotiated, each.written_off)
            )
    assert len({(one.source_kind, one.source, one.receivable) for one in books.put}) == len(books.put)
