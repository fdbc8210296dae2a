"""Contracts for tests: a catalogue with kinds of them, a customer, and ways to agree."""

from datetime import UTC, date, datetime
from typing import Any

from ispcore.catalog import Catalogue
from ispcore.contracts import (
    ContractCommand,
    ContractEvent,
    ContractSetting,
    ContractState,
    OpenContract,
    decide_contract,
    decide_contract_opening,
    fold_contract,
)
from ispcore.customers import Address, AddressType, Contact, Customer, PersonDetails, PersonKind
from ispcore.timeline import EVERYTHING, Actor, Fact, Recorded, Subject, SubjectKind
from ispcore.values import AddressId, ContactId, ContractNumber, CustomerId, PersonId
from tests.catalogues import catalogue

TODAY = date(2012, 3, 5)
NUMBER = ContractNumber("2012-000001")
TEMPLATES: dict[str, Any] = {
    "home": {
        "name": "Internet at home",
        "service": "Internet access",
        "months": 12,
        "fidelity_months": 12,
        "most_fidelity_person": 12,
        "number": "{year}-{series:6}",
        "benefit": "600.00",
        "installation_fee": "120.00",
        "instalments": 3,
        "order_service": "Installation",
        "acceptance": "asked",
        "penalty": {"formula": "benefit * remaining_months / term_months", "exempting": ["breach"]},
    },
    "open-ended": {"name": "No term of its own", "renewal": "silent", "renews_fidelity": True},
}
REASONS = {"breach": {"description": "We did not deliver"}}
CATALOGUE = catalogue(contracts=TEMPLATES, reasons=REASONS)
ANYBODY = Actor("ana", {EVERYTHING})


def contact(name: str) -> Contact:
    return Contact(id=ContactId(name), name=name.capitalize())


def customer(kind: PersonKind = PersonKind.PERSON) -> Customer:
    return Customer(
        id=CustomerId(7),
        person=PersonId(7),
        kind=kind,
        code="7",
        registered_on=TODAY,
        details=PersonDetails(name="Ana"),
        addresses=(Address(id=AddressId("home"), type=AddressType.REGISTERED, city="Londrina"),),
        extra={},
        charge_method=None,
        due_day=None,
        allows_discounts=True,
        contacts=(contact("bia"), contact("caio"), contact("dora")),
    )


def setting(
    actor: Actor = ANYBODY, kind: PersonKind = PersonKind.PERSON, known: Catalogue = CATALOGUE
) -> ContractSetting:
    return ContractSetting(known, actor, customer(kind), TODAY)


def fact(event: ContractEvent, sequence: int, on: date = TODAY) -> Fact[Any]:
    at = datetime(2012, 3, 5, 12, tzinfo=UTC)
    subject = Subject(SubjectKind.CONTRACT, NUMBER)
    return Fact(subject, sequence, on, event.payload, Recorded(at, "ana", "c"))


def opened(at: ContractSetting | None = None, **said: Any) -> ContractState:
    command = OpenContract(**{"customer": CustomerId(7), "template": "home", **said})
    return fold_contract([fact(decide_contract_opening(command, NUMBER, at or setting()), 1)])


class Life:
    """A contract and what was done to it."""

    def __init__(self, **said: Any) -> None:
        command = OpenContract(**{"customer": CustomerId(7), "template": "home", **said})
        event = decide_contract_opening(command, NUMBER, setting())
        self.facts = [fact(event, 1)]
        self.texts = dict(event.texts)

    @property
    def state(self) -> ContractState:
        return fold_contract(self.facts)

    def do(self, kind: Any, at: ContractSetting | None = None, **said: Any) -> ContractState:
        command: ContractCommand = kind(contract=NUMBER, **said)
        event = decide_contract(command, self.state, self.texts, at or setting())
        self.facts.append(fact(event, len(self.facts) + 1))
        cleared = getattr(event.payload, "cleared", ())
        self.texts = {name: text for name, text in self.texts.items() if name not in cleared}
        self.texts |= event.texts
        return self.state
