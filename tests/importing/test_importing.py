"""Importing a CSV file: what its rows become, and what is said of the bad ones."""

import io
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ispcore.errors import DocumentError, NotPermittedError
from ispcore.importing import (
    COLUMNS,
    BadRows,
    CsvRows,
    DateStyle,
    DecimalMark,
    RowOutcome,
    RowState,
    Written,
    import_csv,
)
from ispcore.values import CustomerId, SubscriptionId
from tests.catalogues import START
from tests.providers import ANA, NOBODY, Office, open_office

HEAD = "customer_code,name,city,subscription_id,plan,price,status,billed_through,charge_method,due_day\n"
BRAZILIAN = Written(decimal=DecimalMark.COMMA, dates=DateStyle.DAY_FIRST)

Import = Callable[..., list[RowOutcome]]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "provider.db") as office:
        yield office


@pytest.fixture
def load(office: Office) -> Import:
    """Import a text or bytes, and return what became of each row."""

    def call(text: str | bytes, written: Written | None = None, **options: Any) -> list[RowOutcome]:
        raw = text.encode() if isinstance(text, str) else text
        rows = CsvRows(io.BytesIO(raw), written)
        return list(import_csv(office.provider, rows, **{"actor": ANA, "system": "old", **options}))

    return call


def said(outcomes: list[RowOutcome]) -> list[str]:
    return [str(problem) for outcome in outcomes for problem in outcome.problems]


def states(outcomes: list[RowOutcome]) -> list[RowState]:
    return [outcome.state for outcome in outcomes]


MARIA = "C1,Maria,Londrina,1,adsl,95.00,enabled,2012-02-29,slip,10\n"


def test_a_row_registers_a_customer_and_imports_a_subscription(office: Office, load: Import) -> None:
    found = load(HEAD + MARIA)

    assert states(found) == [RowState.IMPORTED]
    seen = office.provider.customer(CustomerId(1), actor=ANA).customer
    assert (seen.code, seen.details.name, seen.addresses[0].city) == ("C1", "Maria", "Londrina")
    last = office.provider.subscription(SubscriptionId(1), actor=ANA).timeline.last
    assert (str(last.plan.price), last.started_on) == ("95.00 BRL", date(2012, 3, 1))


def test_semicolons_decimal_commas_and_days_first_are_read_where_they_are_declared(
    office: Office, load: Import
) -> None:
    found = load(
        "\ufeffcustomer_code;name;city;subscription_id;plan;price;starts_on;charge_method;due_day\n"
        "C1;Conceição;Londrina;1;adsl;95,50;24/02/2012;slip;10\n",
        BRAZILIAN,
    )

    assert said(found) == []
    last = office.provider.subscription(SubscriptionId(1), actor=ANA).timeline.last
    assert (str(last.plan.price), last.started_on) == ("95.50 BRL", START)


@pytest.mark.parametrize(
    ("written", "column", "value", "hint"),
    [
        (Written(), "price", "95;50", "Write 1234.56."),
        (Written(), "price", '"95,50"', "declare that the decimal mark is a comma"),
        (Written(), "price", "R$ 95.50", "Write 1234.56."),
        (Written(), "price", "95.505", "digits"),
        (BRAZILIAN, "price", "1.234", "declare that the decimal mark is a point"),
        (BRAZILIAN, "price", '"1.234,56"', "Write 1234,56."),
        (Written(), "billed_through", "29/02/2012", "declare that days are written dd/mm/yyyy"),
        (Written(), "billed_through", "2012-02-30", "not a day of the calendar"),
        (Written(), "billed_through", "9012-02-03", "Use 1900-01-01 to 2199-12-31"),
        (BRAZILIAN, "billed_through", "30/02/2012", "not a day of the calendar"),
        (BRAZILIAN, "billed_through", "2012-02-29", "declare that days are ISO"),
        (BRAZILIAN, "billed_through", "2/3/12", "Write 24/02/2012."),
        (Written(), "due_day", "32", "not between 1 and 31"),
        (Written(), "due_day", "ten", "Use 1 to 31."),
        (Written(), "advance", "sim", "Write 'yes' or 'no'."),
        (Written(), "kind", "firm", "Use one of: person, company."),
        (Written(), "name", "Ma\x00ria", "does not print"),
    ],
)
def test_a_value_that_is_written_otherwise_than_declared_is_named_with_the_way_out(
    load: Import, written: Written, column: str, value: str, hint: str
) -> None:
    found = load(f"customer_code,{column}\nC1,{value}\n", written)

    (problem,) = (one for one in found[0].problems if one.rule == "value")
    assert (problem.line, problem.column, problem.value) == (2, column, value.strip('"'))
    assert hint in str(problem)


