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
from ispcore.hooks.accounting_specs import ispcore_usage_limits
from ispcore.hooks.money_specs import (
    ispcore_calendars,
    ispcore_charge_providers,
    ispcore_document_issuers,
    ispcore_rate_sources,
    ispcore_tax_ids,
)
from ispcore.hooks.offers import CommandSpec, HealthCheck
from ispcore.notices import NotifierSpec
from ispcore.timeline import Fact
from ispcore.usecases import Add, Veto

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


_REGISTRATION = (
    ispcore_drivers,
    ispcore_notifiers,
    ispcore_health_checks,
    ispcore_usage_limits,
    ispcore_charge_providers,
    ispcore_document_issuers,
    ispcore_calendars,
    ispcore_rate_sources,
    ispcore_tax_ids,
    ispcore_commands,
)
FAMILIES = {hook.__name__: "registration" for hook in _REGISTRATION} | {
    ispcore_review_command.__name__: "policy",
    ispcore_fact_recorded.__name__: "observer",
}
"""Every hook, and the family that it belongs to."""
