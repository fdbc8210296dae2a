"""ispcore: what is billed is what is served, and both explain themselves.

:class:`Provider` opens a database and takes commands; the chapters below it are pure. Importing this package
costs little: everything heavier is loaded on first use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ispcore.app import Provider
    from ispcore.errors import IspcoreError
    from ispcore.timeline import Actor
    from ispcore.values import Money, Period

__all__ = ["Actor", "IspcoreError", "Money", "Period", "Provider"]

_HOMES = {
    "Actor": "ispcore.timeline",
    "IspcoreError": "ispcore.errors",
    "Money": "ispcore.values",
    "Period": "ispcore.values",
    "Provider": "ispcore.app",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any public name
    """Load a public name from its home on first use."""
    if name not in _HOMES:
        message = f"module 'ispcore' has no attribute {name!r}"
        raise AttributeError(message)
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
