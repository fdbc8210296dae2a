"""Loading all plugins, each for itself, and sorting out what they bring.

What two plugins bring under one name belongs to neither, for the order of a path must not decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ispcore.errors import PluginError
from ispcore.hooks.entries import GROUP, Source
from ispcore.hooks.loading import Plugin, failed, load, new_registry
from ispcore.hooks.shelf import PluginReport, Shelf

if TYPE_CHECKING:
    from ispcore.hooks.selection import Selection
    from ispcore.hooks.watching import Watch

_WORDS = {
    "ispcore_drivers": "driver",
    "ispcore_usage_limits": "usage limit",
    "ispcore_charge_providers": "charge provider",
    "ispcore_document_issuers": "document issuer",
    "ispcore_calendars": "business calendar",
    "ispcore_rate_sources": "rate source",
    "ispcore_tax_ids": "kind of tax ids",
    "ispcore_notifiers": "notifier",
    "ispcore_commands": "command",
    "ispcore_health_checks": "health check",
}


def load_all(sources: Sequence[Source], selection: Selection, watch: Watch) -> Shelf:
    """Load those of the *sources* that *selection* wants, each for itself."""
    registry = new_registry()
    plugins, reports, errors = [], [], selection.unknown(sources)
    wanted = [source for source in sources if selection.reason_against(source) is None]
    for source in sources:
        reason = selection.reason_against(source)
        if reason is not None:
            reports.append(_report(source, "disabled", reason))
            continue
        try:
            _check_alone(source, wanted)
            plugin = load(registry, source, watch)
        except PluginError as error:
            errors.append(error)
            reports.append(_report(source, "failed" if source.group == GROUP else "other-api", str(error)))
        else:
            plugins.append(plugin)
            reports.append(_loaded_report(source, plugin))
    plugins.sort(key=lambda one: one.name)
    offers, clashes = _sorted_out(plugins)
    return Shelf(tuple(plugins), tuple(reports), (*errors, *clashes.values()), offers, clashes)


def _check_alone(source: Source, wanted: Sequence[Source]) -> None:
    same = [one for one in wanted if one.name == source.name and one.group == source.group]
    if len(same) > 1:
        names = " and ".join(f"{one.distribution} {one.version}" for one in same)
        raise failed(source, f"{names} both bring a plugin of this name", "Uninstall or disable one of them.")


def _sorted_out(
    plugins: Sequence[Plugin],
) -> tuple[dict[str, dict[str, tuple[Plugin, Any]]], dict[tuple[str, str], PluginError]]:
    offers: dict[str, dict[str, tuple[Plugin, Any]]] = {}
    clashes = {}
    for hook, word in _WORDS.items():
        owners: dict[str, list[tuple[Plugin, Any]]] = {}
        for plugin in plugins:
            for offer in plugin.offers.get(hook, ()):
                owners.setdefault(offer.name, []).append((plugin, offer))
        offers[hook] = {name: its[0] for name, its in owners.items() if len(its) == 1}
        for name, its in owners.items():
            if len(its) > 1:
                clashes[hook, name] = _clash(word, name, [plugin for plugin, _ in its])
    return offers, clashes


def _clash(word: str, name: str, owners: Sequence[Plugin]) -> PluginError:
    first = owners[0]
    return PluginError(
        f"The {word} {name!r} is brought by several plugins: {' and '.join(map(str, owners))}.",
        plugin=first.name,
        distribution=first.distribution,
        version=first.version,
        hint="None of them gets the name. Uninstall or disable one.",
    )


def _report(source: Source, status: str, reason: str) -> PluginReport:
    return PluginReport(source.name, source.distribution, source.version, status, reason)


def _loaded_report(source: Source, plugin: Plugin) -> PluginReport:
    drivers = tuple(spec.name for spec in plugin.offers.get("ispcore_drivers", ()))
    hooks = tuple(sorted(plugin.hooks))
    return PluginReport(source.name, source.distribution, source.version, "loaded", None, hooks, drivers)
