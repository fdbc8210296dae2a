"""Slips, payment books and statements printed through the facade, by templates of one's own or shipped."""

import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ispcore.billing import PaymentBook
from ispcore.errors import DocumentError, NotFoundError, PrintError
from ispcore.printing import SHIPPED_PRINT_TEMPLATES, PrintTemplate, render, shipped
from ispcore.testing import MockChargeProvider
from ispcore.usecases import Registered
from ispcore.values import BookId, CustomerId, Money, SlipId
from tests.catalogues import DOCUMENT
from tests.printing.paper import pages_of
from tests.providers import ANA, Office

LEAP_DAY = date(2012, 2, 29)
NAME = "José <b>Conceição</b> & Cia"


def printed(pdf: bytes) -> str:
    return "\n".join(pages_of(pdf))


@pytest.fixture
def customer(office: Office) -> CustomerId:
    """A customer with two slips of 20.69, due on 10 and 20 March, by a method whose provider is a bank."""
    methods = {**DOCUMENT["charge_methods"], "slip": {"name": "Boleto", "provider": "bank"}}
    companies = {**DOCUMENT["companies"], "net": {"name": "Rede Ltda", "address": "Avenida Higienópolis 210"}}
    office.load(charge_methods=methods, companies=companies)
    found = office.register(NAME, tax_id="123.456.789-09")
    for day in (10, 20):
        office.subscribe(found, due_day=day)
    office.close(LEAP_DAY)
    office.provider.slips.issue(LEAP_DAY, actor=ANA)
    return found


def make_book(office: Office, customer: CustomerId) -> PaymentBook:
    return office.provider.slips.book(customer, 2, actor=ANA).book


@pytest.mark.usefixtures("customer")
def test_a_slip_is_printed_with_whom_it_is_from_and_to_and_what_it_asks_for(office: Office) -> None:
    text = printed(office.provider.printing.slip(SlipId(1), actor=ANA))

    assert text.startswith("Slip 1\nFrom Rede Ltda\nAvenida Higienópolis 210\n")
    assert f"To {NAME} (customer 1), 123.456.789-09" in text
    assert "Address Londrina" in text
    assert "To be paid by Boleto" in text
    assert "ADSL 10/03/2012 20.69 BRL" in text
    assert "To pay by 10/03/2012 20.69 BRL" in text
    assert "Reference" not in text


@pytest.mark.usefixtures("customer")
def test_a_slip_carries_what_the_charge_provider_says_is_needed_to_pay_it(office: Office) -> None:
    bank = MockChargeProvider(answers=[Registered("9/1", {"line": "0019 0000"})])
    office.provider.slips.register(providers={"bank": bank}, actor=ANA, most=1)

    text = printed(office.provider.printing.slip(SlipId(1), actor=ANA))

    assert "Reference 9/1\nLine 0019 0000" in text


def test_a_slip_says_what_is_still_open_or_that_it_is_not_to_be_paid(
    office: Office, customer: CustomerId
) -> None:
    office.pay(customer, "20.00")
    partly = printed(office.provider.printing.slip(SlipId(1), actor=ANA))
    office.pay(customer, "0.69", "p2")
    office.provider.slips.cancel(SlipId(2), actor=ANA)

    assert "Of this is still open 0.69 BRL" in partly
    assert "This slip is paid." in printed(office.provider.printing.slip(SlipId(1), actor=ANA))
    assert "This slip was cancelled" in printed(office.provider.printing.slip(SlipId(2), actor=ANA))


@pytest.mark.covers("S3-104")
def test_a_book_is_printed_to_pdf_with_a_part_for_each_slip_to_cut_off(
    office: Office, customer: CustomerId
) -> None:
    book = make_book(office, customer)

    text = printed(office.provider.printing.book(book.id, actor=ANA))

    assert "Payment book 1" in text
    assert "All slips 241.38 BRL" in text
    for number, due, amount in ((1, "10/03", "20.69"), (2, "20/03", "20.69"), (4, "20/04", "100.00")):
        assert f"Slip {number} {number} of 4 due on {due}/2012\nFrom Rede Ltda {amount} BRL" in text


def test_a_book_of_which_nothing_is_to_be_paid_says_so(office: Office, customer: CustomerId) -> None:
    book = make_book(office, customer)
    for slip in office.provider.slips.list(actor=ANA):
        office.provider.slips.cancel(slip.id, actor=ANA)

    assert "All slips nothing to pay" in printed(office.provider.printing.book(book.id, actor=ANA))


