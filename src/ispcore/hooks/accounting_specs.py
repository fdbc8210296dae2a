"""The hook about accounting: who tells of connections."""

from __future__ import annotations

from collections.abc import Sequence

import pluggy

from ispcore.usecases import AccountingSourceSpec

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
