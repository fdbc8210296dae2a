"""The hook about accounting: what becomes of those who move much."""

from __future__ import annotations

from collections.abc import Sequence

import pluggy

from ispcore.usecases import UsageLimit

_spec = pluggy.HookspecMarker("ispcore")


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
