"""What a customer was asked for and paid, with a balance after every line."""

from datetime import date

from attrs import evolve

from ispcore.billing import Allocation, Holder, Receivable, SourceKind, Statement, statements
from ispcore.values import ChargeId, CustomerId
from tests.billing.owing import owed
from tests.catalogues import brl


def asked(number: int, amount: str, day: int, company: str = "main") -> Receivable:
    return evolve(owed(number, amount, company=company).receivable, issued_on=date(2026, 3, day))


def put(kind: SourceKind, source: str, amount: str, day: int, to: str | None = None) -> Allocation:
    holder = Holder(CustomerId(1), "main", "BRL")
    receivable = None if to is None else ChargeId(to)
    return Allocation(kind, source, holder, receivable, brl(amount), date(2026, 3, day))


def told(account: Statement) -> list[tuple[int, str, str, str]]:
    return [
        (line.on.day, line.kind.value, str(line.amount.amount), str(line.balance.amount))
        for line in account.lines
    ]


BOOKS = (
    [asked(1, "100.00", 1), asked(2, "50.00", 5)],
    [
        put(SourceKind.PAYMENT, "bank:1", "100.00", 3, "a"),
        put(SourceKind.PAYMENT, "bank:1", "20.00", 3),
        put(SourceKind.BALANCE, "use-1", "20.00", 5, "b"),
        put(SourceKind.WRITE_OFF, "off-1", "10.00", 7, "b"),
        put(SourceKind.REVERSAL, "bank:1", "120.00", 9, "a"),
        put(SourceKind.RETURN, "use-1/1", "20.00", 9, "b"),
    ],
)
"""A hundred and fifty were asked for; a payment of a hundred and twenty came and was taken back."""


def test_each_source_is_one_line_and_the_balance_runs() -> None:
    (account,) = statements(*BOOKS)

    assert told(account) == [
        (1, "debit", "100.00", "100.00"),
        (3, "payment", "-120.00", "-20.00"),
        (5, "debit", "50.00", "30.00"),
        (7, "write_off", "-10.00", "20.00"),
        (9, "reversal", "120.00", "140.00"),
    ]
    assert (account.before, account.balance) == (brl("0.00"), brl("140.00"))


def test_what_was_before_the_first_day_is_in_the_balance_that_begins() -> None:
    (account,) = statements(*BOOKS, since=date(2026, 3, 5), until=date(2026, 3, 7))

    assert account.before == brl("-20.00")
    assert [day for day, *_ in told(account)] == [5, 7]


def test_days_without_a_line_leave_what_was_owed_before_them() -> None:
    (account,) = statements(*BOOKS, since=date(2026, 4, 1))

    assert (account.lines, account.balance) == ((), brl("140.00"))


def test_a_refund_that_is_asked_for_again_lowers_what_is_kept() -> None:
    refunded = [
        put(SourceKind.PAYMENT, "bank:1", "20.00", 1),
        put(SourceKind.REFUND, "refund-1", "20.00", 2),
        put(SourceKind.RETURN, "refund-1/1", "20.00", 3),
    ]

    (account,) = statements([], refunded)

    assert [(kind, balance) for _, kind, _, balance in told(account)] == [
        ("payment", "-20.00"),
        ("refund", "0.00"),
        ("return", "-20.00"),
    ]


def test_every_company_has_an_account_of_its_own() -> None:
    both = statements([asked(1, "10.00", 1, "net"), asked(2, "20.00", 1, "media")], [])

    assert [(one.holder.company, one.balance) for one in both] == [
        ("media", brl("20.00")),
        ("net", brl("10.00")),
    ]
