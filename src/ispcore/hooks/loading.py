"""Loading one plugin: imported, checked hook by hook, registered, and asked what it registers.

Whatever goes wrong is a PluginError that names the plugin, its distribution and version, and undoes what was
done until then. Nothing of another plugin is touched.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import pluggy
from attrs import field, frozen, has

from ispcore.driver import DriverSpec
from ispcore.errors import PluginError
from ispcore.hooks import specs
from ispcore.hooks.entries import GROUP
from ispcore.hooks.offers import CalendarSpec, CommandSpec, HealthCheck, RateSource, TaxIdSpec
from ispcore.hooks.telling import told
from ispcore.hooks.watching import PATIENCE_AT_IMPORT, Watch
from ispcore.notices import NotifierSpec
from ispcore.timeline import Origin
from ispcore.usecases import ChargeProviderSpec, IssuerSpec, UsageLimit

if TYPE_CHECKING:
    from ispcore.hooks.entries import Source

PREFIX = "ispcore_"
_OFFERS: Mapping[str, type] = {
    "ispcore_drivers": DriverSpec,
    "ispcore_notifiers": NotifierSpec,
    "ispcore_health_checks": HealthCheck,
    "ispcore_usage_limits": UsageLimit,
    "ispcore_charge_providers": ChargeProviderSpec,
    "ispcore_document_issuers": IssuerSpec,
    "ispcore_calendars": CalendarSpec,
    "ispcore_rate_sources": RateSource,
    "ispcore_tax_ids": TaxIdSpec,
    "ispcore_commands": CommandSpec,
}
_LONGEST_NAME, _LONGEST_DRIVER = 100, 60


@frozen
class Plugin:
    """A plugin that is loaded."""

    name: str
    distribution: str
    version: str
    hooks: Mapping[str, pluggy.HookImpl] = field(repr=False)
    offers: Mapping[str, tuple[Any, ...]] = field(factory=dict, repr=False)

    @property
    def origin(self) -> Origin:
        """How facts name it that it decided."""
        return Origin(self.name, self.version[:40])

    def __str__(self) -> str:
        """Name it with where it comes from."""
        return f"{self.name!r} ({f'{self.distribution} {self.version}'.rstrip()})"

    def call(self, hook: str, **given: Any) -> Any:  # noqa: ANN401 - what hooks take and return
        """Call the plugin's implementation of *hook* with those of the *given* arguments that it takes."""
        implementation = self.hooks[hook]
        return implementation.function(*(given[name] for name in implementation.argnames))


def new_registry() -> pluggy.PluginManager:
    """Return a registry that knows the hooks and no plugin."""
    registry = pluggy.PluginManager("ispcore")
    registry.add_hookspecs(specs)
    return registry


def load(registry: pluggy.PluginManager, source: Source, watch: Watch) -> Plugin:
    """Load the plugin from *source*.

    Raises:
        PluginError: it cannot be loaded; it says why, and nothing of it stays registered.
    """
    _check_source(source)
    with watch.call(source.name, f"the import of {source.value}", patience=PATIENCE_AT_IMPORT):
        plugin = _attempt(source, "it cannot be imported", source.load)
    _attempt(source, "its hooks do not fit", lambda: _check_hooks(plugin))
    _attempt(source, "its hooks do not fit", lambda: registry.register(plugin, source.name))
    try:
        hooks = _hooks_of(registry, plugin, source.name)
        loaded = Plugin(source.name, source.distribution, source.version, hooks)
        offers = {hook: _offers(loaded, hook, source, watch) for hook in hooks if hook in _OFFERS}
        return Plugin(source.name, source.distribution, source.version, hooks, offers)
    except PluginError:
        registry.unregister(plugin)
        raise


def failed(source: Source, why: str, hint: str | None = None) -> PluginError:
    """Return the error that says *why* the plugin from *source* cannot be loaded."""
    where = f"{source.distribution} {source.version}".rstrip()
    return PluginError(
        f"Plugin {source.name!r} ({where}) is not loaded: {why.rstrip('.')}.",
        plugin=source.name,
        distribution=source.distribution,
        version=source.version,
        hint=hint,
    )


def _attempt(source: Source, what: str, act: Callable[[], Any]) -> Any:  # noqa: ANN401 - what *act* returns
    try:
        return act()
    except KeyboardInterrupt:
        raise
    except _MisfitError as error:
        raise failed(source, f"{what}: {error}", error.hint) from error
    except pluggy.PluginValidationError as error:
        text = " ".join(str(error).split())
        raise failed(source, f"{what}: {text}", "See the reference of hooks for their arguments.") from error
    except BaseException as error:  # SystemExit too: a plugin that gives up is not to end the program
        raise failed(source, f"{what}: {told(error)}") from error


