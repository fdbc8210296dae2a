"""Payment files: what each row becomes, and that nothing of them is lost or done twice."""

import io
from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from ispcore.errors import DocumentError, NotPermittedError
from ispcore.importing import (
    PAYMENT_COLUMNS,
    BadRows,
    CsvRows,
    DateStyle,
    DecimalMark,
    PaymentRowOutcome,
    PaymentRowState,
    Written,
    import_payments,
)
from ispcore.values import CustomerId
from tests.providers import ANA, NOBODY, Office, open_office

HEAD = "payment_id,amount,paid_on,customer_code,slip,currency\n"
LEAP_DAY = date(2012, 2, 29)

Read = Callable[..., list[PaymentRowOutcome]]
RECORDED, PARKED, THERE, REFUSED = PaymentRowState


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "provider.db") as office:
        yield office


@pytest.fixture
def customer(office: Office) -> CustomerId:
    customer = office.register(code="C-17")
    office.subscribe(customer, on=date(2012, 2, 1))
    office.close(LEAP_DAY)
    office.clock.move_to(date(2012, 3, 9))
    return customer


def rows_of(text: str, written: Written | None = None) -> CsvRows:
    return CsvRows(io.BytesIO(text.encode()), written, "The file", PAYMENT_COLUMNS)


@pytest.fixture
def read(office: Office) -> Read:
    """Import the text of a file of the bank, and return what became of each row."""

    def call(text: str, written: Written | None = None, **options: Any) -> list[PaymentRowOutcome]:
        return list(
            import_payments(
                office.provider, rows_of(text, written), **{"actor": ANA, "source": "bank", **options}
            )
        )

    return call


def states(outcomes: list[PaymentRowOutcome]) -> list[PaymentRowState]:
    return [outcome.state for outcome in outcomes]


def test_each_row_is_recorded_parked_or_refused(office: Office, customer: CustomerId, read: Read) -> None:
    text = HEAD + (
        "1,60.00,2012-03-09,C-17,,\n"
        "2,60.00,2012-03-09,C-99,,\n"
        "3,sixty,2012-03-09,C-17,,\n"
        "4,60.00,2012-03-09,,812,\n"
        "5,60.00,2012-03-09,C-17,,USD\n"
        "6,-60.00,2012-03-09,C-17,,\n"
        "7,60.00,2012-03-09,C-17,,ZZZ\n"
        ",60.00,2012-03-09,C-17,,\n"
        "9,60.00,2012-03-09\n"
    )

    found = read(text)

    assert states(found) == [RECORDED, PARKED, REFUSED, PARKED, PARKED, PARKED, REFUSED, REFUSED, REFUSED]
    assert [one.parked.rule for one in found if one.parked] == [
        "unknown-customer",
        "unknown-slip",
        "currency",
        "value",
    ]
    told = [str(problem) for one in found for problem in one.problems]
    assert [text.split(":")[0] for text in told] == [
        "line 4, amount 'sixty'",
        "line 8, currency 'ZZZ'",
        "line 9, payment_id ''",
        "line 10",
    ]
    assert list(office.open_amounts(customer).values()) == ["40.00"]
    assert office.findings() == []


def test_the_same_file_again_changes_nothing(office: Office, customer: CustomerId, read: Read) -> None:
    text = HEAD + "1,60.00,2012-03-09,C-17,,\n2,60.00,2012-03-09,C-99,,\n"
    read(text)
    before = office.dump()

    assert states(read(text)) == [THERE, THERE]
    assert office.dump() == before


def test_a_run_that_was_cut_short_is_run_again(office: Office, customer: CustomerId, read: Read) -> None:
    text = HEAD + "".join(f"{n},0.10,2012-03-09,C-17,,\n" for n in range(600))
    # A slice is saved whole, so the second one was not begun.
    begun = import_payments(office.provider, rows_of(text), actor=ANA, source="bank")
    list(islice(begun, 3))

    again = read(text)

    assert states(again) == [THERE] * 500 + [RECORDED] * 100
    assert list(office.open_amounts(customer).values()) == ["40.00"]
    assert office.findings() == []


def test_a_dry_run_saves_nothing(office: Office, customer: CustomerId, read: Read) -> None:
    before = office.dump()

    found = read(HEAD + "1,60.00,2012-03-09,C-17,,\n", dry_run=True)

    assert states(found) == [RECORDED]
    assert office.dump() == before


def test_a_file_says_how_it_is_written(office: Office, customer: CustomerId, read: Read) -> None:
    written = Written(decimal=DecimalMark.COMMA, dates=DateStyle.DAY_FIRST)

    found = read("payment_id;amount;paid_on;customer\n1;100,00;09/03/2012;1\n", written)

    assert states(found) == [RECORDED]
    assert office.open_amounts(customer) == {}


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("payment_id,amount", r"paid_on.*is required"),
        ("payment_id,amount,paid_on,customr", r"no such column.*'customer'"),
        ("payment_id,amount,paid_on,extra.x", "no such column"),
        ("nothing,at,all", "no header"),
    ],
)
def test_a_header_that_says_too_little_or_something_else_is_refused(header: str, words: str) -> None:
    with pytest.raises(DocumentError, match=words):
        rows_of(f"{header}\n")


def test_who_may_not_record_payments_reads_no_file(office: Office) -> None:
    with pytest.raises(NotPermittedError):
        import_payments(office.provider, rows_of(HEAD), actor=NOBODY, source="bank")


def test_a_provider_that_cannot_be_named_refuses_each_row(
    office: Office, customer: CustomerId, read: Read
) -> None:
    (found,) = read(HEAD + "1,60.00,2012-03-09,C-17,,\n", source="b:k")

    assert "cannot name a provider" in str(found.problems[0])


def test_bad_rows_can_be_corrected_and_read_again(office: Office, customer: CustomerId, read: Read) -> None:
    rows = rows_of(HEAD + "1,sixty,2012-03-09,C-17,,\n")
    file = io.StringIO(newline="")
    bad_rows = BadRows(file, rows)
    for outcome in import_payments(office.provider, rows, actor=ANA, source="bank"):
        bad_rows.write(outcome)

    found = read(file.getvalue().replace("1,sixty", "1,60.00"))

    assert states(found) == [RECORDED]
