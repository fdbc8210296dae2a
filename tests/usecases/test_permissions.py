"""The default is to refuse: every command and every call names the permission that it needs."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from typing import Any, get_args

import attrs
import pytest

from ispcore.app import Provider
from ispcore.catalog import Topic
from ispcore.contracts import (
    AcceptedBy,
)
from ispcore.customers import (
    Contact,
    DisputeOutcome,
    Forget,
    PersonDetails,
    PersonKind,
    RegisterCustomer,
    SaveAddress,
)
from ispcore.desks import (
    ChargingDesk,
    ConnectionDesk,
    ContractDesk,
    DeviceDesk,
    DocumentDesk,
    LateDesk,
    Looking,
    MoneyDesks,
    NewPlanDesk,
    NoticeDesk,
    OnuDesk,
    OutboxDesk,
    PaymentDesk,
    PrintDesk,
    PrivacyDesk,
    SecretDesk,
    SlipDesk,
    Staff,
    TaskDesk,
)
from ispcore.driver import Discover, Onu, PlacementId
from ispcore.errors import IspcoreError, NotFoundError, NotPermittedError
from ispcore.network_desk import NetworkDesk
from ispcore.notices import NoticeId
from ispcore.plans import AddBillingEvent, Cancel, ChangePlan, Discount, EventKind, SlipTerms, Suspend
from ispcore.timeline import EVERYTHING, Actor, SubjectKind
from ispcore.usecases import (
    AnyCommand,
    CancelSlip,
    MergeSlips,
    NewPlanDraft,
    NewPlanStep,
    RecordPayment,
)
from ispcore.values import (
    BookId,
    ChargeId,
    ContactId,
    ContractNumber,
    CustomerId,
    DocumentId,
    Period,
    SlipId,
    SubscriptionId,
    TaskId,
)
from tests.catalogues import brl, document
from tests.providers import ANA, NOBODY, Office, address

LEAP_DAY = date(2012, 2, 29)
FEBRUARY = Period(date(2012, 2, 1), date(2012, 3, 1))

_NOON = datetime(2012, 2, 29, 12, tzinfo=UTC)
_DRAFT = NewPlanDraft(CustomerId(1), {"detail": {"plan": "adsl"}})
_PLACEMENT = PlacementId("1:login@radius")

GIVEN: dict[str, Any] = {
    "address": "home",
    "allowed": False,
    "amount": brl("1.00"),
    "channel": "sms",
    "company": "net",
    "by": "Ana",
    "command": Cancel(subscription=SubscriptionId(1), reason="moved"),
    "component": "login",
    "contact": Contact(id=ContactId("bia"), name="Bia"),
    "contract": ContractNumber("1"),
    "customer": CustomerId(1),
    "description": "Router",
    "details": PersonDetails(name="Ana"),
    "document_hash": "0" * 64,
    "discount": Discount(amount=brl("1.00")),
    "exempt": True,
    "fact": 1,
    "first_due": date(2012, 4, 10),
    "foreign_id": "7",
    "how": AcceptedBy.PAPER,
    "instalments": 2,
    "item": "mailbox",
    "kind": PersonKind.PERSON,
    "lines": (),
    "outcome": DisputeOutcome.SETTLED,
    "paid_on": LEAP_DAY,
    "parked": 1,
    "payment": "bank:1",
    "plan": "fibre",
    "price": brl("90.00"),
    "provider": "bank",
    "provider_id": "1",
    "reason": "moved",
    "receivable": ChargeId("1"),
    "receivables": (ChargeId("1"),),
    "service": "mailbox",
    "slip": SlipId(1),
    "slips": SlipTerms(in_mass=False),
    "serial": "ZTEG1",
    "speed": None,
    "status": "trial",
    "subscription": SubscriptionId(1),
    "system": "old",
    "template": "home",
    "topic": Topic.LATE,
    "wanted": False,
    "until": LEAP_DAY,
    "windows": (),
}
"""A value for every field that some command requires."""


def leaves(command: type) -> Iterator[type]:
    below: list[type] = command.__subclasses__()
    if not below:
        yield command
    for one in below:
        yield from leaves(one)


COMMANDS = [leaf for kind in get_args(AnyCommand) for leaf in leaves(kind)]


def sample(command: type) -> Any:
    own: dict[type, dict[str, Any]] = {
        AddBillingEvent: {"kind": EventKind.FEE},
        MergeSlips: {"slips": (SlipId(1), SlipId(2))},
        SaveAddress: {"address": address("home", "Londrina")},
    }
    given = GIVEN | own.get(command, {})
    required = [field.name for field in attrs.fields(command) if field.default is attrs.NOTHING]
    return command(**{name: given[name] for name in required})


def permission_of(command: type) -> str:
    found: str = command.permission  # type: ignore[attr-defined]
    return found


def test_there_are_as_many_commands_as_there_should_be() -> None:
    assert len(COMMANDS) == len(set(COMMANDS)) >= 63
    assert {CancelSlip, Cancel, RecordPayment, RegisterCustomer, Forget} <= set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.__name__)
def test_a_command_without_its_permission_is_refused_and_nothing_is_saved(
    office: Office, command: type
) -> None:
    office.subscribe(office.register())
    before = office.dump()
    everything_else = {permission_of(one) for one in COMMANDS} - {permission_of(command)}

    for actor in (NOBODY, Actor("clerk", everything_else)):
        with pytest.raises(NotPermittedError) as refused:
            office.provider.do(sample(command), actor=actor)
        assert refused.value.permission == permission_of(command)

    assert office.dump() == before


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.__name__)
def test_the_permission_of_the_whole_group_is_enough(office: Office, command: type) -> None:
    office.subscribe(office.register())
    group = permission_of(command).partition(".")[0]
    chief = Actor("chief", frozenset({f"{group}.*"}))

    try:
        office.provider.do(sample(command), actor=chief)
    except NotPermittedError:
        pytest.fail("the group was not enough")
    except IspcoreError:
        pass  # another rule may forbid it


CALLS: dict[str, tuple[str, Callable[[Provider, Actor], object]]] = {
    "catalogue": ("catalog.read", lambda provider, actor: provider.catalogue(actor=actor)),
    "check": ("billing.check", lambda provider, actor: list(provider.check(actor=actor))),
    "charging.ahead": (
        "billing.ahead",
        lambda provider, actor: provider.charging.ahead(SubscriptionId(1), 1, actor=actor),
    ),
    "charging.open_cycle": (
        "billing.proportional",
        lambda provider, actor: provider.charging.open_cycle(SubscriptionId(1), LEAP_DAY, actor=actor),
    ),
    "close": ("billing.close", lambda provider, actor: provider.close(LEAP_DAY, actor=actor)),
    "connections.collect": (
        "connection.collect",
        lambda provider, actor: provider.connections.collect(actor=actor),
    ),
    "connections.last": (
        "connection.read",
        lambda provider, actor: provider.connections.last("ana", actor=actor),
    ),
    "connections.let_go": (
        "connection.let-go",
        lambda provider, actor: provider.connections.let_go(actor=actor),
    ),
    "connections.limit": (
        "connection.limit",
        lambda provider, actor: provider.connections.limit([], [], actor=actor),
    ),
    "connections.looks": (
        "connection.looks",
        lambda provider, actor: provider.connections.looks("ana", actor=actor),
    ),
    "connections.past": (
        "connection.read",
        lambda provider, actor: provider.connections.past(actor=actor),
    ),
    "connections.sheet": (
        "connection.read",
        lambda provider, actor: provider.connections.sheet("ana", FEBRUARY, actor=actor),
    ),
    "connections.statement": (
        "connection.read",
        lambda provider, actor: provider.connections.statement("ana", FEBRUARY, actor=actor),
    ),
    "connections.usage": (
        "connection.read",
        lambda provider, actor: provider.connections.usage("ana", FEBRUARY, actor=actor),
    ),
    "contracts.commissions": (
        "contract.commissions",
        lambda provider, actor: provider.contracts.commissions(date(2012, 2, 1), LEAP_DAY, actor=actor),
    ),
    "contracts.of_customer": (
        "contract.read",
        lambda provider, actor: provider.contracts.of_customer(CustomerId(1), actor=actor),
    ),
    "contracts.show": ("contract.read", lambda provider, actor: provider.contracts.show("1", actor=actor)),
    "count_customers": ("customer.read", lambda provider, actor: provider.count_customers(actor=actor)),
    "compare": (
        "subscription.read",
        lambda provider, actor: provider.compare(
            ChangePlan(subscription=SubscriptionId(1), plan="fibre"), actor=actor
        ),
    ),
    "cancellation": (
        "customer.read",
        lambda provider, actor: provider.cancellation(SubscriptionId(1), actor=actor),
    ),
    "customer": ("customer.read", lambda provider, actor: provider.customer(CustomerId(1), actor=actor)),
    "privacy.export": (
        "customer.export",
        lambda provider, actor: provider.privacy.export(CustomerId(1), actor=actor),
    ),
    "privacy.forget_due": (
        "customer.forget",
        lambda provider, actor: provider.privacy.forget_due(date(2012, 3, 1), actor=actor),
    ),
    "new_plan.answer": (
        "subscription.open",
        lambda provider, actor: provider.new_plan.answer(_DRAFT, NewPlanStep.DETAIL, {}, actor=actor),
    ),
    "new_plan.begin": (
        "subscription.open",
        lambda provider, actor: provider.new_plan.begin(CustomerId(1), actor=actor),
    ),
    "new_plan.choices": (
        "subscription.open",
        lambda provider, actor: provider.new_plan.choices(_DRAFT, actor=actor),
    ),
    "new_plan.finish": (
        "subscription.open",
        lambda provider, actor: provider.new_plan.finish(_DRAFT, actor=actor),
    ),
    "new_plan.summary": (
        "subscription.open",
        lambda provider, actor: provider.new_plan.summary(_DRAFT, actor=actor),
    ),
    "tree": ("customer.read", lambda provider, actor: provider.tree(CustomerId(1), actor=actor)),
    "deleted": ("subscription.read", lambda provider, actor: provider.deleted(actor=actor)),
    "deliver": ("observer.deliver", lambda provider, actor: provider.deliver(actor=actor)),
    "documents.ask": (
        "document.ask",
        lambda provider, actor: provider.documents.ask(LEAP_DAY, actor=actor),
    ),
    "documents.ask_again": (
        "document.ask",
        lambda provider, actor: provider.documents.ask_again(DocumentId(1), actor=actor),
    ),
    "documents.cancel": (
        "document.cancel",
        lambda provider, actor: provider.documents.cancel(DocumentId(1), "twice", actor=actor),
    ),
    "documents.get": (
        "document.read",
        lambda provider, actor: provider.documents.get(DocumentId(1), actor=actor),
    ),
    "documents.history": (
        "document.read",
        lambda provider, actor: provider.documents.history(DocumentId(1), actor=actor),
    ),
    "documents.issue": ("document.issue", lambda provider, actor: provider.documents.issue(actor=actor)),
    "documents.listed": ("document.read", lambda provider, actor: provider.documents.listed(actor=actor)),
    "documents.of_customer": (
        "document.read",
        lambda provider, actor: provider.documents.of_customer(CustomerId(1), actor=actor),
    ),
    "documents.preview": (
        "document.ask",
        lambda provider, actor: provider.documents.preview(LEAP_DAY, actor=actor),
    ),
    "documents.retry": (
        "document.issue",
        lambda provider, actor: provider.documents.retry(DocumentId(1), actor=actor),
    ),
    "explain": ("billing.read", lambda provider, actor: provider.explain(ChargeId("1"), actor=actor)),
    "history": (
        "customer.read",
        lambda provider, actor: provider.history(SubjectKind.CUSTOMER, 1, actor=actor),
    ),
    "late.customers": ("late.read", lambda provider, actor: provider.late.customers(actor=actor)),
    "late.run": ("late.run", lambda provider, actor: provider.late.run(actor=actor)),
    "load_catalogue": (
        "catalog.load",
        lambda provider, actor: provider.load_catalogue(document(), actor=actor),
    ),
    "network.act": (
        "device.act",
        lambda provider, actor: provider.network.act("olt", Discover(), actor=actor),
    ),
    "network.action": (
        "device.act",
        lambda provider, actor: provider.network.action("olt", "discover", actor=actor),
    ),
    "network.actions": ("device.read", lambda provider, actor: provider.network.actions(actor=actor)),
    "network.adopt": (
        "network.adopt",
        lambda provider, actor: provider.network.adopt("olt", "onu/1", actor=actor),
    ),
    "network.adopt_all": (
        "network.adopt",
        lambda provider, actor: provider.network.adopt_all("olt", actor=actor),
    ),
    "network.apply": (
        "network.apply",
        lambda provider, actor: provider.network.apply(SubscriptionId(1), actor=actor),
    ),
    "network.devices.accept": (
        "device.accept",
        lambda provider, actor: provider.network.devices.accept("olt", actor=actor),
    ),
    "network.devices.add": (
        "device.add",
        lambda provider, actor: provider.network.devices.add("o", driver="no", config={}, actor=actor),
    ),
    "network.devices.all": ("device.read", lambda provider, actor: provider.network.devices.all(actor=actor)),
    "network.devices.change": (
        "device.change",
        lambda provider, actor: provider.network.devices.change("olt", lanes=2, actor=actor),
    ),
    "network.devices.check": (
        "device.check",
        lambda provider, actor: provider.network.devices.check("olt", actor=actor),
    ),
    "network.devices.get": (
        "device.read",
        lambda provider, actor: provider.network.devices.get("olt", actor=actor),
    ),
    "network.devices.hold": (
        "device.hold",
        lambda provider, actor: provider.network.devices.hold("olt", _NOON, actor=actor),
    ),
    "network.devices.release": (
        "device.hold",
        lambda provider, actor: provider.network.devices.release("olt", actor=actor),
    ),
    "network.discover": (
        "device.act",
        lambda provider, actor: provider.network.discover("olt", actor=actor),
    ),
    "network.drift": ("network.drift", lambda provider, actor: provider.network.drift(actor=actor)),
    "network.foreign": (
        "network.read",
        lambda provider, actor: provider.network.foreign("olt", actor=actor),
    ),
    "network.free_addresses": (
        "component.read",
        lambda provider, actor: provider.network.free_addresses("no", actor=actor),
    ),
    "network.onus.carried": (
        "network.read",
        lambda provider, actor: provider.network.onus.carried(SubscriptionId(1), actor=actor),
    ),
    "network.onus.equipment": (
        "equipment.read",
        lambda provider, actor: provider.network.onus.equipment(actor=actor),
    ),
    "network.onus.find": ("device.act", lambda provider, actor: provider.network.onus.find(actor=actor)),
    "network.onus.linking": (
        "device.act",
        lambda provider, actor: provider.network.onus.linking(
            SubscriptionId(1), Onu(serial="ZTEG1"), actor=actor
        ),
    ),
    "network.install_queue": (
        "network.work",
        lambda provider, actor: provider.network.install_queue(actor=actor),
    ),
    "network.looker": ("network.drift", lambda provider, actor: provider.network.looker(actor=actor)),
    "network.outbox.explain": (
        "network.read",
        lambda provider, actor: provider.network.outbox.explain(_PLACEMENT, actor=actor),
    ),
    "network.outbox.get": (
        "network.read",
        lambda provider, actor: provider.network.outbox.get(_PLACEMENT, actor=actor),
    ),
    "network.outbox.hold": (
        "network.hold",
        lambda provider, actor: provider.network.outbox.hold(_PLACEMENT, _NOON, actor=actor),
    ),
    "network.outbox.lagging": (
        "network.read",
        lambda provider, actor: provider.network.outbox.lagging(actor=actor),
    ),
    "network.outbox.retry": (
        "network.retry",
        lambda provider, actor: provider.network.outbox.retry(actor=actor),
    ),
    "network.placements": (
        "network.read",
        lambda provider, actor: provider.network.placements(SubscriptionId(1), actor=actor),
    ),
    "network.plan": (
        "network.read",
        lambda provider, actor: provider.network.plan(SubscriptionId(1), actor=actor),
    ),
    "network.queue": ("network.work", lambda provider, actor: provider.network.queue(actor=actor)),
    "network.lasting": ("device.read", lambda provider, actor: provider.network.lasting("no", actor=actor)),
    "network.redo": ("device.act", lambda provider, actor: provider.network.redo("no", actor=actor)),
    "network.repeat": ("device.act", lambda provider, actor: provider.network.repeat("no", actor=actor)),
    "network.resync": ("network.resync", lambda provider, actor: provider.network.resync(actor=actor)),
    "network.tick": ("network.tick", lambda provider, actor: provider.network.tick(actor=actor)),
    "network.worker": ("network.work", lambda provider, actor: provider.network.worker(actor=actor)),
    "notices.ask": ("notice.ask", lambda provider, actor: provider.notices.ask(actor=actor)),
    "notices.get": (
        "notice.read",
        lambda provider, actor: provider.notices.get(NoticeId("due:0:1:sms"), actor=actor),
    ),
    "notices.hand_over": (
        "notice.hand-over",
        lambda provider, actor: provider.notices.hand_over(actor=actor),
    ),
    "notices.list": ("notice.read", lambda provider, actor: provider.notices.list(actor=actor)),
    "notices.retry": ("notice.retry", lambda provider, actor: provider.notices.retry(actor=actor)),
    "payments.parked": ("payment.read", lambda provider, actor: provider.payments.parked(actor=actor)),
    "payments.settlements": (
        "customer.read",
        lambda provider, actor: provider.payments.settlements(CustomerId(1), actor=actor),
    ),
    "payments.statement": (
        "customer.read",
        lambda provider, actor: provider.payments.statement(CustomerId(1), actor=actor),
    ),
    "preview": ("billing.preview", lambda provider, actor: provider.preview(LEAP_DAY, actor=actor)),
    "preview_tick": ("tick.run", lambda provider, actor: provider.preview_tick(LEAP_DAY, actor=actor)),
    "printing.book": (
        "slips.read",
        lambda provider, actor: provider.printing.book(BookId(1), actor=actor),
    ),
    "printing.contract": (
        "contract.read",
        lambda provider, actor: provider.printing.contract("1", actor=actor),
    ),
    "printing.slip": (
        "slips.read",
        lambda provider, actor: provider.printing.slip(SlipId(1), actor=actor),
    ),
    "printing.statement": (
        "customer.read",
        lambda provider, actor: provider.printing.statement(CustomerId(1), actor=actor),
    ),
    "printing.template": (
        "catalog.read",
        lambda provider, actor: provider.printing.template("slip", actor=actor),
    ),
    "runs": ("billing.runs", lambda provider, actor: provider.runs(actor=actor)),
    "secrets.locks": ("secret.rotate", lambda provider, actor: provider.secrets.locks(actor=actor)),
    "secrets.rotate": ("secret.rotate", lambda provider, actor: provider.secrets.rotate(actor=actor)),
    "slips.book": (
        "slips.book",
        lambda provider, actor: provider.slips.book(CustomerId(1), 3, actor=actor),
    ),
    "slips.books": ("slips.read", lambda provider, actor: provider.slips.books(actor=actor)),
    "slips.cancel": ("slips.change", lambda provider, actor: provider.slips.cancel(SlipId(1), actor=actor)),
    "slips.get": ("slips.read", lambda provider, actor: provider.slips.get(SlipId(1), actor=actor)),
    "slips.issue": ("slips.issue", lambda provider, actor: provider.slips.issue(LEAP_DAY, actor=actor)),
    "slips.list": ("slips.read", lambda provider, actor: provider.slips.list(actor=actor)),
    "slips.merge": (
        "slips.change",
        lambda provider, actor: provider.slips.merge(SlipId(1), SlipId(2), actor=actor),
    ),
    "slips.preview": (
        "slips.preview",
        lambda provider, actor: provider.slips.preview(LEAP_DAY, actor=actor, customer=CustomerId(1)),
    ),
    "slips.print_book": (
        "slips.read",
        lambda provider, actor: provider.slips.print_book(BookId(1), actor=actor),
    ),
    "slips.regenerate": (
        "slips.change",
        lambda provider, actor: provider.slips.regenerate(SlipId(1), actor=actor),
    ),
    "slips.register": (
        "slips.register",
        lambda provider, actor: provider.slips.register(actor=actor),
    ),
    "slips.registrations": (
        "slips.read",
        lambda provider, actor: provider.slips.registrations([SlipId(1)], actor=actor),
    ),
    "slips.send_book": (
        "slips.send",
        lambda provider, actor: provider.slips.send_book(BookId(1), str, actor=actor),
    ),
    "save_actor": ("actor.save", lambda provider, actor: provider.save_actor(ANA, name="Ana", actor=actor)),
    "subscription": (
        "subscription.read",
        lambda provider, actor: provider.subscription(SubscriptionId(1), actor=actor),
    ),
    "tasks.add": (
        "task.schedule",
        lambda provider, actor: provider.tasks.add(Suspend(subscription=SubscriptionId(1)), actor=actor),
    ),
    "tasks.add_many": ("task.schedule", lambda provider, actor: provider.tasks.add_many([], actor=actor)),
    "tasks.list": ("task.read", lambda provider, actor: provider.tasks.list(actor=actor)),
    "tasks.run": ("task.run", lambda provider, actor: provider.tasks.run(actor=actor)),
    "tasks.withdraw": (
        "task.withdraw",
        lambda provider, actor: provider.tasks.withdraw(TaskId(1), actor=actor),
    ),
    "tick": ("tick.run", lambda provider, actor: provider.tick(actor=actor)),
    "try_out": (
        "subscription.cancel",
        lambda provider, actor: provider.try_out(
            Cancel(subscription=SubscriptionId(1), reason="moved"), actor=actor, closing_on=LEAP_DAY
        ),
    ),
}

MORE = {
    "compare": ("subscription.change-plan", "billing.preview"),
    "new_plan.summary": ("billing.preview", "subscription.read"),
    "try_out": ("billing.preview", "subscription.read"),
}
"""What a call needs beside the permission that it asks for first."""

_DESKS = {
    "charging": ChargingDesk,
    "connections": ConnectionDesk,
    "contracts": ContractDesk,
    "documents": DocumentDesk,
    "late": LateDesk,
    "network": NetworkDesk,
    "network.onus": OnuDesk,
    "network.devices": DeviceDesk,
    "network.outbox": OutboxDesk,
    "new_plan": NewPlanDesk,
    "notices": NoticeDesk,
    "payments": PaymentDesk,
    "printing": PrintDesk,
    "privacy": PrivacyDesk,
    "secrets": SecretDesk,
    "slips": SlipDesk,
    "tasks": TaskDesk,
}
_INSIDE = {"connections.using", "network.driver", "network.now", "network.using"}
"""What tells nothing of the provider's own."""

