"""Everything that is kept of a customer, to be handed to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from ispcore.billing import Charge, Document, Holder, ReceivableBalance, Slip
from ispcore.contracts import Contract
from ispcore.customers import Customer
from ispcore.network import Connection
from ispcore.notices import KeptNotice
from ispcore.plans import State, Task
from ispcore.timeline import EVERYTHING, Subject, SubjectKind
from ispcore.usecases.connection_stores import Look, Looked
from ispcore.usecases.history import HistoryEntry, history
from ispcore.usecases.overview import SubscriptionView, overview
from ispcore.usecases.payment_stores import Settlement
from ispcore.usecases.slip_stores import SlipQuery
from ispcore.usecases.task_stores import TaskQuery
from ispcore.values import Money, SubscriptionId

if TYPE_CHECKING:
    from ispcore.timeline import Actor
    from ispcore.usecases.desk import Desk
    from ispcore.usecases.ports import UnitOfWork
    from ispcore.values import CustomerId

PERMISSION = "customer.export"


@frozen
class SubscriptionData:
    """A subscription as it is, what happened to it, and what was charged and credited for it."""

    number: SubscriptionId
    state: State
    history: tuple[HistoryEntry, ...]
    charges: tuple[Charge, ...]


@frozen
class PersonalData:
    """What is kept of a customer; secrets are not among it, since nobody can read them."""

    customer: Customer
    history: tuple[HistoryEntry, ...]
    contracts: tuple[Contract, ...]
    subscriptions: tuple[SubscriptionData, ...]
    receivables: tuple[ReceivableBalance, ...]
    balances: Mapping[Holder, Money]
    settlements: tuple[Settlement, ...]
    slips: tuple[Slip, ...]
    documents: tuple[Document, ...]
    notices: tuple[KeptNotice, ...]
    tasks: tuple[Task, ...]
    connections: tuple[Connection, ...]


def export_person(desk: Desk, customer: CustomerId, *, actor: Actor) -> PersonalData:
    """Return everything that is kept of *customer*.

    Raises:
        NotFoundError: there is no such customer.
    """
    actor.require(PERMISSION)
    reader = evolve(actor, permissions=frozenset({EVERYTHING}))
    found = overview(desk, customer, actor=reader)
    with desk.database.writing() as work:
        connections = _connections(work, desk, [view.row.id for view in found.subscriptions], actor)
        slips = _all_slips(work, customer)
        documents = work.documents.of_customer(customer)
        notices = work.notices.list(customer=customer)
        tasks = work.tasks.listed(TaskQuery(customer=customer))
        settlements = work.payments.settlements(customer)
        contracts = work.contracts.of_customer(customer)
    return PersonalData(
        customer=found.customer,
        history=history(desk, Subject(SubjectKind.CUSTOMER, str(customer)), actor=reader),
        contracts=contracts,
        subscriptions=tuple(_subscription(desk, view, reader) for view in found.subscriptions),
        receivables=found.receivables,
        balances=found.balances,
        settlements=settlements,
        slips=slips,
        documents=documents,
        notices=notices,
        tasks=tasks,
        connections=connections,
    )


def _subscription(desk: Desk, view: SubscriptionView, reader: Actor) -> SubscriptionData:
    subject = Subject(SubjectKind.SUBSCRIPTION, str(view.row.id))
    return SubscriptionData(view.row.id, view.state, history(desk, subject, actor=reader), view.charges)


def _connections(
    work: UnitOfWork, desk: Desk, subscriptions: list[SubscriptionId], actor: Actor
) -> tuple[Connection, ...]:
    """Return the connections of logins that *subscriptions* had; that they were looked at is recorded."""
    connections = work.connections.of_subscriptions(subscriptions)
    for login in sorted({one.login for one in connections}):
        work.connections.note(Look(desk.clock.now(), actor.id, actor.address, login, Looked.EXPORT))
    return connections


def _all_slips(work: UnitOfWork, customer: CustomerId) -> tuple[Slip, ...]:
    query, found = SlipQuery(customer=customer), list[Slip]()
    while part := work.slips.listed(query):
        found += part
        query = evolve(query, after=part[-1].id)
    return tuple(found)
