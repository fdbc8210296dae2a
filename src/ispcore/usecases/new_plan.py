"""A new plan in steps: each is checked when it is answered, and together they are the commands that open it.

What was answered so far is a plain value, so that a web session can keep it between two pages. A later step
is checked by what stands in the earlier ones; at the end every step is checked once more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any, TypeAlias

from attrs import evolve, field, frozen

from ispcore.catalog import BusinessUnit, Catalogue, FieldOwner, Trial, TrialKind
from ispcore.contracts import OpenContract
from ispcore.customers import Customer
from ispcore.errors import InvalidValueError, RefusedError
from ispcore.plans import AddItem, Subscribe, SubscriptionCommand
from ispcore.usecases.do import do
from ispcore.usecases.new_plan_contract import noted, read_contract_step
from ispcore.usecases.new_plan_discount import read_discount
from ispcore.usecases.new_plan_login import city_of, login_command, read_login_step
from ispcore.usecases.one_transaction import OneTransaction
from ispcore.usecases.open_subscription import defaults_of, unit_at
from ispcore.values import (
    CODE,
    DAY,
    FLAG,
    TEXT,
    AddressId,
    CustomerId,
    Notes,
    Plain,
    SubscriptionId,
    Table,
    money,
    plain,
    shown,
    whole,
)

if TYPE_CHECKING:
    from ispcore.timeline import Actor
    from ispcore.usecases.desk import Desk
    from ispcore.usecases.open_subscription import Recorded
    from ispcore.values import SecretText

_MOST_TRIAL_DAYS = 366


class NewPlanStep(Enum):
    """What is asked for, in this order; the summary follows."""

    DETAIL = "detail"
    BILLING = "billing"
    CONTRACT = "contract"
    SERVICES = "services"
    LOGIN = "login"


@frozen
class NewPlanDraft:
    """What was answered of a new plan so far: plain values by step and field."""

    customer: CustomerId
    answers: Mapping[str, Mapping[str, Plain]] = field(factory=dict)

    def plain(self) -> dict[str, Plain]:
        """Return it as text, numbers, truth values, lists and tables, for a session to keep."""
        return {"customer": int(self.customer), "answers": plain(self.answers)}

    @staticmethod
    def of(kept: Mapping[str, Any]) -> NewPlanDraft:
        """Return the draft that a session *kept*.

        Raises:
            InvalidValueError: it is no such thing.
        """
        customer, answers = kept.get("customer"), kept.get("answers")
        steps = {step.value for step in NewPlanStep}
        if (
            type(customer) is not int
            or not isinstance(answers, Mapping)
            or not steps.issuperset(answers)
            or not all(isinstance(fields, Mapping) for fields in answers.values())
        ):
            raise InvalidValueError("This is no draft of a new plan.", hint="Begin a new one.")
        return NewPlanDraft(CustomerId(customer), answers)

    @property
    def next_step(self) -> NewPlanStep | None:
        """The first step that was not answered; None when the summary is next."""
        return next((step for step in NewPlanStep if step.value not in self.answers), None)


@frozen
class NewPlan:
    """The commands that open what a draft says; the services are added to what the first one opens.

    A ``contract`` that is made with it comes before; the subscription belongs to it.
    """

    subscribe: Subscribe
    services: tuple[Mapping[str, Any], ...] = ()
    contract: OpenContract | None = None
    login: Mapping[str, Any] | None = None

    def additions(self, subscription: SubscriptionId) -> tuple[AddItem, ...]:
        """Return the commands that add the services."""
        return tuple(
            AddItem(subscription=subscription, on=self.subscribe.on, **service) for service in self.services
        )


@frozen
class NewPlanChoices:
    """What can be answered, each code with what people read; ``due_days`` None is any day.

    ``services`` are those that the chosen plan permits, ``contracts`` the templates for one,
    ``access_points`` those in the city of the address, or of no city.
    """

    plans: Mapping[str, str]
    statuses: Mapping[str, str]
    addresses: Mapping[AddressId, str]
    charge_methods: Mapping[str, str]
    due_days: tuple[int, ...] | None
    services: Mapping[str, str]
    contracts: Mapping[str, str]
    access_points: Mapping[str, str]


@frozen
class Counter:
    """What answers are checked against: the catalogue, the customer, the unit that serves the address."""

    catalogue: Catalogue
    customer: Customer
    draft: NewPlanDraft

    @property
    def unit(self) -> BusinessUnit:
        """The business unit, or raise NotFoundError or RefusedError."""
        address = self.address
        return unit_at(
            self.catalogue, self.customer, AddressId(address) if isinstance(address, str) else None
        )

    @property
    def address(self) -> object:
        """The address that was named."""
        return self.draft.answers.get(NewPlanStep.DETAIL.value, {}).get("address")

    @property
    def plan(self) -> str:
        """The plan that was chosen; nothing where none was."""
        return str(self.draft.answers.get(NewPlanStep.DETAIL.value, {}).get("plan", ""))


def counter(desk: Desk, draft: NewPlanDraft, *, actor: Actor) -> Counter:
    """Return what the answers of *draft* are checked against, or raise NotFoundError."""
    actor.require(Subscribe.permission)
    with desk.database.reading() as work:
        customer, _ = work.customers.get(draft.customer)
        return Counter(work.catalogue.current(), customer, draft)


def answered(at: Counter, step: NewPlanStep, fields: Mapping[str, Any]) -> NewPlanDraft:
    """Return the draft with the *fields* of a *step* in place of what it had.

    Raises:
        DocumentError: fields are wrong; each problem names one.
        RefusedError: an earlier step was not answered.
    """
    earlier = at.draft.next_step
    if earlier is not None and [*NewPlanStep].index(earlier) < [*NewPlanStep].index(step):
        raise RefusedError(
            f"The step {step.value!r} comes after {earlier.value!r}.",
            rule="step-order",
            hint=f"Answer the step {earlier.value!r} first.",
        )
    notes = Notes()
    trial = evolve(at.draft, answers={**at.draft.answers, step.value: fields})
    _read(evolve(at, draft=trial), step, Table(fields, notes))
    notes.raise_problems(f"The step {step.value!r}")
    return evolve(at.draft, answers={**at.draft.answers, step.value: _plain(fields)})


def _plain(fields: Mapping[str, Any]) -> dict[str, Plain]:
    return {name: plain(value) for name, value in fields.items()}


def new_plan(at: Counter) -> NewPlan:
    """Return the commands that open what the draft says.

    Raises:
        DocumentError: fields are wrong or missing; each problem names its step and field.
    """
    notes = Notes()
    found: dict[str, Any] = {}
    for step in NewPlanStep:
        found |= _read(at, step, Table(at.draft.answers.get(step.value, {}), notes, step.value))
    notes.raise_problems("The new plan")
    services, contract, login = found.pop("services"), found.pop("made"), found.pop("login")
    return NewPlan(Subscribe(customer=at.draft.customer, **found), services, contract, login)


def open_new_plan(
    desk: Desk, opening: NewPlan, *, actor: Actor, password: SecretText | None = None
) -> tuple[Recorded, ...]:
    """Open the subscription with its services and login, in one transaction; return what each command left.

    A login without a *password* has one made up, which the last answer tells.

    Raises:
        RefusedError, NotFoundError, InvalidValueError: a rule forbids it; nothing is saved.
    """
    with desk.database.writing() as work:
        together = evolve(desk, database=OneTransaction(work))
        subscribe = opening.subscribe
        if opening.contract is not None:
            made: Any = do(together, opening.contract, actor=actor)
            subscribe = evolve(subscribe, contract=made.contract)
        opened: Any = do(together, subscribe, actor=actor)
        number = opened.subscription
        additions: list[SubscriptionCommand] = [*opening.additions(number)]
        if opening.login is not None:
            additions.append(login_command(number, opening.login, subscribe.on, password))
        added: list[Any] = [do(together, one, actor=actor) for one in additions]
    return (opened, *added)


def choices(at: Counter) -> NewPlanChoices:
    """Return what can be answered where the draft stands now.

    Raises:
        RefusedError, NotFoundError: no business unit serves the address.
    """
    unit, catalogue = at.unit, at.catalogue
    plan = catalogue.plans.get(at.plan)
    permitted = plan.permits if plan is not None else frozenset()
    return NewPlanChoices(
        plans={code: catalogue.plan(code).name for code in sorted(unit.plans)},
        statuses={code: status.description for code, status in catalogue.statuses.items()},
        addresses={one.id: f"{one.street or one.id}, {one.city}" for one in at.customer.addresses},
        charge_methods={code: catalogue.charge_methods[code].name for code in sorted(unit.charge_methods)},
        due_days=None if unit.due_days is None else tuple(sorted(unit.due_days)),
        services={code: catalogue.service(code).name for code in sorted(permitted)},
        contracts={code: one.name for code, one in sorted(catalogue.contracts.items()) if one.combo is None},
        access_points={
            code: point.name
            for code, point in catalogue.access_points_in(city_of(at.customer, at.address)).items()
        },
    )


Fields: TypeAlias = dict[str, Any]


def _read(at: Counter, step: NewPlanStep, table: Table) -> Fields:
    found = _READERS[step](at, table)
    table.close()
    return found


def _detail(at: Counter, table: Table) -> Fields:
    """Return what the detail says; the plan must be one that the unit of the address sells."""
    found: Fields = {
        "plan": table.get("plan", CODE),
        "on": table.get("on", DAY, default=None),
        "status": table.get("status", CODE, default=None),
        "address": table.get("address", TEXT, default=None),
        "trial": _trial(table.get("trial_days", whole(0, _MOST_TRIAL_DAYS), default=None)),
        "extra": dict(table.table("extra").raw()),
    }
    noted(table, "extra", lambda: at.catalogue.extra(FieldOwner.SUBSCRIPTION, found["extra"]))  # noqa: S610 - no Django
    noted(table, "extra", lambda: plain(found["extra"]))
    if noted(table, "address", lambda: at.unit) and found["plan"]:
        noted(table, "plan", lambda: at.unit.check_plan(found["plan"]))
    if found["status"]:
        noted(table, "status", lambda: at.catalogue.status(found["status"]))
    return found


def _trial(days: int | None) -> Trial | None:
    if days is None:
        return None
    return Trial(TrialKind.DAYS, days) if days else Trial()


def _billing(at: Counter, table: Table) -> Fields:
    """Return how it is billed; the first subscription of a customer says by what and when."""
    amount = money(at.catalogue.currency)
    found: Fields = {
        "charge_method": table.get("charge_method", CODE, default=None),
        "due_day": table.get("due_day", whole(1, 31), default=None),
        "price": table.get("price", amount, default=None),
        "discount": read_discount(table, at.catalogue.currency),
        "advance": table.get("advance", FLAG, default=None),
        "closing_day": table.get("closing_day", whole(1, 31), default=None),
        "separate_slip": table.get("separate_slip", FLAG, default=False),
        "separate_document": table.get("separate_document", FLAG, default=False),
    }
    if found["charge_method"]:
        noted(table, "charge_method", lambda: at.unit.check_charge_method(found["charge_method"]))
    if found["due_day"]:
        noted(table, "due_day", lambda: at.unit.check_due_day(found["due_day"]))
    if defaults_of(at.customer) is None:
        for name in ("charge_method", "due_day"):
            if name not in table:
                table.problem("The customer's first subscription sets this.", "Choose one.", at=name)
    return found


def _services(at: Counter, table: Table) -> Fields:
    """Return the additional services; the plan must permit each."""
    plan = at.catalogue.plans.get(at.plan)
    permitted = plan.permits if plan is not None else frozenset()
    found = []
    for row in table.rows("services"):
        code, price = row.get("service", CODE), row.get("price", money(at.catalogue.currency), default=None)
        row.close()
        if code and code not in permitted:
            hint = f"It permits: {', '.join(sorted(permitted)) or 'none'}."
            row.problem(f"The plan does not permit the additional service {shown(code)}.", hint, at="service")
        found.append({"service": code, "price": price})
    return {"services": tuple(found)}


_READERS: Mapping[NewPlanStep, Callable[[Counter, Table], Fields]] = {
    NewPlanStep.DETAIL: _detail,
    NewPlanStep.BILLING: _billing,
    NewPlanStep.CONTRACT: lambda at, table: read_contract_step(table, at.catalogue, at.customer),
    NewPlanStep.SERVICES: _services,
    NewPlanStep.LOGIN: lambda at, table: read_login_step(table, at.catalogue, at.plan),
}
