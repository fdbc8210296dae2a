"""A transaction for many commands: new customers and subscriptions are written a slice at a time.

They are held back, and found again by whoever asks for them. Whatever else a command needs goes to the
database itself, after what was held back has been written. So does what conflicts: the database refuses it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ispcore.customers import TextRef, shown
from ispcore.storage.held_back import HeldBack
from ispcore.storage.held_network import BulkAddresses, BulkNetwork
from ispcore.timeline import Subject, SubjectKind
from ispcore.usecases.rows import Charging, SubscriptionRow
from ispcore.values import CustomerId, PersonId, SubscriptionId

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ispcore.customers import Customer, CustomerState
    from ispcore.plans import Timeline
    from ispcore.storage.accounts import AccountStore
    from ispcore.storage.connections import ConnectionStore
    from ispcore.storage.contracts import ContractStore
    from ispcore.storage.database import Session
    from ispcore.storage.documents import DocumentStore
    from ispcore.storage.late import LateStore
    from ispcore.storage.ledger import LedgerStore
    from ispcore.storage.notices import NoticeStore
    from ispcore.storage.payment_books import PaymentBookStore
    from ispcore.storage.payments import PaymentStore
    from ispcore.storage.registrations import SlipRegistrationStore
    from ispcore.storage.secrets import SecretStore
    from ispcore.storage.slips import SlipStore
    from ispcore.storage.tasks import TaskStore
    from ispcore.timeline import Fact


class BulkSession:
    """One transaction's view of the database, with what was not written yet."""

    def __init__(self, session: Session) -> None:
        """Work in the transaction of *session*."""
        self._held = HeldBack(session)
        self.catalogue = session.catalogue
        self.actors = session.actors
        self.guards = session.guards
        self.facts = BulkFacts(self._held)
        self.known = BulkKnown(self._held)
        self.customers = BulkCustomers(self._held, self.facts, self.known)
        self.subscriptions = BulkSubscriptions(self._held, self.known)
        self.network = BulkNetwork(self._held)
        self.addresses = BulkAddresses(self._held)

    @property
    def contracts(self) -> ContractStore:
        """What was agreed; what is held is written before, where a contract is among it."""
        held = self._held
        return (held.written() if held.holds(SubjectKind.CONTRACT) else held.session).contracts

    @property
    def accounts(self) -> AccountStore:
        """What customers owe; what is held is written before."""
        return self._held.written().accounts

    @property
    def documents(self) -> DocumentStore:
        """Fiscal documents; what is held is written before."""
        return self._held.written().documents

    @property
    def registrations(self) -> SlipRegistrationStore:
        """What charge providers know; what is held is written before."""
        return self._held.written().registrations

    @property
    def slips(self) -> SlipStore:
        """What was sent to be paid; what is held is written before."""
        return self._held.written().slips

    @property
    def payment_books(self) -> PaymentBookStore:
        """Runs of slips; what is held is written before."""
        return self._held.written().payment_books

    @property
    def late(self) -> LateStore:
        """The stages of late debts; what is held is written before."""
        return self._held.written().late

    @property
    def payments(self) -> PaymentStore:
        """What is beside payments, in the database."""
        return self._held.written().payments

    @property
    def connections(self) -> ConnectionStore:
        """What accounting sources told of logins."""
        return self._held.written().connections

    @property
    def tasks(self) -> TaskStore:
        """Commands for a later day, in the database."""
        return self._held.written().tasks

    @property
    def notices(self) -> NoticeStore:
        """What customers are told; what is held is written before."""
        return self._held.written().notices

    @property
    def ledger(self) -> LedgerStore:
        """The books, in the database."""
        return self._held.written().ledger

    @property
    def secrets(self) -> SecretStore:
        """The secrets, in the database."""
        return self._held.written().secrets

    def savepoint(self) -> Any:  # noqa: ANN401 - a context manager
        """Begin an item that an error undoes alone; within one, a savepoint of the database."""
        return self._held.written().savepoint() if self._held.in_item else self._held.begin()

    def finish(self) -> None:
        """Write everything, and give back the numbers that nobody took."""
        self._held.written()
        self._held.numbers.give_back()


