"""Playing a scenario: each step on its day, against the same facade that everybody uses."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import date
from functools import cache
from typing import Any

from attrs import evolve, field, frozen

from ispcore.app import Provider
from ispcore.billing import Closing, Receivable
from ispcore.errors import IspcoreError, NotFoundError, RefusedError, StorageError
from ispcore.network import Drift, Happening, Move
from ispcore.scenarios.component_fields import ResourceRef
from ispcore.scenarios.device_play import DevicePlay
from ispcore.scenarios.device_steps import ExpectedDevice
from ispcore.scenarios.expectations import unmet_closing, unmet_state
from ispcore.scenarios.fields import Named, ReceivableRef, Ref
from ispcore.scenarios.money_expectations import AccountLook, unmet_chores, unmet_problems
from ispcore.scenarios.money_steps import ExpectedAccount, ExpectedChores
from ispcore.scenarios.passing import Passing, Told
from ispcore.scenarios.paying import pay_slips
from ispcore.scenarios.scenario import ExpectedClosing, ExpectedState, Scenario, Step
from ispcore.scenarios.simulated import SimulatedNetwork
from ispcore.scenarios.words import COMMANDS, OPENING, Act
from ispcore.storage import SqlDatabase, keys_from_environment, new_key, shown
from ispcore.testing import MovableClock
from ispcore.tick import Chore, Tick
from ispcore.timeline import Actor, Fact
from ispcore.usecases import Run
from ispcore.values import ChargeId, ComponentId, CustomerId, SubscriptionId

PLAYER = Actor("scenario", {"*"})


@frozen
class Played:
    """What a step did: facts recorded and voided, closings, and the expectations that were not met.

    ``run`` is what a closing came to; ``refusal`` is the error by which a step was refused, expected or not.
    ``moves`` are what a command would have changed on devices, ``happenings`` what then happened there, also
    by itself since the step before; ``drift`` is what a look found. ``ticks`` are what time did, by itself
    since the step before or in the step; ``told`` what customers were told meanwhile; ``paid`` counts the
    slips that everybody paid.
    """

    step: Step
    today: date
    facts: tuple[Fact[Any], ...] = ()
    voided: tuple[Fact[Any], ...] = ()
    closings: tuple[Closing, ...] = ()
    run: Run | None = None
    refusal: IspcoreError | None = None
    unmet: tuple[str, ...] = ()
    moves: tuple[Move, ...] = ()
    happenings: tuple[Happening, ...] = ()
    drift: tuple[Drift, ...] = ()
    ticks: tuple[Tick, ...] = ()
    told: tuple[Told, ...] = ()
    paid: int = 0


@frozen
class Names:
    """The numbers behind a scenario's words."""

    customers: dict[str, int] = field(factory=dict)
    subscriptions: dict[str, int] = field(factory=dict)
    facts: dict[str, int] = field(factory=dict)

    def resolve(self, value: Any) -> Any:  # noqa: ANN401 - any field of a command
        """Return *value* with a word replaced by what it names."""
        if not isinstance(value, Ref):
            return value
        known: Mapping[Named, Mapping[str, int]] = {
            Named.CUSTOMER: self.customers,
            Named.SUBSCRIPTION: self.subscriptions,
            Named.FACT: self.facts,
        }
        return known[value.kind][value.name]


