"""Customers for tests: a person and a company, and short ways through commands, facts and texts."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

from attrs import field, frozen

from ispcore.catalog import Catalogue
from ispcore.customers import (
    Address,
    AddressType,
    Customer,
    CustomerCommand,
    CustomerEvent,
    PersonDetails,
    PersonKind,
    PlainTaxIds,
    RegisterCustomer,
    TaxIds,
    TextRef,
    decide_customer,
    decide_registration,
    fold_customer,
    shown,
)
from ispcore.timeline import Fact, Recorded, Subject, SubjectKind
from ispcore.values import AddressId, PersonId
from tests.catalogues import CATALOGUE, CUSTOMER, START

HOME = Address(
    id=AddressId("home"),
    type=AddressType.REGISTERED,
    city="Londrina",
    street="Rua Sergipe",
    number="120",
    unit="Apartamento 101",
    complement="Bloco B",
    reference="ao lado do campo de futebol",
    district="Centro",
    city_code="4113700",
    postal_code="86010-360",
    info="portão azul",
)

PERSON = RegisterCustomer(
    kind=PersonKind.PERSON,
    details=PersonDetails(
        name="Ana Souza", tax_id="123.456.789-09", email="ana@example.org", phone="43 99999-0000"
    ),
    addresses=(HOME,),
)

COMPANY = RegisterCustomer(
    kind=PersonKind.COMPANY,
    details=PersonDetails(
        name="Padaria Sul Ltda",
        tax_id="12.345.678/0001-95",
        trade_name="Padaria Sul",
        state_registration="90123456-78",
    ),
)


@frozen
class Known:
    """A customer's facts, and the texts that are kept beside them."""

    facts: tuple[Fact[Any], ...] = ()
    texts: Mapping[TextRef, str | None] = field(factory=dict)
    catalogue: Catalogue = CATALOGUE
    tax_ids: TaxIds = field(factory=PlainTaxIds)

    @property
    def customer(self) -> Customer:
        """The customer as people see them."""
        return shown(fold_customer(self.facts), self.texts)

    def after(self, command: CustomerCommand, on: date = START) -> "Known":
        """Return what is known after *command*."""
        return self.with_events([decide_customer(command, self.customer, self.catalogue, self.tax_ids)], on)

    def with_events(self, events: Iterable[CustomerEvent], on: date = START) -> "Known":
        """Return what is known with *events* recorded."""
        facts, texts = [*self.facts], dict(self.texts)
        for event in events:
            fact = recorded(event.payload, sequence=len(facts) + 1, on=on)
            facts.append(fact)
            texts |= {TextRef(fact.sequence, path): text for path, text in event.texts.items()}
        return Known(tuple(facts), texts, self.catalogue, self.tax_ids)

    def erased(self, *names: str) -> "Known":
        """Return what is known after the texts called *names* were erased."""
        texts = {ref: None if ref.path in names else text for ref, text in self.texts.items()}
        return Known(self.facts, texts, self.catalogue, self.tax_ids)


def recorded(payload: object, *, sequence: int = 1, on: date = START) -> Fact[Any]:
    """Return *payload* as a fact of the customer."""
    return Fact(
        subject=Subject(SubjectKind.CUSTOMER, str(CUSTOMER)),
        sequence=sequence,
        effective_on=on,
        payload=payload,
        recorded=Recorded(datetime.combine(on, time(12), UTC), "ana", f"{CUSTOMER}-{sequence}"),
    )


def registered(
    command: RegisterCustomer = PERSON,
    on: date = START,
    catalogue: Catalogue = CATALOGUE,
    tax_ids: TaxIds | None = None,
) -> Known:
    """Return a customer who was registered on that day."""
    nobody = Known(catalogue=catalogue, tax_ids=tax_ids or PlainTaxIds())
    events = decide_registration(
        command,
        customer=CUSTOMER,
        person=PersonId(11),
        catalogue=nobody.catalogue,
        tax_ids=nobody.tax_ids,
        on=on,
    )
    return nobody.with_events(events, on)
