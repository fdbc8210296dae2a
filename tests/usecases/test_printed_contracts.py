"""A contract printed as it stands, by the text of its kind, a template of the catalogue or a shipped one."""

from datetime import date
from typing import Any

import pytest

from ispcore.contracts import AcceptContract, AcceptedBy, EditContract, OpenContract
from ispcore.customers import Contact, SaveContact
from ispcore.errors import DocumentError, NotFoundError
from ispcore.plans import Cancel
from ispcore.printing import PrintTemplate, contract_fields, document_hash, fields_of, shipped
from ispcore.usecases import contract_paper
from ispcore.values import AddressId, ContactId, ContractNumber, CustomerId
from tests.catalogues import DOCUMENT
from tests.contracts.agreed import TEMPLATES
from tests.printing.paper import pages_of
from tests.providers import ANA, Office, address

NUMBER = "2012-000001"
FIXED = {
    "name": "Bound",
    "months": 6,
    "fidelity_months": 3,
    "number": "F{series}",
    "penalty": {"fixed": "200.00"},
}
SPEAKING = {"name": "Speaking", "months": 6, "number": "S{series}", "text": "<p>{{ contract.number }}</p>"}


SECTIONS: dict[str, Any] = {
    "contracts": {**TEMPLATES, "fixed": FIXED, "speaking": SPEAKING},
    "reasons": {"breach": {"description": "We did not deliver"}},
}


@pytest.fixture
def customer(office: Office) -> CustomerId:
    """A customer with two contacts."""
    office.load(**SECTIONS)
    found = office.register(
        "José Conceição", addresses=(address("home", "Londrina"), address("shop", "Maringá"))
    )
    for name in ("bia", "caio"):
        contact = Contact(id=ContactId(name), name=name.capitalize(), tax_id=f"{name}-1")
        office.provider.do(SaveContact(customer=found, contact=contact), actor=ANA)
    return found


def agree(office: Office, customer: CustomerId, template: str = "home", **said: Any) -> ContractNumber:
    command = OpenContract(customer=customer, template=template, **said)
    return office.provider.do(command, actor=ANA).contract


def printed(office: Office, number: str, **more: Any) -> str:
    return "\n".join(pages_of(office.provider.printing.contract(number, actor=ANA, **more)))


@pytest.mark.covers("S0-093", "S3-033", "S3-080")
def test_a_contract_is_printed_with_its_terms_people_plans_and_note(
    office: Office, customer: CustomerId
) -> None:
    number = agree(
        office,
        customer,
        witnesses=(ContactId("bia"),),
        guarantor=ContactId("caio"),
        contract_note="The router is lent.\nThe dog is friendly.",
    )
    office.subscribe(customer, contract=number)
    office.subscribe(customer, contract=number, address=AddressId("shop"))

    text = printed(office, number)

    for line in (
        "Contract 2012-000001 for internet access",
        "Provider Rede Ltda",
        "Customer José Conceição",
        "Witness Bia, bia-1",
        "Guarantor Caio, caio-1",
        "ADSL Londrina 100.00 BRL",
        "ADSL Maringá 100.00 BRL",
        "All of it 200.00 BRL",
        "by Boleto, on day 10 of each month",
        "pays once 120.00 BRL, in 3 instalments.",
        "begins on 24/02/2012 and holds for 12 months, until 24/02/2013. Then it goes on without a term.",
        "a benefit of 600.00 BRL",
        "benefit * remaining_months / term_months",
        "The router is lent.\nThe dog is friendly.",
        "Londrina, 24/02/2012",
        "Bia, witness",
    ):
        assert line in text or line in text.replace("\n", " "), line


def test_a_contract_is_printed_before_anything_of_it_was_ordered(
    office: Office, customer: CustomerId
) -> None:
    text = printed(office, agree(office, customer)).replace("\n", " ")

    assert "Internet access, for the price that is agreed when it is ordered." in text
    assert "begins when the first service is active and holds for 12 months." in text
    assert "All of it" not in text