def test_a_statement_is_printed_with_every_line_and_the_running_balance(
    office: Office, customer: CustomerId
) -> None:
    office.pay(customer, "10.00")

    text = printed(office.provider.printing.statement(customer, actor=ANA))

    assert "Rede Ltda, BRL" in text
    assert "29/02/2012 debit ADSL 10/03/2012 20.69 20.69" in text
    assert "29/02/2012 payment bank:p1 -10.00 31.38" in text
    assert "31.38 BRL are owed." in text


def test_a_statement_of_some_days_begins_with_what_was_before(office: Office, customer: CustomerId) -> None:
    march = office.provider.printing.statement(
        customer, since=date(2012, 3, 1), until=date(2012, 3, 31), actor=ANA
    )

    assert "Days from 01/03/2012 to 31/03/2012" in printed(march)
    assert "before 41.38" in printed(march)


def test_a_statement_says_what_is_kept_and_when_nothing_was_asked_for(
    office: Office, customer: CustomerId
) -> None:
    nobody = office.register("Nobody yet", addresses=())
    office.pay(customer, "50.00")
    kept = printed(office.provider.printing.statement(customer, actor=ANA))

    assert "-8.62 BRL are kept for you." in kept
    assert "Nothing was asked for yet." in printed(office.provider.printing.statement(nobody, actor=ANA))


@pytest.mark.covers("S0-071")
@pytest.mark.usefixtures("customer")
def test_a_template_of_the_catalogue_takes_the_place_of_the_shipped_one_and_has_a_version(
    office: Office,
) -> None:
    text = "<h1>Boleto {{ slip.number }}</h1><p>R$ {{ slip.amount|comma }}</p>"
    before = office.provider.printing.template("slip", actor=ANA)
    office.load(print_templates={"slip": {"version": "2012-02", "text": text}})

    found = office.provider.printing.template("slip", actor=ANA)

    assert (before, found.version) == (shipped("slip"), "2012-02")
    assert printed(office.provider.printing.slip(SlipId(1), actor=ANA)) == "Boleto 1\nR$ 20,69\n1 of 1"


def test_a_catalogue_with_a_template_that_cannot_be_read_is_refused_at_its_place(office: Office) -> None:
    wrong = {"version": "1", "text": "<p>{{ slip.number * 2 }}</p>"}
    document = {**DOCUMENT, "print_templates": {"slip": wrong, "mine": {"version": "1", "text": "{% if"}}}

    with pytest.raises(DocumentError) as error:
        office.provider.load_catalogue(document, actor=ANA)

    first, second = map(str, error.value.problems)
    assert first.startswith("print_templates.slip.text: ")
    assert "arithmetic" in first
    assert second.startswith("print_templates.mine.text: ")


