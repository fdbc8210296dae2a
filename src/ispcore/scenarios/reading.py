"""Reading a scenario: every wrong word and value at once, each with its place and line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from attrs import evolve

from ispcore.customers import RegisterCustomer
from ispcore.errors import DocumentError, InvalidValueError
from ispcore.plans import SubscriptionCommand
from ispcore.scenarios.catalogues import Load, bytes_beside, bytes_of, read_changes, read_document
from ispcore.scenarios.device_steps import DeviceReader, read_devices
from ispcore.scenarios.expectations import read_expected_closing, read_expected_state
from ispcore.scenarios.fields import Named, Reading, Ref, fields_of, many_names, name_of
from ispcore.scenarios.money_expectations import read_expected_account, read_expected_chores
from ispcore.scenarios.scenario import Daily, Expected, Scenario, Step
from ispcore.scenarios.words import COMMANDS, OF_DEVICES, OF_MONEY, OPENING, WORDS, Act
from ispcore.values import (
    CODE,
    DAY,
    FLAG,
    PROSE,
    TEXT,
    Currency,
    Notes,
    Problem,
    Table,
    located,
    one_of,
    parse_toml,
    suggestion,
    whole,
)

WHAT = "The scenario"
_CYCLES = whole(1, 36)
_ANY_CURRENCY = Currency("", 3)
"""Stands in for a currency that could not be read; it has the most digits, so no amount is blamed for it."""


def read_scenario_file(path: Path) -> Scenario:
    """Return the scenario in the file *path*; a catalogue that it names is looked for beside it.

    Raises:
        DocumentError: the file cannot be read, or has problems; every one is listed.
    """
    return read_scenario(bytes_of(path), what=str(path), load=partial(bytes_beside, path.parent))


def read_scenario(text: str | bytes, *, what: str = WHAT, load: Load | None = None) -> Scenario:
    """Return the scenario that the TOML *text* holds; *load* gives the catalogue file that it names.

    Raises:
        DocumentError: it has problems; every one is listed with its place.
    """
    document = parse_toml(text, what)
    source = text if isinstance(text, str) else text.decode("utf-8-sig")
    try:
        return _scenario(document, what, load)
    except DocumentError as error:
        raise located(error, source) from None


def _scenario(document: dict[str, Any], what: str, load: Load | None) -> Scenario:
    notes = Notes()
    table = Table(document, notes)
    catalogue = read_document(table, load) or {}
    reading = Reading(_currency(catalogue), documents=[catalogue], load=load)
    title = table.get("title", TEXT)
    about = table.get("about", PROSE, default="")
    covers = table.many("covers", TEXT)
    daily = table.get("daily", one_of(Daily), default=None)
    customers = {}
    for name, inner in table.table("customers").named():
        customers[name] = fields_of(RegisterCustomer, inner, reading)
        inner.close()
        reading.names[Named.CUSTOMER].add(name)
    reading.devices.update(read_devices(table.table("devices")))
    steps = tuple(_step(row, reading) for row in table.rows("steps"))
    if not steps and not notes.problems:
        table.problem(
            "A scenario needs at least one step.", "Write [[steps]] with 'on' and 'do'.", at="steps"
        )
    table.close()
    if not notes.problems:
        _check_days(steps, notes)
    notes.raise_problems(what)
    devices = dict(reading.devices)
    return Scenario(title, about, reading.currency.code, catalogue, customers, steps, covers, devices, daily)


def _currency(catalogue: Mapping[str, Any]) -> Currency:
    try:
        return Currency.of(catalogue.get("currency", ""))
    except InvalidValueError:
        return _ANY_CURRENCY


def _check_days(steps: tuple[Step, ...], notes: Notes) -> None:
    """Note each step that is recorded before the day that the story has reached."""
    reached = date.min
    for step in steps:
        if step.today is not None and step.today < reached:
            message = f"The story has reached {reached} already; it cannot go back to {step.today}."
            notes.problems.append(Problem(f"{step.place}.today", message, "Put the steps in order."))
        reached = max(reached, step.today or step.on)


def _step(row: Table, reading: Reading) -> Step:
    step = Step(
        place=row.place,
        do=row.get("do", TEXT),
        on=row.get("on", DAY),
        today=row.get("today", DAY, default=None),
        label=row.get("as", CODE, default=None) or None,
        refused=row.get("refused", TEXT, default=None),
        task=row.get("task", FLAG, default=False),
    )
    if step.do not in WORDS:
        if step.do:
            row.problem(f"{step.do!r} is nothing that a step can do.", suggestion(step.do, WORDS), at="do")
        for kind in Named:  # what it would have named is not missed later
            reading.names[kind].add(step.label or "")
        return step
    match step.do:
        case Act.CLOSE.value | Act.PREVIEW.value:
            step = evolve(step, expected=read_expected_closing(row, reading))
        case Act.BILL_OPEN_CYCLE.value | Act.BILL_AHEAD.value:
            step = evolve(
                step, values=_billing(row, step.do, reading), expected=read_expected_closing(row, reading)
            )
        case Act.EXPECT.value:
            step = evolve(step, expected=_expected(row, reading))
        case Act.LOAD_CATALOGUE.value:
            step = evolve(step, values=_loading(row, reading, refused=step.refused is not None))
        case do if do in OF_MONEY:
            step = _of_money(row, step, reading)
        case do if do in OF_DEVICES:
            step = _of_devices(row, step, reading)
        case _:
            step = evolve(step, values=fields_of(COMMANDS[step.do], row, reading))
    row.close()
    _check_task(row, step)
    _check_fact(row, step, reading)
    _name(row, step, reading)
    return step


def _of_money(row: Table, step: Step, reading: Reading) -> Step:
    if step.do == Act.PAY_SLIPS.value:
        return evolve(step, values={"but": many_names(row, "but", Named.CUSTOMER, reading)})
    return evolve(step, expected=read_expected_chores(row, step.do))


def _devices(reading: Reading) -> DeviceReader:
    return DeviceReader(reading.devices, reading.names[Named.SUBSCRIPTION])


def _of_devices(row: Table, step: Step, reading: Reading) -> Step:
    if not reading.devices:
        hint = "Write [devices.NAME] for each; what is bound to them stands in the catalogue."
        row.problem("The scenario has no devices.", hint, at="do")
    reader = _devices(reading)
    values = reader.values(step.do, row)
    return evolve(step, values=values, expected=reader.expected_work(row, step.do))


def _expected(row: Table, reading: Reading) -> Expected | None:
    if "subscription" in row:
        return read_expected_state(row, reading)
    if "customer" in row:
        return read_expected_account(row, reading)
    if "device" in row:
        return _devices(reading).expected(row)
    hint = "Give a 'subscription', a 'customer' or a 'device'."
    row.problem("It does not say of what this is expected.", hint)
    return None


def _billing(row: Table, do: str, reading: Reading) -> Mapping[str, Any]:
    """Return which subscription is billed beside the closings, and how many cycles ahead."""
    subscription = Ref(Named.SUBSCRIPTION, name_of(row, "subscription", Named.SUBSCRIPTION, reading))
    ahead = {"cycles": row.get("cycles", _CYCLES)} if do == Act.BILL_AHEAD.value else {}
    return {"subscription": subscription, **ahead}


def _loading(row: Table, reading: Reading, *, refused: bool) -> Mapping[str, Any]:
    """Return what a ``load_catalogue`` step loads: a whole catalogue, or changes to the one in force."""
    in_force = reading.documents[-1]
    if "changes" in row and "catalogue" not in row:
        document = read_changes(row, in_force) if in_force else {}
    else:
        document = read_document(row, reading.load)
    if document and not refused:
        reading.documents.append(document)
    return {"document": document, "withdraw": row.get("withdraw", FLAG, default=False)}


def _check_task(row: Table, step: Step) -> None:
    """Note a task that is no command to a subscription, or of which it is not said when it is scheduled."""
    if not step.task:
        return
    if not issubclass(COMMANDS.get(step.do, object), SubscriptionCommand):
        row.problem(f"{step.do!r} is no command to a subscription, and can be no task.", at="task")
    elif step.today is None:
        row.problem("A task is scheduled before its day.", "Give that earlier day as 'today'.", at="task")


def _check_fact(row: Table, step: Step, reading: Reading) -> None:
    """Note a fact that is named beside a subscription to which it does not belong."""
    fact, subscription = step.values.get("fact"), _subscription(step)
    if isinstance(fact, Ref) and subscription:
        owner = reading.owners.get(fact.name, subscription)
        if owner != subscription:
            message = f"The fact {fact.name!r} is one of the subscription {owner!r}."
            row.problem(message, f"Write subscription = {owner!r}.", at="subscription")


def _subscription(step: Step) -> str:
    given = step.values.get("subscription")
    return given.name if isinstance(given, Ref) else ""


def _name(row: Table, step: Step, reading: Reading) -> None:
    """Let the label of *step* name what the step makes."""
    label, kinds = step.label, () if step.task else _made_by(step.do)
    if label is None:
        return
    if not kinds:
        row.problem("This step makes nothing that could be named.", at="as")
    elif step.refused is not None:
        row.problem("A step that is refused makes nothing that could be named.", at="as")
    for kind in kinds:
        if label in reading.names[kind]:
            row.problem(f"{label!r} names another {kind.value} already.", "Choose another word.", at="as")
            return
    for kind in kinds:
        reading.names[kind].add(label)
    if Named.FACT in kinds:
        reading.owners[label] = _subscription(step) or label


def _made_by(do: str) -> tuple[Named, ...]:
    """Return what the label of a step names."""
    command = COMMANDS.get(do)
    if command is RegisterCustomer:
        return (Named.CUSTOMER,)
    if do in OPENING:
        return (Named.SUBSCRIPTION, Named.FACT)
    return (Named.FACT,) if command is not None and issubclass(command, SubscriptionCommand) else ()
