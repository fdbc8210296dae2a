"""The plugins of one program: found, loaded on first need, each for itself, and asked by name.

Who makes a ``Plugins`` holds it; nothing is kept in the module. A plugin that fails is reported and passed
over, unless something names it: a device its driver, a database its policies.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ispcore.driver import Driver, DriverSpec
from ispcore.effects import FILES, FileNotifier, FolderConfig
from ispcore.errors import PluginError
from ispcore.hooks.entries import Source, given, installed
from ispcore.hooks.filling import asks_for_sources, filled
from ispcore.hooks.observers import PluginObservers
from ispcore.hooks.policies import PluginPolicies
from ispcore.hooks.selection import Selection
from ispcore.hooks.shelf import PluginReport, Shelf
from ispcore.hooks.telling import told
from ispcore.hooks.watching import PATIENCE_AT_IMPORT, Watch

if TYPE_CHECKING:
    from datetime import date

    from ispcore.customers import TaxIds
    from ispcore.hooks.loading import Plugin
    from ispcore.hooks.offers import CommandSpec, HealthCheck
    from ispcore.notices import Notifier, NotifierSpec
    from ispcore.usecases import ChargeProvider, DocumentIssuer, UsageLimit


class Plugins:
    """The plugins that a program works with."""

    def __init__(
        self, sources: Callable[[], Sequence[Source]], selection: Selection, watch: Watch | None = None
    ) -> None:
        """Load what *selection* wants of *sources*; see :meth:`none`, :meth:`of` and :meth:`installed`."""
        self._sources = sources
        self._selection = selection
        self._lock = threading.RLock()
        self._loading = False
        self._shelf: Shelf | None = None
        self.watch = watch or Watch()

    @classmethod
    def none(cls) -> Plugins:
        """Return no plugins: what a :class:`~ispcore.Provider` has unless told otherwise."""
        return cls(tuple, Selection())

    @classmethod
    def of(cls, *plugins: object, strict: bool = True, watch: Watch | None = None) -> Plugins:
        """Return these modules or objects with hooks; one that fails raises, for it is the program's own."""
        return cls(lambda: given(plugins), Selection(strict=strict), watch)

    @classmethod
    def installed(
        cls,
        *,
        only: Iterable[str] | None = None,
        without: Iterable[str] = (),
        strict: bool | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> Plugins:
        """Return the plugins of the installed distributions: all, or *only* these, *without* those.

        ``ISPCORE_DISABLE_PLUGINS`` (names of plugins or distributions, or ``all``) takes out more. With
        ``ISPCORE_STRICT_PLUGINS``, or *strict*, one that fails raises.
        """
        return cls(installed, Selection.of(only, without, strict, os.environ if environ is None else environ))

    # Loading

    def load(self) -> None:
        """Load the plugins now, instead of on first need.

        Raises:
            PluginError: one failed, and they are loaded strictly; or a plugin asks for plugins as it loads.
        """
        shelf = self._loaded()
        if self._selection.strict and shelf.errors:
            raise shelf.errors[0]

    def loaded(self) -> tuple[Plugin, ...]:
        """Return the plugins that are loaded, by name."""
        self.load()
        return self._loaded().plugins

    def with_hook(self, hook: str) -> tuple[Plugin, ...]:
        """Return the plugins that implement *hook*, by name."""
        return tuple(plugin for plugin in self.loaded() if hook in plugin.hooks)

    def reports(self) -> tuple[PluginReport, ...]:
        """Return what became of each plugin, strict or not."""
        return self._loaded().reports

    def errors(self) -> tuple[PluginError, ...]:
        """Return what is wrong with the plugins that should be loaded, strict or not."""
        return self._loaded().errors

    def _loaded(self) -> Shelf:
        if self._shelf is not None:
            return self._shelf
        with self._lock:
            if self._loading:
                raise PluginError(
                    "Plugins are asked for while they are loaded.",
                    plugin="",
                    hint="A plugin gives no commands when it is imported or registers something.",
                )
            if self._shelf is None:
                self._loading = True
                try:
                    self._shelf = self._load_all()
                finally:
                    self._loading = False
            return self._shelf

    def _load_all(self) -> Shelf:
        sources = self._sources()
        if not sources and self._selection == Selection():
            return Shelf()
        from ispcore.hooks.gathering import load_all  # noqa: PLC0415 - who has no plugins need not import pluggy

        return load_all(sources, self._selection, self.watch)

    # What plugins bring

    def drivers(self) -> dict[str, DriverSpec]:
        """Return every driver by name; one whose name two plugins give is none."""
        self.load()
        return {name: spec for name, (_, spec) in self._loaded().brought("ispcore_drivers").items()}

    def driver(self, name: str) -> DriverSpec:
        """Return the driver called *name*.

        Raises:
            PluginError: no plugin brings it, two do, or the one that does could not be loaded.
        """
        return self._driver(name)[1]

    def make_driver(self, name: str) -> Driver[Any]:
        """Return a new driver of this *name*, whose factory is imported now.

        Raises:
            PluginError: as :meth:`driver`; or the factory cannot be imported or called.
        """
        plugin, spec = self._driver(name)
        made: Driver[Any] = self._made(plugin, f"driver {name!r}", spec.factory)
        return made

    def document_issuers(self) -> dict[str, DocumentIssuer]:
        """Return an issuer of fiscal documents for each name that a plugin brings, or raise PluginError."""
        return self._every("ispcore_document_issuers", "document issuer")

    def charge_providers(self) -> dict[str, ChargeProvider]:
        """Return a charge provider for each name that a plugin brings, or raise PluginError."""
        return self._every("ispcore_charge_providers", "charge provider")

    def usage_limits(self) -> tuple[UsageLimit, ...]:
        """Return the usage limits of plugins, by name."""
        self.load()
        return tuple(
            limit for _, (_, limit) in sorted(self._loaded().brought("ispcore_usage_limits").items())
        )

    def _every(self, hook: str, word: str) -> dict[str, Any]:
        """Make what *hook* brings, by name, or raise PluginError."""
        self.load()
        brought = self._loaded().brought(hook)
        return {
            name: self._made(plugin, f"{word} {name!r}", spec.factory)
            for name, (plugin, spec) in brought.items()
        }

    def tax_ids(self, name: str | None = None) -> TaxIds | None:
        """Return the tax ids called *name*; without a name those that are brought alone, or None.

        Raises:
            PluginError: there are none of this name, or they cannot be made.
        """
        self.load()
        brought = self._loaded().brought("ispcore_tax_ids")
        if name is None:
            if len(brought) != 1:
                return None
            (name,) = brought
        if name not in brought:
            known = ", ".join(sorted(brought)) or "none"
            raise PluginError(f"No plugin alone brings the tax ids {name!r}; there are {known}.", plugin="")
        plugin, spec = brought[name]
        made: TaxIds = self._made(plugin, f"kind of tax ids {name!r}", spec.factory)
        return made

    def fill(self, document: Mapping[str, Any], today: date) -> Mapping[str, Any]:
        """Return a catalogue's *document* with what it takes from calendars and rate sources written in.

        Raises:
            DocumentError: it names one that no plugin brings, or one gives nothing.
        """
        if not asks_for_sources(document):
            return document
        self.load()
        shelf = self._loaded()
        calendars = {name: one for name, (_, one) in shelf.brought("ispcore_calendars").items()}
        rates = {name: one for name, (_, one) in shelf.brought("ispcore_rate_sources").items()}
        return filled(document, calendars, rates, today)

    def _driver(self, name: str) -> tuple[Plugin, DriverSpec]:
        return self._brought("ispcore_drivers", "driver", name)

    def notifier(self, name: str) -> NotifierSpec:
        """Return the notifier called *name*: a plugin's, or ``files``, which is ispcore's own.

        Raises:
            PluginError: no plugin brings it, two do, or the one that does could not be loaded.
        """
        return FILES if name == FILES.name else self._brought("ispcore_notifiers", "notifier", name)[1]

    def make_notifier(self, name: str, config: object) -> Notifier:
        """Return a new notifier of this *name*, made of a *config* of its class.

        Raises:
            PluginError: as :meth:`notifier`; or the factory cannot be imported or called.
        """
        if name == FILES.name and isinstance(config, FolderConfig):
            return FileNotifier(config)
        plugin, spec = self._brought("ispcore_notifiers", "notifier", name)
        notifier: Notifier = self._made(plugin, f"notifier {name!r}", spec.factory, config)
        return notifier

    def _made(self, plugin: Plugin, what: str, factory: str, *given: object) -> Any:  # noqa: ANN401 - what it makes
        module, _, attribute = factory.partition(":")
        try:
            with self.watch.call(plugin.name, f"the factory {factory}", patience=PATIENCE_AT_IMPORT):
                return getattr(import_module(module), attribute)(*given)
        except (Exception, SystemExit) as error:
            raise PluginError(
                f"The {what} of plugin {plugin} cannot be made: {told(error)}",
                plugin=plugin.name,
                distribution=plugin.distribution,
                version=plugin.version,
            ) from error

    def _brought(self, hook: str, word: str, name: str) -> tuple[Plugin, Any]:
        self.load()
        shelf = self._loaded()
        brought = shelf.brought(hook)
        if name in brought:
            return brought[name]
        if clash := shelf.clash(hook, name):
            raise clash
        known = ", ".join(sorted(brought)) or "none"
        failures = "".join(f"\n  {error}" for error in shelf.errors)
        raise PluginError(
            f"No plugin brings a {word} {name!r}; there is {known}.{failures}",
            plugin="",
            hint="Install the plugin, or see what 'ispcore plugins list' tells.",
        )

    def health_checks(self) -> tuple[tuple[Plugin, HealthCheck], ...]:
        """Return every health check with its plugin."""
        return tuple(
            (plugin, check)
            for plugin in self.loaded()
            for check in plugin.offers.get("ispcore_health_checks", ())
        )

    def commands(self) -> dict[str, tuple[Plugin, CommandSpec]]:
        """Return every command of the command line with its plugin; one that two plugins give is none."""
        self.load()
        return self._loaded().brought("ispcore_commands")

    # What plugins do

    def policies(self) -> PluginPolicies:
        """Return the policies, to review the commands to one database."""
        return PluginPolicies(lambda: self.with_hook("ispcore_review_command"), self.errors, self.watch)

    def observers(self) -> PluginObservers:
        """Return the observers."""
        return PluginObservers(lambda: self.with_hook("ispcore_fact_recorded"), self.watch)