WITHOUT_ACTOR = {"actor", "close_database", "connect", "open", "plugin_desk"}
"""Opening and letting go, looking up the actor whom the host has signed in, a desk that asks for itself."""


def test_every_call_of_the_facade_is_looked_at_here() -> None:
    public = {
        name
        for part in (Provider, MoneyDesks, Looking, Staff)
        for name in vars(part)
        if not name.startswith("_")
    }
    for desk, kind in _DESKS.items():
        public |= {f"{desk}.{name}" for name in vars(kind) if not name.startswith("_")}

    assert public - {*_DESKS, *_INSIDE} == {*CALLS, *WITHOUT_ACTOR, "do", "do_many"}


@pytest.mark.parametrize("call", CALLS)
def test_a_call_without_its_permission_is_refused_at_once(office: Office, call: str) -> None:
    office.subscribe(office.register())
    permission, act = CALLS[call]
    before = office.dump()

    with pytest.raises(NotPermittedError) as refused:
        act(office.provider, NOBODY)

    assert refused.value.permission == permission
    assert office.dump() == before


@pytest.mark.parametrize("call", CALLS)
def test_a_call_with_its_permission_is_answered(office: Office, call: str) -> None:
    office.subscribe(office.register())
    permission, act = CALLS[call]
    needed = {permission, *MORE.get(call, ())}

    if call == "tasks.add":
        needed |= {"subscription.suspend"}

    try:
        act(office.provider, Actor("clerk", frozenset(needed)))
    except NotPermittedError:
        pytest.fail("the permission was not enough")
    except IspcoreError:
        pass  # there is no such device, charge, driver, key or queue