def test_a_problem_of_a_template_in_a_file_carries_its_line(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "catalogue.toml"
    file.write_text(
        'currency = "BRL"\n[print_templates.slip]\nversion = "1"\ntext = "{{ 1 + 1 }}"\n', "utf-8"
    )

    with pytest.raises(DocumentError, match=r"line 4: print_templates\.slip\.text: .*arithmetic"):
        office.provider.load_catalogue(file, actor=ANA)


@pytest.mark.parametrize("written", [7, {"slip": 7}, {"slip": {"version": "1", "text": 7}}])
def test_what_are_no_templates_is_told_by_whoever_reads_the_catalogue(office: Office, written: Any) -> None:
    with pytest.raises(DocumentError, match="print_templates"):
        office.provider.load_catalogue({**DOCUMENT, "print_templates": written}, actor=ANA)


def test_a_template_that_is_given_goes_first(office: Office, customer: CustomerId) -> None:
    office.load(print_templates={"statement": {"version": "1", "text": "<p>catalogue</p>"}})
    mine = PrintTemplate(code="mine", version="1", text="<p>mine, {{ customer.extra.nickname }}</p>")

    with pytest.raises(PrintError, match=r"customer\.extra\.nickname"):
        office.provider.printing.statement(customer, template=mine, actor=ANA)
    by_catalogue = office.provider.printing.statement(customer, actor=ANA)
    assert printed(by_catalogue) == "catalogue\n1 of 1"


def test_a_template_that_there_is_not_is_told_with_those_that_there_are(office: Office) -> None:
    office.load(print_templates={"welcome": {"version": "1", "text": ""}})

    with pytest.raises(NotFoundError, match="book, contract, slip, statement, welcome"):
        office.provider.printing.template("letter", actor=ANA)
    with pytest.raises(NotFoundError, match="book, contract, slip, statement"):
        shipped("letter")
    assert [shipped(code).code for code in SHIPPED_PRINT_TEMPLATES] == list(SHIPPED_PRINT_TEMPLATES)


def test_what_is_not_there_cannot_be_printed(office: Office) -> None:
    printing = office.provider.printing

    with pytest.raises(NotFoundError, match="slip"):
        printing.slip(SlipId(7), actor=ANA)
    with pytest.raises(NotFoundError, match="payment book"):
        printing.book(BookId(7), actor=ANA)
    with pytest.raises(NotFoundError, match="customer"):
        printing.statement(CustomerId(7), actor=ANA)


@pytest.mark.usefixtures("customer")
def test_without_the_extra_it_is_said_what_to_install(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in [one for one in sys.modules if one.startswith(("ispcore.printing", "reportlab"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "reportlab", None)

    with pytest.raises(PrintError, match=r"pip install 'ispcore\[pdf\]'") as error:
        office.provider.printing.slip(SlipId(1), actor=ANA)

    assert error.value.rule == "not-installed"


# --- contracts


def contract(**more: Any) -> dict[str, Any]:
    """Return the fields of the contract that ships."""
    mine = {
        "number": "2012/0104",
        "date": LEAP_DAY,
        "place": "Londrina",
        "starts_on": LEAP_DAY,
        "ends_on": date(2013, 2, 28),
        "term_months": 12,
        "renewal": "by_act",
        "service": "Internet access",
        "fidelity_months": 12,
        "benefit": Money.of("480.00", "BRL"),
        "penalty": "benefit * remaining_months / term_months",
        "monthly_price": Money.of("119.90", "BRL"),
        "due_day": 10,
        "charge_method": "bank slip",
        "notes": "The router is lent.\nThe dog is friendly.",
    }
    person = {"tax_id": "123.456.789-09", "address": "Rua Sergipe 45, Londrina"}
    return {
        "contract": mine | more,
        "company": {"name": "Rede Ltda", "tax_id": None, "address": None},
        "customer": {"name": NAME, "phone": None, "email": "jose@example.com", **person},
        "plans": [
            {"name": name, "address": "Rua Sergipe 45, Londrina", "price": Money.of(price, "BRL")}
            for name, price in (("Fibre 300", "99.90"), ("Fixed IP", "20.00"))
        ],
        "installation": {
            "fee": Money.of("150.00", "BRL"),
            "discount": Money.of("50.00", "BRL"),
            "paid": None,
            "instalments": 2,
        },
        "people": [
            {"role": "witness", "name": "João Lima", "tax_id": None},
            {"role": "guarantor", "name": "Rui Prado", "tax_id": "987.654.321-00"},
            {"role": "salesperson", "name": "Eva Lima", "tax_id": None},
        ],
    }


def test_the_contract_that_ships_tells_what_was_agreed_with_a_place_for_everybody_to_sign() -> None:
    text = printed(render(shipped("contract"), contract()))

    for line in (
        "Contract 2012/0104 for internet access",
        f"Customer {NAME}, 123.456.789-09\nRua Sergipe 45, Londrina\njose@example.com",
        "Guarantor Rui Prado, 987.654.321-00",
        "Fibre 300 Rua Sergipe 45, Londrina 99.90 BRL",
        "All of it 119.90 BRL",
        "150.00 BRL, less a discount of 50.00 BRL, in 2 instalments.",
        "begins on 29/02/2012 and holds for 12 months, until 28/02/2013.",
        "benefit * remaining_months / term_months",
        "The router is lent.\nThe dog is friendly.",
        "Londrina, 29/02/2012",
        "João Lima, witness",
        "Eva Lima, salesperson",
    ):
        assert line in text.replace("\n_", "_"), line
    assert text.count("________\n") == 5


def test_a_contract_without_fidelity_may_be_left_at_any_time() -> None:
    text = printed(render(shipped("contract"), contract(fidelity_months=0, notes="", term_months=None)))

    assert "The customer may leave at any time" in text
    assert "Notes" not in text


def test_a_contract_names_every_field_that_it_lacks() -> None:
    fields = contract()
    del fields["contract"]["penalty"], fields["customer"]["tax_id"], fields["people"]

    with pytest.raises(PrintError) as error:
        render(shipped("contract"), fields)

    assert error.value.names == ("contract.penalty", "customer.tax_id", "people")