class Player:
    """Plays one scenario on one provider."""

    def __init__(self, scenario: Scenario, url: str = "sqlite://", *, actor: Actor = PLAYER) -> None:
        """Open the database at *url*, in memory by default.

        Passwords are locked with the environment's keys, and without any with one that nobody keeps.
        """
        self.scenario = scenario
        self.names = Names()
        self.actor = actor
        self.clock = MovableClock(scenario.begins_on)
        self.provider = _opened(url, self.clock)
        self._check_empty(url)
        self.network = SimulatedNetwork(scenario.devices.values(), self.provider, self.clock, actor)
        self._devices = DevicePlay(self)
        self._time = Passing(scenario, self.provider, network=self.network, clock=self.clock, actor=actor)

    def _check_empty(self, url: str) -> None:
        """Refuse a database that holds something: a scenario would bill whoever is in it."""
        try:
            self.provider.catalogue(actor=PLAYER)
        except NotFoundError:
            return
        self.close_database()
        raise RefusedError(
            f"The database {shown(url)} is in use; a scenario is played on an empty one.",
            rule="not-empty",
            hint="Name a file that does not exist yet.",
        )

    def close_database(self) -> None:
        """Let go of the database."""
        self.provider.close_database()

    def play(self) -> Iterator[Played]:
        """Yield each step as it was played; a step that is refused unexpectedly is the last one.

        A catalogue or customer that is refused at the beginning comes as a step too, the only one.
        """
        refused = self._prepare()
        if refused is not None:
            yield refused
            return
        today = self.scenario.begins_on
        for step in self.scenario.steps:
            since = len(self.network.journal.happenings)
            before, today = today, max(today, step.today or step.on)
            self._time.pass_days(before, today)
            played = self._play(step, today)
            self._time.follow()
            yield evolve(
                played,
                happenings=self.network.journal.since(since),
                ticks=(*self._time.ticked(), *played.ticks),
                told=self._time.told(),
            )
            if played.refusal is not None and step.refused is None:
                return

    def _prepare(self) -> Played | None:
        """Load the catalogue and register the customers; return the first of them that was refused."""
        on = self.scenario.begins_on
        document = {"document": self.scenario.catalogue, "withdraw": False}
        steps = [Step("catalogue", Act.LOAD_CATALOGUE.value, on, values=document)]
        for name, values in self.scenario.customers.items():
            steps.append(Step(f"customers.{name}", "register_customer", on, label=name, values=values))
        played = (self._play(step, on) for step in steps)
        return next((one for one in played if one.refusal is not None), None)

    def _play(self, step: Step, today: date) -> Played:
        try:
            played = self._act(step, today)
        except IspcoreError as error:
            return Played(step, today, refusal=error, unmet=_unmet_refusal(step, error))
        if step.refused is not None:
            return Played(step, today, unmet=(f"expected to be refused ({step.refused}), but it was done",))
        return played

    def _act(self, step: Step, today: date) -> Played:
        if step.do in COMMANDS:
            return self._command(step, today)
        match Act(step.do):
            case Act.CLOSE:
                closings = tuple(self.provider.preview(step.on, actor=self.actor))
                run = self.provider.close(step.on, actor=self.actor)
                return self._closed(step, today, closings, run)
            case Act.PREVIEW:
                return self._closed(step, today, tuple(self.provider.preview(step.on, actor=self.actor)))
            case Act.BILL_OPEN_CYCLE | Act.BILL_AHEAD:
                return self._closed(step, today, self._billed(step))
            case Act.LOAD_CATALOGUE:
                self.provider.load_catalogue(
                    step.values["document"], actor=self.actor, on=step.on, withdraw=step.values["withdraw"]
                )
                return Played(step, today)
            case Act.ISSUE_SLIPS:
                return self._chores(step, today, self._slips(step, today))
            case Act.PAY_SLIPS:
                but = [self.names.customers[ref.name] for ref in step.values["but"]]
                return Played(step, today, paid=pay_slips(self.provider, step.on, but, actor=self.actor))
            case Act.TICK:
                return self._chores(step, today, self._time.tick())
            case Act.EXPECT:
                return Played(step, today, unmet=tuple(self._unmet(step)))
            case _:
                drift, unmet = self._devices.act(step)
                return Played(step, today, drift=drift, unmet=unmet)

    def _slips(self, step: Step, today: date) -> Tick:
        """Issue slips, as one chore of a tick."""
        run = self.provider.slips.issue(step.on, actor=self.actor)
        counts = {"issued": run.issued, "replaced": run.replaced}
        done = f"{run.issued} slips were issued, {run.replaced} of them in the place of others."
        return Tick(today, (Chore("slips", done, counts, tuple(map(str, run.problems))),))

    def _chores(self, step: Step, today: date, tick: Tick) -> Played:
        expected = step.expected if isinstance(step.expected, ExpectedChores) else None
        unmet = list(unmet_problems(expected, tick.problems))
        if expected is not None:
            unmet += unmet_chores(expected, step.do, {one.name: one.counts for one in tick.chores})
        return Played(step, today, ticks=(tick,), unmet=tuple(unmet))

    def _billed(self, step: Step) -> tuple[Closing, ...]:
        """Bill one subscription beside the closings."""
        number = SubscriptionId(self.names.resolve(step.values["subscription"]))
        charging = self.provider.charging
        if step.do == Act.BILL_AHEAD.value:
            return charging.ahead(number, step.values["cycles"], actor=self.actor)
        return (charging.open_cycle(number, step.on, actor=self.actor),)

    def _command(self, step: Step, today: date) -> Played:
        values = {name: self._resolved(value) for name, value in step.values.items()}
        day = "paid_on" if step.do == "pay" else "on"
        command = COMMANDS[step.do](**{day: step.on, **values})
        if step.task:
            self.provider.tasks.add(command, actor=self.actor)
            return Played(step, today)
        done = self.provider.do(command, actor=self.actor)
        facts = getattr(done, "facts", ())
        if step.label is not None:
            self._name(step, done, facts)
        return Played(
            step, today, facts=facts, voided=getattr(done, "voided", ()), moves=getattr(done, "moves", ())
        )

    def _resolved(self, value: Any) -> Any:  # noqa: ANN401 - any field of a command
        if isinstance(value, ResourceRef):
            return self.resource(value)
        if isinstance(value, tuple) and any(isinstance(each, ResourceRef) for each in value):
            return tuple(self._resolved(each) for each in value)
        if isinstance(value, ReceivableRef):
            return self._receivables(value)[0]
        if isinstance(value, tuple) and value and isinstance(value[0], ReceivableRef):
            return tuple(charge for ref in value for charge in self._receivables(ref))
        return self.names.resolve(value)

    def resource(self, ref: ResourceRef) -> str:
        """Return the name of the resource that *ref* means."""
        number = SubscriptionId(self.names.subscriptions[ref.subscription])
        state = self.provider.subscription(number, actor=self.actor).timeline.last
        return state.component(ComponentId(ref.component)).resource

    def _receivables(self, ref: ReceivableRef) -> tuple[ChargeId, ...]:
        """Return the receivables that *ref* means, the first due first."""
        number = SubscriptionId(self.names.subscriptions[ref.subscription.name])
        customer = self.provider.subscription(number, actor=self.actor).row.customer
        account = self.provider.customer(customer, actor=self.actor)
        wanted = {"due_on": ref.due, "item": ref.item, "line": ref.line}
        found = tuple(
            one.receivable.id
            for one in account.receivables
            if one.receivable.key.subscription == number and _is_meant(one.receivable, wanted)
        )
        if not found:
            said = ", ".join(f"{name} {value}" for name, value in wanted.items() if value is not None)
            raise NotFoundError("receivable of", ref.subscription.name, hint=said and f"Asked for: {said}.")
        return found

    def _name(self, step: Step, done: Any, facts: tuple[Fact[Any], ...]) -> None:  # noqa: ANN401
        label = step.label or ""
        if step.do == "register_customer":
            self.names.customers[label] = done.customer
            return
        self.names.facts[label] = facts[0].sequence
        if step.do in OPENING:
            self.names.subscriptions[label] = done.successor or done.subscription

    def _closed(
        self, step: Step, today: date, closings: tuple[Closing, ...], run: Run | None = None
    ) -> Played:
        unmet: tuple[str, ...] = ()
        if isinstance(step.expected, ExpectedClosing):
            numbers = self.names.subscriptions
            unmet = tuple(unmet_closing(step.expected, closings, numbers, self.scenario.currency))
        return Played(step, today, closings=closings, run=run, unmet=unmet)

    def _unmet(self, step: Step) -> Iterator[str]:
        match step.expected:
            case ExpectedState(subscription=name):
                view = self.provider.subscription(
                    SubscriptionId(self.names.subscriptions[name]), actor=self.actor
                )
                yield from unmet_state(step.expected, view, step.on)
            case ExpectedAccount(customer=name):
                look = AccountLook(self.provider, self.actor, self.scenario.currency)
                yield from look.unmet(step.expected, CustomerId(self.names.customers[name]), step.on)
            case ExpectedDevice():
                yield from self._devices.unmet(step.expected)


def _opened(url: str, clock: MovableClock) -> Provider:
    """Open the database at *url*; workers go by the story's clock too."""
    database = SqlDatabase(url, secret_keys=cache(_keys), instants=lambda _: clock.now())
    with ExitStack() as undoing:
        undoing.callback(database.close)
        database.migrate()
        undoing.pop_all()
    return Provider(database, clock=clock)


def _keys() -> tuple[str, ...]:
    try:
        return tuple(keys_from_environment())
    except StorageError:
        return (new_key(),)


def _is_meant(receivable: Receivable, wanted: Mapping[str, object]) -> bool:
    found = {"due_on": receivable.due_on, "item": receivable.key.item, "line": receivable.key.line}
    return all(value is None or value == found[name] for name, value in wanted.items())


def _unmet_refusal(step: Step, error: IspcoreError) -> tuple[str, ...]:
    if step.refused is None:
        return (f"refused: {error}",)
    rule = error.rule if isinstance(error, RefusedError) else type(error).__name__
    if step.refused == rule or step.refused in str(error):
        return ()
    return (f"expected to be refused by {step.refused!r}, but {rule!r} refused it: {error}",)