def test_every_bad_row_is_named_and_the_good_ones_are_imported(load: Import) -> None:
    found = load(
        HEAD
        + MARIA
        + "C2,Bia,Londrina,2,nowhere,,enabled,2012-02-29,slip,10\n"
        + "C3,Caio,Curitiba,3,adsl,,enabled,2012-02-29,slip,10\n"
        + "C4,Davi,Londrina,4,adsl,,enabled,2012-02-29,slip,7\n"
        + "C5,Eva,Londrina,5,adsl,,gone,2012-02-29,slip,10\n"
        + "C6,Fabio,Londrina,6,adsl,,enabled,2012-02-29,cheque,10\n"
        + "C7,Gil,Londrina,7,adsl,,enabled,2012-02-29,slip,10\n"
        + "C8,Hugo,Londrina,8,adsl,10000000000,enabled,2012-02-29,slip,10\n"
    )

    assert [(p.line, p.column, p.value, p.rule) for one in found for p in one.problems] == [
        (3, "plan", "nowhere", "not-found"),
        (4, "city", "Curitiba", "no-unit"),
        (5, "due_day", "7", "due-day-not-in-unit"),
        (6, "status", "gone", "not-found"),
        (7, "charge_method", "cheque", "charge-method-not-in-unit"),
        (9, "price", "10000000000", "price-too-high"),
    ]
    assert states(found).count(RowState.IMPORTED) == 2


def test_all_problems_of_a_row_are_named_at_once(load: Import) -> None:
    (row,) = load(HEAD + ",,Londrina,1,,95,,29/02/2012,,x\n")

    assert [(one.column, one.rule) for one in row.problems] == [
        ("billed_through", "value"),
        ("due_day", "value"),
        ("customer_code", "required"),
        ("name", "required"),
        ("plan", "required"),
    ]


def test_a_subscription_says_from_when_it_is_computed_here(load: Import) -> None:
    (row,) = load("customer_code,name,city,subscription_id,plan\nC1,Maria,Londrina,1,adsl\n")

    assert "line 2, billed_through '': It is empty. Give the last day" in said([row])[0]


def test_a_customer_may_have_several_rows_and_none_may_contradict_the_first(load: Import) -> None:
    found = load(
        HEAD
        + MARIA
        + "C1,,,2,adsl,,enabled,2012-02-29,,\n"
        + "C1,Maria,Londrina,3,adsl,,enabled,2012-02-29,,\n"
        + "C1,Mario,Londrina,4,adsl,,enabled,2012-02-29,,\n"
    )

    assert states(found) == [RowState.IMPORTED] * 3 + [RowState.REFUSED]
    (problem,) = said(found)
    assert problem.startswith("line 5, customer_code 'C1': Line 2 says something else of this customer.")


def test_what_may_stand_once_is_found_twice_with_the_line_of_the_first(load: Import) -> None:
    found = load(
        "customer_code,name,city,tax_id,subscription_id,plan,billed_through,charge_method,due_day\n"
        "C1,Maria,Londrina,111,1,adsl,2012-02-29,slip,10\n"
        "C2,Mario,Londrina,111,1,adsl,2012-02-29,slip,10\n"
    )

    assert [(one.column, one.message) for one in found[1].problems] == [
        ("tax_id", "Line 2 has it too, for the customer 'C1'."),
        ("subscription_id", "Line 2 has it too."),
    ]


def test_a_row_is_imported_whole_or_not_at_all(office: Office, load: Import) -> None:
    refused = load(HEAD + MARIA.replace("Londrina", "Curitiba"))
    mended = load(HEAD + MARIA)

    assert states(refused + mended) == [RowState.REFUSED, RowState.IMPORTED]
    assert office.provider.customer(CustomerId(1), actor=ANA).customer.addresses[0].city == "Londrina"


def test_a_file_is_imported_again_without_harm(office: Office, load: Import) -> None:
    load(HEAD + MARIA)
    before = office.dump()

    found = load(HEAD + MARIA)

    assert states(found) == [RowState.THERE]
    assert office.dump() == before


def test_a_dry_run_knows_the_rows_before_and_saves_nothing(office: Office, load: Import) -> None:
    before = office.dump()

    found = load(
        HEAD + MARIA + "C1,,,2,adsl,,enabled,2012-02-29,,\nC9,,,3,adsl,,,2012-02-29,,\n", dry_run=True
    )

    assert states(found) == [RowState.IMPORTED, RowState.IMPORTED, RowState.REFUSED]
    assert "There is no customer with the code 'C9'" in said(found)[0]
    assert office.dump() == before


def test_extra_fields_have_columns_of_their_own(office: Office, load: Import) -> None:
    found = load(
        "customer_code,name,city,extra.nickname,subscription_id,plan,billed_through,charge_method,due_day\n"
        "C1,Maria,Londrina,Mariazinha,1,adsl,2012-02-29,slip,10\n"
    )
    (unknown,) = load("customer_code,name,city,extra.shoe\nC2,Bia,Londrina,38\n")

    assert states(found) == [RowState.IMPORTED]
    assert office.provider.customer(CustomerId(1), actor=ANA).customer.extra == {"nickname": "Mariazinha"}
    assert "has no extra field 'shoe'" in said([unknown])[0]


def test_an_actor_needs_the_permissions_of_the_commands(office: Office) -> None:
    rows = CsvRows(io.BytesIO((HEAD + MARIA).encode()))

    with pytest.raises(NotPermittedError):
        import_csv(office.provider, rows, actor=NOBODY, system="old")


