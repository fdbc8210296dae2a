"""A doctor's round: plugins that are not loaded, what lags behind, and what each plugin's own checks find."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import TYPE_CHECKING

from ispcore.errors import PluginError
from ispcore.hooks.telling import told
from ispcore.usecases import Finding

if TYPE_CHECKING:
    from ispcore.effects import DeviceStanding, Lag
    from ispcore.hooks.plugins import Plugins

LATE = timedelta(minutes=15)
"""What waits for longer is found."""
_ADD = " Add it with 'ispcore device add', or bind their kind to another in the catalogue."


def diagnose(  # noqa: PLR0913 - what is asked after
    plugins: Plugins,
    now: datetime,
    *,
    guards: Sequence[str] = (),
    devices: Sequence[DeviceStanding] = (),
    absent: Mapping[str, int] | None = None,
    lags: Sequence[Lag] = (),
) -> Iterator[Finding]:
    """Yield everything that somebody should look after."""
    yield from _of_plugins(plugins, guards)
    for device in devices:
        yield from _of_device(plugins, device, now)
    for name, count in (absent or {}).items():
        yield Finding(
            f"device {name}",
            "absent",
            f"There is no such device. Placements that wait for it: {count}.{_ADD}",
        )
    observers = _names_with(plugins, "ispcore_fact_recorded")
    for lag in lags:
        yield from _of_observer(lag, observers, now)
    yield from _own_checks(plugins)


def _of_plugins(plugins: Plugins, guards: Sequence[str]) -> Iterator[Finding]:
    for error in plugins.errors():
        yield Finding(f"plugin {error.plugin}", "plugin", str(error))
    for name in sorted(set(guards) - _names_with(plugins, "ispcore_review_command")):
        message = (
            "The database names its policy, which is not loaded: no command is carried out. "
            f"Mend it, or run 'ispcore plugins release {name}'."
        )
        yield Finding(f"plugin {name}", "policy", message)
    for slow in plugins.watch.slow():
        yield Finding(f"plugin {slow.plugin}", "slow", f"{slow.what} took {slow.seconds:.1f} s.")


def _names_with(plugins: Plugins, hook: str) -> set[str]:
    return {report.name for report in plugins.reports() if hook in report.hooks}


def _of_device(plugins: Plugins, device: DeviceStanding, now: datetime) -> Iterator[Finding]:
    subject = f"device {device.name}"
    try:
        plugins.driver(device.driver)
    except PluginError as error:
        yield Finding(subject, "driver", str(error))
    if device.stopped is not None:
        why = device.stopped.get("text") or device.stopped.get("reason") or "It needs a person."
        yield Finding(subject, "stopped", f"It is stopped: {why}{_way_out(device)}")
    if device.failures and device.paused_until is not None and device.paused_until > now:
        message = f"It failed {device.failures} times and is left alone until {_since(device.paused_until)}."
        yield Finding(subject, "paused", message)
    if device.since is not None and now - device.since > LATE:
        message = f"Placements to be applied: {device.lagging}, the oldest since {_since(device.since)}."
        yield Finding(subject, "lag", message)
    if device.troubled:
        yield Finding(subject, "trouble", f"Placements in need of a person: {device.troubled}.")
    if device.drifted:
        message = f"Drifted at the last look: {device.drifted}. See 'ispcore drift --device {device.name}'."
        yield Finding(subject, "drift", message)


def _way_out(device: DeviceStanding) -> str:
    match (device.stopped or {}).get("reason"):
        case "identity" | "emptied":
            return f" Look, then run 'ispcore device accept {device.name}'."
        case "auth":
            return f" Mend its settings with 'ispcore device change {device.name}'."
    return ""


def _of_observer(lag: Lag, observers: set[str], now: datetime) -> Iterator[Finding]:
    subject = f"observer {lag.observer}"
    if lag.observer not in observers:
        message = (
            f"It is not loaded, and events wait for it: {lag.waiting + lag.dead}. "
            f"Load it, or run 'ispcore plugins drop {lag.observer}'."
        )
        yield Finding(subject, "observer", message)
    if lag.dead:
        message = f"Events given up: {lag.dead}. Mend it, then run 'ispcore plugins retry {lag.observer}'."
        yield Finding(subject, "dead-letter", message)
    if lag.since is not None and now - lag.since > LATE:
        message = f"Events that wait for it: {lag.waiting}, the oldest since {_since(lag.since)}."
        yield Finding(subject, "lag", message)


def _since(instant: datetime) -> str:
    return f"{instant:%Y-%m-%d %H:%M} UTC"


def _own_checks(plugins: Plugins) -> Iterator[Finding]:
    try:
        checks = plugins.health_checks()
    except PluginError:  # loaded strictly, and told above already
        return
    for plugin, check in checks:
        try:
            found = list(chain(check.check()))
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a check that fails is a finding too
            found = [f"The check failed: {told(error)}"]
        for message in found:
            yield Finding(f"plugin {plugin.name}", check.name, str(message))