class _MisfitError(Exception):
    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


def _check_source(source: Source) -> None:
    if source.group != GROUP:
        hint = f"This ispcore loads the group {GROUP!r}. Install a version of the plugin that is made for it."
        raise failed(source, f"it is made for another API, {source.group!r}", hint)
    if not source.name or len(source.name) > _LONGEST_NAME or not source.name.isprintable():
        raise failed(source, f"its name must have 1 to {_LONGEST_NAME} printable characters")


def _check_hooks(plugin: object) -> None:
    """Refuse what would be passed over in silence: classes, misspelt hooks, hooks without the marker."""
    if inspect.isclass(plugin):
        raise _MisfitError("it is a class", f"Name an instance of {plugin.__name__}, or a module.")
    found = False
    for name in dir(plugin):
        member = inspect.getattr_static(plugin, name, None)
        function = getattr(member, "__func__", member)
        if not inspect.isfunction(function):
            if name in specs.FAMILIES:
                raise _MisfitError(f"{name!r} is no function", "Write it with def.")
            continue
        marked = getattr(function, "ispcore_impl", None)
        if marked is not None or name.startswith(PREFIX):
            _check_hook(name, marked)
            _check_call(name, function)
            found = True
    if not found:
        raise _MisfitError("it has none", "Mark its functions with ispcore.hooks.hookimpl.")


def _check_hook(name: str, marked: Any) -> None:  # noqa: ANN401 - what a marker leaves
    if name not in specs.FAMILIES:
        near = get_close_matches(name, specs.FAMILIES, n=1)
        hint = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(sorted(specs.FAMILIES))}."
        raise _MisfitError(f"there is no hook {name!r}", hint)
    if marked is None:
        raise _MisfitError(f"{name!r} is not marked", "Put @hookimpl over it.")
    options = [option for option in ("wrapper", "hookwrapper", "specname") if marked.get(option)]
    if options:
        raise _MisfitError(f"{name!r} has the option {options[0]!r}", "Plugins are called one by one.")


def _check_call(name: str, function: Callable[..., object]) -> None:
    """Refuse functions whose call alone does nothing, so that nobody would notice."""
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        raise _MisfitError(f"{name!r} is asynchronous", "Hooks are called and have to return.")
    if name not in _OFFERS and inspect.isgeneratorfunction(function):
        raise _MisfitError(f"{name!r} is a generator", "Hooks are called and have to return.")


def _hooks_of(registry: pluggy.PluginManager, plugin: object, name: str) -> dict[str, pluggy.HookImpl]:
    return {
        caller.name: one
        for caller in registry.get_hookcallers(plugin) or ()
        for one in caller.get_hookimpls()
        if one.plugin_name == name
    }


def _offers(plugin: Plugin, hook: str, source: Source, watch: Watch) -> tuple[Any, ...]:
    wanted = _OFFERS[hook]
    with watch.call(plugin.name, hook):
        offered: tuple[Any, ...] | None = _attempt(
            source, f"{hook} failed", lambda: _as_tuple(plugin.call(hook))
        )
    if offered is None:
        raise failed(source, f"{hook} returned no sequence of {wanted.__name__}")
    for one in offered:
        if not isinstance(one, wanted):
            raise failed(source, f"{hook} returned {type(one).__name__} where {wanted.__name__} belongs")
        if isinstance(one, DriverSpec | NotifierSpec):
            _check_made(one, source)
    names = [one.name for one in offered]
    if twice := [name for name in names if names.count(name) > 1]:
        raise failed(source, f"{hook} returned {twice[0]!r} twice")
    return offered


def _as_tuple(offered: Any) -> tuple[Any, ...] | None:  # noqa: ANN401 - whatever a plugin returned
    if isinstance(offered, str | bytes) or not isinstance(offered, Iterable):
        return None
    return tuple(offered)


def _check_made(spec: DriverSpec | NotifierSpec, source: Source) -> None:
    """Refuse what names no factory or configuration: it would fail when it is needed first."""
    what = "driver" if isinstance(spec, DriverSpec) else "notifier"
    name, factory, config = _unchecked(spec.name), _unchecked(spec.factory), _unchecked(spec.config)
    why = None
    if not isinstance(name, str) or not 0 < len(name) <= _LONGEST_DRIVER:
        why = f"needs a name of 1 to {_LONGEST_DRIVER} characters"
    elif not isinstance(factory, str) or factory.count(":") != 1:
        why = "needs a factory written 'package.module:Class'"
    elif not isinstance(config, type) or not has(config):
        why = "needs a frozen attrs class as config"
    if why is not None:
        raise failed(source, f"its {what} {name!r} {why}")


def _unchecked(value: object) -> object:
    """Return *value* as something whose type nobody vouches for: a plugin need not have checked its own."""
    return value