# --- files that are none


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "It is empty."),
        (b"a,b\n1,2\n", "It has no header."),
        (b"C1,Maria,Londrina\n", "It has no header."),
        ("customer_code,name\n".encode("utf-16"), "It is UTF-16. Save it as UTF-8."),
        (b"customer_code,nmae\n", "nmae: There is no such column. Did you mean 'name'?"),
        (b"customer_code,,name\n", "column 2: There is no such column."),
        (b"customer_code,name,name\n", "name: This column is there twice. Keep one."),
        (b"name,city\n", "customer_code: This column is required."),
        (b"\0" * 300_000, "longer than 100000 characters"),
        (b'customer_code,"name\n', "It has no header."),
    ],
)
def test_a_file_without_a_header_that_is_known_is_refused(raw: bytes, message: str) -> None:
    with pytest.raises(DocumentError, match=r"^The file has") as refused:
        CsvRows(io.BytesIO(raw))

    assert message in str(refused.value)


def test_an_encoding_that_is_none_is_refused() -> None:
    with pytest.raises(DocumentError, match="unknown encoding: klingon"):
        CsvRows(io.BytesIO(b"customer_code\n"), Written(encoding="klingon"))


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (b"C1,Jo\xe3o,Londrina", "encoding"),
        ("C1,Jo\ufffdo,Londrina".encode(), "encoding"),
        (b"C1,Maria", "cells"),
        (b"C1,Silva, Maria,Londrina", "cells"),
        (b'C1,"Maria"x,Londrina', "unreadable"),
        (b"C1," + b"a" * 300_000 + b",Londrina", "unreadable"),
    ],
)
def test_a_row_that_cannot_be_read_is_named_and_the_next_one_is_read(
    load: Import, row: bytes, rule: str
) -> None:
    found = load(b"customer_code,name,city\n" + row + b"\n\nC2,Bia,Londrina\n")

    assert [(one.row.line, one.state) for one in found] == [(2, RowState.REFUSED), (4, RowState.IMPORTED)]
    assert [one.rule for one in found[0].problems] == [rule]


def test_quotes_that_do_not_end_take_no_more_than_they_must_and_say_how_far(load: Import) -> None:
    rest = "".join(f"C{n},{'A' * 400},Londrina\n" for n in range(3, 500))

    found = load(f'customer_code,name,city\nC1,Ana,Londrina\nC2,"Bia,Londrina\n{rest}', dry_run=True)

    (problem,) = said(found)
    assert "line 3: It cannot be read as a row up to line" in problem
    assert states(found).count(RowState.IMPORTED) > 200


def test_latin_letters_are_read_where_their_encoding_is_declared(office: Office, load: Import) -> None:
    load("customer_code,name,city\nC1,João,Londrina\n".encode("cp1252"), Written(encoding="cp1252"))

    assert office.provider.customer(CustomerId(1), actor=ANA).customer.details.name == "João"


def test_a_cell_may_hold_the_separator_in_quotes_and_a_row_lines(office: Office, load: Import) -> None:
    found = load('customer_code,name,city\r\nC1,"Silva, Maria",Londrina\r\nC2,"Li\nma",Londrina\r\n')

    assert states(found) == [RowState.IMPORTED, RowState.REFUSED]
    assert office.provider.customer(CustomerId(1), actor=ANA).customer.details.name == "Silva, Maria"


# --- bad rows


def bad_rows_of(raw: bytes, office: Office) -> str:
    rows, target = CsvRows(io.BytesIO(raw)), io.StringIO(newline="")
    bad_rows = BadRows(target, rows)
    for outcome in import_csv(office.provider, rows, actor=ANA, system="old"):
        bad_rows.write(outcome)
    return target.getvalue()


def test_bad_rows_are_written_so_that_they_can_be_corrected_and_imported(
    office: Office, load: Import
) -> None:
    text = bad_rows_of((HEAD + MARIA + "C2,Bia,Lodnrina,2,adsl,,,2012-02-29,slip,10\n").encode(), office)

    mended = load(text.replace("C2,Bia,Lodnrina", "C2,Bia,Londrina"))

    assert text.splitlines()[0] == HEAD.strip() + ",line,problem"
    assert text.splitlines()[1].startswith(
        "C2,Bia,Lodnrina,2,adsl,,,2012-02-29,slip,10,3,\"city 'Lodnrina': No"
    )
    assert states(mended) == [RowState.IMPORTED]


@pytest.mark.parametrize("row", [b"C2,Bia", b"C2,Jo\xe3o,Londrina", b'C2,"Jo"x,Londrina'])
def test_a_row_that_could_not_be_taken_apart_is_not_imported_before_it_is_mended(
    office: Office, load: Import, row: bytes
) -> None:
    text = bad_rows_of(b"customer_code,name,city\n" + row + b"\n", office)

    again = load(text)

    assert states(again) == [RowState.REFUSED]


def test_every_column_has_a_name_and_a_sentence_of_its_own() -> None:
    names = [column.name for column in COLUMNS]

    assert len(set(names)) == len(names)
    assert all(column.about for column in COLUMNS)