class BulkFacts:
    """The timelines."""

    def __init__(self, held: HeldBack) -> None:
        """Look into what is *held* back first."""
        self._held = held

    def of(self, subject: Subject) -> tuple[Fact[Any], ...]:
        """Return the facts of *subject*, in the order in which they were recorded."""
        item, before = self._held.all
        held = (*before.facts.get(subject, ()), *item.facts.get(subject, ()))
        if held and held[0].sequence == 1:
            return held
        return (*self._held.session.facts.of(subject), *held)

    def texts(self, subject: Subject) -> Mapping[tuple[int, str], str | None]:
        """Return the erasable texts of *subject* by sequence and path; None was erased."""
        item, before = self._held.all
        held = {**before.texts.get(subject, {}), **item.texts.get(subject, {})}
        if any(
            facts[0].sequence == 1 for facts in (before.facts.get(subject), item.facts.get(subject)) if facts
        ):
            return held
        return {**self._held.session.facts.texts(subject), **held}

    def subjects(self, kind: SubjectKind) -> tuple[str, ...]:
        """Return the ids of the subjects of this *kind* that have facts."""
        return self._held.written().facts.subjects(kind)

    def append(self, facts: Sequence[Fact[Any]], texts: Mapping[tuple[int, str], str]) -> None:
        """Hold back facts of one subject, and the texts that they bring."""
        subject = facts[0].subject
        self._held.item.facts.setdefault(subject, []).extend(facts)
        if texts:
            self._held.item.texts.setdefault(subject, {}).update(texts)


class BulkKnown:
    """What is there already, by the names that other systems know.

    That a name is free is remembered: the transaction sees nobody else's.
    """

    def __init__(self, held: HeldBack) -> None:
        """Look into what is *held* back first."""
        self._held = held
        self.free: set[object] = set()

    def customer(self, code: str) -> CustomerId | None:
        """Return the customer with this code."""
        for pending in self._held.all:
            if code in pending.codes:
                return pending.codes[code][0]
        return self._held.session.known.customer(code)

    def registered(self, code: str | None, tax_id: str | None) -> CustomerId | None:
        """Return the customer with this code and this tax id; without a code the tax id is enough."""
        for pending in self._held.all:
            if code is None and tax_id in pending.tax_ids:
                return pending.tax_ids[tax_id][1]
            if code in pending.codes:
                customer, its = pending.codes[code]
                return customer if its == tax_id else None
        return self._held.session.known.registered(code, tax_id)

    def subscription(self, system: str, foreign_id: str) -> tuple[SubscriptionId, CustomerId] | None:
        """Return the subscription that was imported from *system* under this id, and its customer."""
        for pending in self._held.all:
            if (system, foreign_id) in pending.imported:
                return pending.imported[system, foreign_id]
        found = self._held.session.known.subscription(system, foreign_id)
        if found is None:
            self.free.add((system, foreign_id))
        return found


