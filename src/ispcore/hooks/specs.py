"""The hooks, in three families that are never mixed: registration, policies, observers.

Each docstring is the reference of its hook; docs/reference/hooks.md is made of them. A parameter that is
added later has a default, and an implementation takes only the parameters that it needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

import pluggy

from ispcore.driver import DriverSpec
from ispcore.effects import FactRecorded
from ispcore.hooks.offers import CalendarSpec, CommandSpec, HealthCheck, RateSource, TaxIdSpec
from ispcore.notices import NotifierSpec
from ispcore.timeline import Fact
from ispcore.usecases import Add, ChargeProviderSpec, IssuerSpec, Veto

_spec = pluggy.HookspecMarker("ispcore")


@_spec
def ispcore_drivers() -> Sequence[DriverSpec]:  # type: ignore[empty-body] # a specification
    """Say which drivers the plugin brings.

    A device names its driver; none is ever tried out because it happens to be there. The specification is
    data: the factory in it is imported when a device needs the driver.

    Phase: registration, once for each process that needs plugins.
    May block: no.
    Effect of raising: the plugin is not loaded, and what else it registered is undone.
    Delivery: once, in no particular order. A name that two plugins give belongs to neither.
    Since: 0.1

    Example:
        from attrs import frozen

        from ispcore.driver import DriverSpec, Login
        from ispcore.hooks import hookimpl
        from ispcore.values import SecretText


        @frozen
        class Config:
            host: str
            password: SecretText


        @hookimpl
        def ispcore_drivers():
            factory = "ispcore_acme.driver:Acme"
            return [DriverSpec(name="acme", factory=factory, config=Config, kinds={Login: {}})]
    """


@_spec
def ispcore_notifiers() -> Sequence[NotifierSpec]:  # type: ignore[empty-body] # a specification
    """Say which notifiers the plugin brings.

    A channel of the catalogue names its notifier. The specification is data: the factory in it is imported
    when something is to be handed over, and called with the channel's configuration. What it makes has
    `hand_over(message)`, which is called outside of any transaction.

    Phase: registration, once for each process that needs plugins.
    May block: the hook not; `hand_over` may wait for a server, with a time limit of its own. Other channels
        wait meanwhile.
    Effect of raising: the plugin is not loaded. What `hand_over` raises means that the message was not handed
        over: it is tried again after pauses of 10 seconds to 6 hours, and `UndeliverableError` or the tenth
        failure gives it up, until `ispcore notices retry`.
    Delivery: the hook once; a message at least once, its id is the same each time. A name that two plugins
        give belongs to neither; `files` is ispcore's own.
    Since: 0.1

    Example:
        from attrs import frozen

        from ispcore.hooks import hookimpl
        from ispcore.notices import NotifierSpec
        from ispcore.values import SecretText


        @frozen
        class Config:
            url: str
            token: SecretText


        @hookimpl
        def ispcore_notifiers():
            return [NotifierSpec("acme-sms", "ispcore_acme.sms:Gateway", Config)]
    """


@_spec
def ispcore_health_checks() -> Sequence[HealthCheck]:  # type: ignore[empty-body] # a specification
    """Say what `ispcore doctor` should ask the plugin.

    Each check returns a sentence for each thing that is wrong, and nothing when all is well.

    Phase: registration, once for each process that needs plugins; the checks run when a doctor is called.
    May block: the hook not; a check may, for as long as a person likes to wait.
    Effect of raising: the plugin is not loaded. A check that raises is a finding, and the others run.
    Delivery: once.
    Since: 0.1

    Example:
        from pathlib import Path

        from ispcore.hooks import HealthCheck, hookimpl


        def licence():
            if not Path("/etc/acme/licence").exists():
                yield "There is no licence. Put it into /etc/acme/licence."


        @hookimpl
        def ispcore_health_checks():
            return [HealthCheck("acme-licence", licence)]
    """


@_spec
def ispcore_charge_providers() -> Sequence[ChargeProviderSpec]:  # type: ignore[empty-body] # a specification
    """Say which charge providers the plugin brings: banks, card processors, whoever takes money for slips.

    A charge method of the catalogue names its provider. The specification is data: the factory in it is
    imported when slips are registered. A provider answers `Registered` or `NotRegistered`; whatever it raises
    means that nobody knows yet, and it is asked again later with the same number.

    Phase: registration, once for each process that needs plugins.
    May block: no; a provider may, for as long as the program that registers likes to wait.
    Effect of raising: the plugin is not loaded, and what else it registered is undone.
    Delivery: once, in no particular order. A name that two plugins give belongs to neither.
    Since: 0.1

    Example:
        from ispcore.hooks import ChargeProviderSpec, hookimpl


        @hookimpl
        def ispcore_charge_providers():
            return [ChargeProviderSpec("acme-bank", "ispcore_acme.bank:AcmeBank")]
    """


@_spec
def ispcore_document_issuers() -> Sequence[IssuerSpec]:  # type: ignore[empty-body] # a specification
    """Say which issuers of fiscal documents the plugin brings.

    A document type of the catalogue names its issuer. The specification is data: the factory in it is
    imported when documents are issued. An issuer answers `Authorised` or `Rejected`; whatever it raises
    means that nobody knows yet, and it is asked again later with the same number.

    Phase: registration, once for each process that needs plugins.
    May block: no; an issuer may, for as long as the program that issues likes to wait.
    Effect of raising: the plugin is not loaded, and what else it registered is undone.
    Delivery: once, in no particular order. A name that two plugins give belongs to neither.
    Since: 0.1

    Example:
        from ispcore.hooks import IssuerSpec, hookimpl


        @hookimpl
        def ispcore_document_issuers():
            return [IssuerSpec("town-hall", "ispcore_acme.documents:TownHall")]
    """


@_spec
def ispcore_calendars() -> Sequence[CalendarSpec]:  # type: ignore[empty-body] # a specification
    """Say which business calendars the plugin brings.

    A business unit of the catalogue names one. Its holidays are written into the catalogue when that is
    loaded, from the year before to four years ahead, so what closings read is data that no later version of
    a plugin changes. Load the catalogue again once a year.

    Phase: registration, once for each process that needs plugins; the calendar is asked when a catalogue is
        loaded.
    May block: no.
    Effect of raising: the plugin is not loaded; a calendar that raises refuses the catalogue.
    Delivery: once, in no particular order. A name that two plugins give belongs to neither.
    Since: 0.1

    Example:
        from datetime import date

        from ispcore.hooks import CalendarSpec, hookimpl


        def holidays(year):
            return [date(year, 1, 1), date(year, 12, 25)]


        @hookimpl
        def ispcore_calendars():
            return [CalendarSpec("banks", holidays)]
    """


@_spec
def ispcore_rate_sources() -> Sequence[RateSource]:  # type: ignore[empty-body] # a specification
    """Say which series of rates the plugin brings.

    The interest of a late policy may name one. The rate in force on the first day of that version of the
    policy is written into the catalogue when it is loaded.

    Phase: registration, once for each process that needs plugins; a rate is asked for when a catalogue is
        loaded.
    May block: no; a rate that must be fetched is fetched beforehand.
    Effect of raising: the plugin is not loaded; a source that raises refuses the catalogue.
    Delivery: once, in no particular order. A name that two plugins give belongs to neither.
    Since: 0.1

    Example:
        from decimal import Decimal

        from ispcore.hooks import RateSource, hookimpl

        RATES = {2025: Decimal("0.98"), 2026: Decimal("1.02")}


        @hookimpl
        def ispcore_rate_sources():
            return [RateSource("index", lambda day: RATES.get(day.year))]
    """


@_spec
def ispcore_tax_ids() -> Sequence[TaxIdSpec]:  # type: ignore[empty-body] # a specification
    """Say which countries' tax ids the plugin knows.

    A provider that was given none takes those of its plugins, where one brings some alone. The object that
    the factory makes has a method `normalise(text, kind)`, which returns a tax id in the one form in which
    it is kept, or raises `InvalidValueError`.

    Phase: registration, once for each process that needs plugins.
    May block: no.
    Effect of raising: the plugin is not loaded.
    Delivery: once. Where several are brought the program names one: `plugins.tax_ids("name")`.
    Since: 0.1

    Example:
        from ispcore.hooks import TaxIdSpec, hookimpl


        @hookimpl
        def ispcore_tax_ids():
            return [TaxIdSpec("acme", "ispcore_acme.tax_ids:AcmeTaxIds")]
    """


@_spec
def ispcore_commands() -> Sequence[CommandSpec]:  # type: ignore[empty-body] # a specification
    """Say which commands the plugin adds to `ispcore`.

    A command is a Click command that is imported when it is called.

    Phase: registration, when the command line is asked for a command of no other name, or for its help.
    May block: no.
    Effect of raising: the plugin is not loaded.
    Delivery: once. A name of ispcore's own stays ispcore's, one that two plugins give belongs to neither.
    Since: 0.1

    Example:
        from ispcore.hooks import CommandSpec, hookimpl


        @hookimpl
        def ispcore_commands():
            return [CommandSpec("acme-sync", "ispcore_acme.commands:sync", "Fetch the stock from Acme.")]
    """


@_spec
def ispcore_review_command(
    command: Any,  # noqa: ANN401 - any command to a subscription or customer
    state_before: Any,  # noqa: ANN401 - a subscription's or a customer's
    facts: Sequence[Fact[Any]],
    state_after: Any,  # noqa: ANN401 - as before
    on: date,
) -> Veto | Add | Sequence[Add] | None:
    """Veto a command to a subscription or customer, or add to it.

    A policy is a pure function of what it is given: it reads no clock, file or network, and gives the same
    answer in a rehearsal. Commands, facts and states are the values of `ispcore.plans` and
    `ispcore.customers`, which a policy may import; the states are those of the day `on`, and `state_before`
    is None for what the command opens. What may be added is a closed list (`AddItem`, `Block`,
    `ChangeDiscount`, `Pause`, `Reduce`), decided by the core's own rules with every permission, and recorded
    with the plugin and its version. Additions are not reviewed again.

    Phase: in the transaction of the command, after the core has decided it and before anything is saved;
        in rehearsals and for each item of a bulk run too.
    May block: no; other commands may be waiting. One that takes longer than a second is named in the log
        `ispcore.hooks` and by `provider.plugin_desk.diagnose`; it cannot be killed.
    Effect of raising: the command is refused with `PolicyFailedError`, which names plugin, distribution and
        version; nothing is saved.
    Delivery: once for each command, all policies in the order of their plugins' names, each on the command
        alone. The first veto is told; additions count only without one.
    Since: 0.1

    Example:
        from ispcore.hooks import Add, Veto, hookimpl
        from ispcore.plans import AddItem, Cancel, Subscribe


        @hookimpl
        def ispcore_review_command(command, state_before, state_after):
            match command:
                case Cancel() if state_before.contract is not None:
                    return Veto("in-contract", "A contract is running. Ask the back office to cancel it.")
                case Subscribe(plan="fibre"):
                    return Add(AddItem(subscription=state_after.id, service="installation"))
    """


@_spec
def ispcore_fact_recorded(event: FactRecorded) -> None:
    """Learn that a fact was recorded.

    The event is frozen and complete: who, when, why, the fact, the subject without it and with it, and the
    command that it belongs to. Personal values are never in it, only the ids by which they are found.

    Phase: after the commit, in the process that delivers (`Provider.deliver`, `ispcore deliver`).
    May block: yes, with a time limit of its own; other observers wait meanwhile. One that hangs is killed
        with its process (`ispcore deliver --kill-after`).
    Effect of raising: it is told again, after pauses of 10 seconds to 6 hours; the tenth failure makes a dead
        letter, which `ispcore plugins retry` gives another chance. The change stands, and other observers
        are told.
    Delivery: at least once; the id of the event is the same each time. Events of one subject come in order,
        but for dead letters; those of different subjects in any.
    Since: 0.1

    Example:
        from ispcore.hooks import hookimpl

        TOLD = set()


        @hookimpl
        def ispcore_fact_recorded(event):
            if event.type == "Suspended" and event.id not in TOLD:
                print(f"{event.subject} was suspended by {event.actor}")
                TOLD.add(event.id)
    """


FAMILIES = {
    "ispcore_drivers": "registration",
    "ispcore_notifiers": "registration",
    "ispcore_health_checks": "registration",
    "ispcore_charge_providers": "registration",
    "ispcore_document_issuers": "registration",
    "ispcore_calendars": "registration",
    "ispcore_rate_sources": "registration",
    "ispcore_tax_ids": "registration",
    "ispcore_commands": "registration",
    "ispcore_review_command": "policy",
    "ispcore_fact_recorded": "observer",
}
"""Every hook, and the family that it belongs to."""
