"""Telling observers, each by its plugin's name; what one raises is whoever delivers to deal with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ispcore.errors import PluginError

if TYPE_CHECKING:
    from ispcore.effects import FactRecorded
    from ispcore.hooks.loading import Plugin
    from ispcore.hooks.watching import Watch

_HOOK = "ispcore_fact_recorded"
_PATIENCE = 60  # it may wait for somebody else's server


class PluginObservers:
    """The observers of plugins."""

    def __init__(self, plugins: Callable[[], Sequence[Plugin]], watch: Watch) -> None:
        """Tell *plugins*."""
        self._plugins = plugins
        self._watch = watch

    def names(self) -> tuple[str, ...]:
        """Return the plugins' names."""
        return tuple(plugin.name for plugin in self._plugins())

    def tell(self, observer: str, event: FactRecorded) -> None:
        """Tell the plugin called *observer*; what it raises goes on to the caller."""
        plugin = next((one for one in self._plugins() if one.name == observer), None)
        if plugin is None:
            raise PluginError(f"Plugin {observer!r} observes nothing.", plugin=observer)
        with self._watch.call(plugin.name, _HOOK, patience=_PATIENCE):
            plugin.call(_HOOK, event=event)
