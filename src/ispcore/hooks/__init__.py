"""Plugins: the marker for their hooks, what hooks are given and return, and who loads them.

To import the marker costs next to nothing; the rest is loaded on first use.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from ispcore.effects import FactRecorded
    from ispcore.hooks.file_issuer import FileIssuer
    from ispcore.hooks.file_provider import FileChargeProvider
    from ispcore.hooks.offers import CalendarSpec, CommandSpec, HealthCheck, RateSource, TaxIdSpec
    from ispcore.hooks.plugins import Plugins
    from ispcore.usecases import (
        Add,
        Authorised,
        ChargeProviderSpec,
        DocumentRequest,
        IssuerSpec,
        NotRegistered,
        Registered,
        Rejected,
        SlipRequest,
        UsageLimit,
        Veto,
    )

__all__ = [
    "Add",
    "Authorised",
    "CalendarSpec",
    "ChargeProviderSpec",
    "CommandSpec",
    "DocumentRequest",
    "FactRecorded",
    "FileChargeProvider",
    "FileIssuer",
    "HealthCheck",
    "IssuerSpec",
    "NotRegistered",
    "Plugins",
    "RateSource",
    "Registered",
    "Rejected",
    "SlipRequest",
    "TaxIdSpec",
    "UsageLimit",
    "Veto",
    "hookimpl",
]

_HOMES = {
    "Add": "ispcore.usecases",
    "Authorised": "ispcore.usecases",
    "CalendarSpec": "ispcore.hooks.offers",
    "ChargeProviderSpec": "ispcore.usecases",
    "CommandSpec": "ispcore.hooks.offers",
    "DocumentRequest": "ispcore.usecases",
    "FactRecorded": "ispcore.effects",
    "FileChargeProvider": "ispcore.hooks.file_provider",
    "FileIssuer": "ispcore.hooks.file_issuer",
    "HealthCheck": "ispcore.hooks.offers",
    "IssuerSpec": "ispcore.usecases",
    "NotRegistered": "ispcore.usecases",
    "Plugins": "ispcore.hooks.plugins",
    "RateSource": "ispcore.hooks.offers",
    "Registered": "ispcore.usecases",
    "Rejected": "ispcore.usecases",
    "SlipRequest": "ispcore.usecases",
    "TaxIdSpec": "ispcore.hooks.offers",
    "UsageLimit": "ispcore.usecases",
    "Veto": "ispcore.usecases",
}

F = TypeVar("F", bound=Callable[..., Any])


def hookimpl(function: F) -> F:
    """Mark *function* as the implementation of the hook whose name it has.

    >>> @hookimpl
    ... def ispcore_fact_recorded(event):
    ...     print(event.type)
    """
    # This is what pluggy's own marker leaves; pluggy itself would take longer to import than all the rest.
    function.ispcore_impl = {  # type: ignore[attr-defined] # functions take attributes
        "wrapper": False,
        "hookwrapper": False,
        "optionalhook": False,
        "tryfirst": False,
        "trylast": False,
        "specname": None,
    }
    return function


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any public name
    """Load a public name from its home on first use."""
    if name not in _HOMES:
        message = f"module 'ispcore.hooks' has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module  # noqa: PLC0415 - only where something else than the marker is asked for

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
