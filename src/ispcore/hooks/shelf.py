"""What became of every plugin once all were loaded: those that work, what they bring, and what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

if TYPE_CHECKING:
    from ispcore.errors import PluginError
    from ispcore.hooks.loading import Plugin


@frozen
class PluginReport:
    """What became of a plugin: loaded with its hooks, or not and why.

    ``status`` is ``loaded``, ``failed``, ``disabled`` or ``other-api``.
    """

    name: str
    distribution: str
    version: str
    status: str
    reason: str | None = None
    hooks: tuple[str, ...] = ()
    drivers: tuple[str, ...] = ()


@frozen
class Shelf:
    """The plugins that are loaded, and everything that is wrong with others."""

    plugins: tuple[Plugin, ...] = ()
    reports: tuple[PluginReport, ...] = ()
    errors: tuple[PluginError, ...] = ()
    _offers: Mapping[str, Mapping[str, tuple[Plugin, Any]]] = field(factory=dict, repr=False)
    _clashes: Mapping[tuple[str, str], PluginError] = field(factory=dict, repr=False)

    def brought(self, hook: str) -> dict[str, tuple[Plugin, Any]]:
        """Return what one plugin alone brings by *hook*, by name."""
        return dict(self._offers.get(hook, {}))

    def clash(self, hook: str, name: str) -> PluginError | None:
        """Return the error that says that several plugins bring this *name*."""
        return self._clashes.get((hook, name))