def test_what_ended_is_printed_no_more(office: Office, customer: CustomerId) -> None:
    number = agree(office, customer)
    first = office.subscribe(customer, contract=number)
    office.subscribe(customer, contract=number, plan="fibre")
    office.do(Cancel(subscription=first, reason="moved"), today=date(2012, 3, 10))

    text = printed(office, number)

    assert "ADSL" not in text
    assert "All of it 120.00 BRL" in text


def test_a_fixed_penalty_is_an_amount_and_a_contract_without_one_says_that_it_costs_nothing(
    office: Office, customer: CustomerId
) -> None:
    fixed = printed(office, agree(office, customer, "fixed")).replace("\n", " ")
    free = printed(
        office, agree(office, customer, "open-ended", number="7", months=12, fidelity_months=6)
    ).replace("\n", " ")

    assert "Who leaves earlier pays: 200.00 BRL" in fixed
    assert "Leaving earlier costs nothing." in free
    assert "Then a term of the same length follows, unless one side ends it." in free


def test_an_accepted_contract_is_printed_to_the_bytes_that_were_accepted(
    office: Office, customer: CustomerId
) -> None:
    number = agree(office, customer)
    office.subscribe(customer, contract=number)
    shown = office.provider.printing.contract(number, actor=ANA)
    office.provider.do(
        AcceptContract(contract=number, how=AcceptedBy.ONLINE, by="José", document_hash=document_hash(shown)),
        actor=ANA,
    )
    again = office.provider.printing.contract(number, actor=ANA)
    office.provider.do(EditContract(contract=number, contract_note="Another one"), actor=ANA)
    edited = office.provider.printing.contract(number, actor=ANA)

    assert again == shown
    assert (
        document_hash(again) == office.provider.contracts.show(number, actor=ANA).contract.state.document_hash
    )
    assert document_hash(edited) != document_hash(shown)


def test_the_text_of_its_kind_goes_before_the_catalogues_and_a_given_one_before_both(
    office: Office, customer: CustomerId
) -> None:
    number = agree(office, customer, "speaking")
    given = PrintTemplate(code="mine", version="1", text="<p>mine</p>")
    office.load(**SECTIONS, print_templates={"contract": {"version": "1", "text": "<p>catalogue</p>"}})

    assert printed(office, number) == "S1\n1 of 1"
    assert printed(office, number, template=given) == "mine\n1 of 1"
    assert printed(office, agree(office, customer)) == "catalogue\n1 of 1"


def test_a_contract_whose_kind_is_sold_no_more_is_printed_by_its_code(
    office: Office, customer: CustomerId
) -> None:
    number = agree(office, customer, months=24, fidelity_months=0)
    office.provider.load_catalogue(DOCUMENT, actor=ANA, withdraw=True)

    paper = contract_paper(office.provider._desk, number, actor=ANA)

    fields: Any = contract_fields(paper)["contract"]
    assert (fields["name"], fields["service"], fields["term_months"]) == ("home", "", 24)
    assert f"Contract {NUMBER}\n" in printed(office, number)


def test_the_template_that_ships_asks_for_nothing_that_a_contract_has_not(
    office: Office, customer: CustomerId
) -> None:
    paper = contract_paper(office.provider._desk, agree(office, customer), actor=ANA)

    assert set(fields_of(shipped("contract"))) == set(contract_fields(paper))


def test_a_contract_that_there_is_not_cannot_be_printed(office: Office) -> None:
    with pytest.raises(NotFoundError, match="contract"):
        office.provider.printing.contract("7", actor=ANA)


def test_a_text_of_a_kind_that_cannot_be_read_is_refused_with_the_catalogue(office: Office) -> None:
    wrong = {**SPEAKING, "text": "<p>{{ contract.number() }}</p>"}

    with pytest.raises(DocumentError, match=r"contracts\.speaking\.text: .*a call"):
        office.load(contracts={"speaking": wrong})
