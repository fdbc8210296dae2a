"""The hooks about accounting: who tells of connections, and what becomes of those who move much."""

from __future__ import annotations

from collections.abc import Sequence

import pluggy

from ispcore.usecases import AccountingSourceSpec, UsageLimit

_spec = pluggy.HookspecMarker("ispcore")


@_spec
def ispcore_accounting_sources() -> Sequence[AccountingSourceSpec]:  # type: ignore[empty-body] # a specification
    """Say which accounting sources the plugin brings: who tells when logins were connected.

    The specification is data: the factory in it is imported when connections are collected, and called with
    nothing. What it makes has `changed(since)`, which yields every `ispcore.network.Connection` that began,
    moved something or stopped at that instant or later, as it stands now; None asks for all. It is called
    outside of any transaction, and asked for the last 15 minutes again each time.

    Phase: registration, once for each process that needs plugins.
    May block: the hook not; `changed` may wait for a server, with a time limit of its own.
    Effect of raising: the plugin is not loaded. What `changed` raises is a problem of the tick; what it told
        until then is kept, and it is asked for the same again next time.
    Delivery: the hook once; a connection may be taken any number of times. A name that two plugins give
        belongs to neither.
    Since: 0.1

    Example:
        from ispcore.hooks import AccountingSourceSpec, hookimpl


        @hookimpl
        def ispcore_accounting_sources():
            return [AccountingSourceSpec("acme", "ispcore_acme.accounting:Radacct")]
    """


@_spec
def ispcore_usage_limits() -> Sequence[UsageLimit]:  # type: ignore[empty-body] # a specification
    """Say what becomes of subscriptions that move much in a month.

    After connections were collected each limit is asked about every subscription that there is news of. Its
    `decide` is given the `ispcore.network.Usage` of this month, of all logins of the subscription, and its
    state today; it returns a `Block` or `Reduce`, or None. The hold is placed by the core's own rules; it
    ends with the month, unless it says otherwise. A limit acts once a month on a subscription, so what a
    clerk lifts stays lifted. The fact names it in its command id: `limit-fair-use-2012-03`.

    Phase: registration, once for each process that needs plugins; limits are asked by ticks.
    May block: no; other chores are waiting.
    Effect of raising: the plugin is not loaded. What `decide` raises is a problem of the tick, and others are
        asked.
    Delivery: the hook once. A name that two plugins give belongs to neither.
    Since: 0.1

    Example:
        from ispcore.hooks import UsageLimit, hookimpl
        from ispcore.plans import HoldCause, Reduce

        PLENTY = 500 * 10**9


        def fair_use(usage, state):
            if usage.octets.total > PLENTY:
                return Reduce(subscription=state.id, cause=HoldCause.ABUSE)
            return None


        @hookimpl
        def ispcore_usage_limits():
            return [UsageLimit("fair-use", fair_use)]
    """