@pytest.mark.parametrize(
    ("kind", "subject", "permission"),
    [
        (SubjectKind.CUSTOMER, 1, "customer.read"),
        (SubjectKind.SUBSCRIPTION, 1, "subscription.read"),
        (SubjectKind.CATALOG, "plans/adsl", "catalog.read"),
    ],
)
def test_each_history_needs_the_permission_to_read_its_subject(
    office: Office, kind: SubjectKind, subject: object, permission: str
) -> None:
    office.subscribe(office.register())

    with pytest.raises(NotPermittedError, match=permission):
        office.provider.history(kind, subject, actor=NOBODY)

    assert office.provider.history(kind, subject, actor=Actor("clerk", frozenset({permission})))


# --- actors that are kept


def test_an_actor_is_kept_with_a_name_and_permissions(office: Office) -> None:
    clerk = Actor("rui", frozenset({"subscription.*", "customer.read"}))

    office.provider.save_actor(clerk, name="Rui Costa", actor=ANA)

    assert office.provider.actor("rui") == clerk
    assert office.sql("select name from actors") == [("Rui Costa",)]


def test_saving_an_actor_again_replaces_the_permissions(office: Office) -> None:
    office.provider.save_actor(Actor("rui", frozenset({EVERYTHING})), name="Rui", actor=ANA)

    office.provider.save_actor(Actor("rui"), name="Rui", actor=ANA)

    assert office.provider.actor("rui").permissions == frozenset()


def test_an_actor_who_is_not_kept_is_not_found(office: Office) -> None:
    with pytest.raises(NotFoundError, match=r"no actor 'rui'.*Save it first"):
        office.provider.actor("rui")