class BulkCustomers:
    """The customers."""

    def __init__(self, held: HeldBack, facts: BulkFacts, known: BulkKnown) -> None:
        """Look into what is *held* back first."""
        self._held, self._facts, self._known = held, facts, known
        self._new_persons: set[PersonId] = set()

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - what is asked of the database
        """Ask the database, once everything is written."""
        return getattr(self._held.written().customers, name)

    def new_number(self) -> CustomerId:
        """Reserve a number."""
        return CustomerId(self._held.numbers.take("customer"))

    def person_for(self, tax_id: str | None) -> tuple[PersonId, CustomerId | None]:
        """Return the person with *tax_id*, with their customer number; else a new person's number."""
        if tax_id is not None:
            for pending in self._held.all:
                if tax_id in pending.tax_ids:
                    return pending.tax_ids[tax_id]
            found = self._held.session.known.person(tax_id)
            if found is not None:
                return found
        person = PersonId(self._held.numbers.take("person"))
        self._new_persons.add(person)
        return person, None

    def get(self, customer: CustomerId) -> tuple[Customer, int]:
        """Return the customer and the version, or raise NotFoundError."""
        for pending in self._held.all:
            if customer in pending.registered:
                state, version = pending.registered[customer]
            elif customer in pending.changed:
                state, _, version = pending.changed[customer]
            else:
                continue
            texts = self._facts.texts(Subject(SubjectKind.CUSTOMER, str(customer)))
            return shown(state, {TextRef(*key): text for key, text in texts.items()}), version
        return self._held.session.customers.get(customer)

    def insert(self, state: CustomerState, tax_id: str | None) -> None:
        """Hold back a new customer; one whose code is taken is left to the database to refuse."""
        if state.person not in self._new_persons or self._known.customer(state.code) is not None:
            self._held.written().customers.insert(state, tax_id)
            return
        item = self._held.item
        item.persons.append({"id": state.person, "kind": state.kind.value, "tax_id": tax_id})
        item.registered[state.id] = (state, 1)
        item.codes[state.code] = (state.id, tax_id)
        if tax_id is not None:
            item.tax_ids[tax_id] = (state.person, state.id)

    def update(self, state: CustomerState, version: int) -> None:
        """Hold back a changed customer of that *version*."""
        item = self._held.item
        if state.id in item.registered:
            item.registered[state.id] = (state, version + 1)
        else:
            _, read, _ = item.changed.get(state.id, (state, version, version))
            item.changed[state.id] = (state, read, version + 1)


class BulkSubscriptions:
    """The subscriptions."""

    def __init__(self, held: HeldBack, known: BulkKnown) -> None:
        """Look into what is *held* back first."""
        self._held, self._known = held, known

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - what is asked of the database
        """Ask the database, once everything is written."""
        return getattr(self._held.written().subscriptions, name)

    def new_number(self) -> SubscriptionId:
        """Reserve a number."""
        return SubscriptionId(self._held.numbers.take("subscription"))

    def insert(self, timeline: Timeline) -> None:
        """Hold back a new subscription; one that was imported before is left to the database to refuse."""
        origin = timeline.last.origin
        if origin is not None:
            name = (origin.system, origin.id)
            if name not in self._known.free and self._known.subscription(*name) is not None:
                self._held.written().subscriptions.insert(timeline)
                return
            self._known.free.discard(name)
            self._held.item.imported[name] = (timeline.last.id, timeline.last.customer)
        self._held.item.opened[timeline.last.id] = (timeline, 1)

    def get(self, subscription: SubscriptionId) -> tuple[Timeline, SubscriptionRow]:
        """Return the timeline and the row, or raise NotFoundError."""
        opened = self._held.item.opened.get(subscription)
        if opened is None:
            return self._held.written().subscriptions.get(subscription)
        timeline, version = opened
        customer = timeline.last.customer
        return timeline, SubscriptionRow(subscription, customer, version, self._charging(customer))

    def _charging(self, customer: CustomerId) -> Charging:
        for pending in self._held.all:
            known = pending.registered.get(customer) or pending.changed.get(customer)
            if known is not None:
                return Charging(known[0].charge_method, known[0].due_day, known[0].allows_discounts)
        return self._held.session.subscriptions.charging_of(customer)

    def update(self, timeline: Timeline, row: SubscriptionRow) -> None:
        """Keep a changed subscription; one that the item itself has opened is held back still."""
        opened = self._held.item.opened
        if row.id in opened:
            opened[row.id] = (timeline, row.version + 1)
        else:
            self._held.written().subscriptions.update(timeline, row)
