"""Changes as command lines; pure, so that every line can be tested without a device."""

from __future__ import annotations

import shlex

from ispcore.driver import Onu, Wifi, revealed

DEFAULT_PROFILE = "fibre50"


def add_onu(onu: Onu) -> str:
    """Return the line that makes an ONU; where it ends up is what the answer tells."""
    return f"onu add port {onu.port} serial {onu.serial} {_settings(onu)}"


def change_onu(place: str, onu: Onu, fields: frozenset[str]) -> list[str]:
    """Return the lines that write *fields* of the ONU at *place*, but for its port and its state."""
    lines = []
    if "serial" in fields:
        lines.append(f"onu exchange {place} {onu.serial}")
    if fields & {"profile", "vlan", "description"}:
        lines.append(f"onu modify {place} {_settings(onu)}")
    return lines


def move_onu(place: str, port: str) -> str:
    """Return the line that moves the ONU at *place* to another port."""
    return f"onu move {place} {port}"


def switch_onu(place: str, *, on: bool) -> str:
    """Return the line that lets the ONU at *place* serve, or not."""
    return f"onu {'activate' if on else 'deactivate'} {place}"


def delete_onu(place: str) -> str:
    """Return the line that takes the ONU at *place* away."""
    return f"onu delete {place}"


def set_wifi(place: str, wifi: Wifi, fields: frozenset[str]) -> str:
    """Return the line that writes a network; its key only where that is among *fields*, or the ONU is."""
    words = ["wifi", "set", place, "ssid", wifi.ssid or "-", "state", "on" if wifi.enabled else "off"]
    key = revealed(wifi.password)
    if fields & {"password", "onu"} and key is not None:
        words += ["key", key]
    return shlex.join(words)


def clear_wifi(place: str) -> str:
    """Return the line that takes a network away."""
    return f"wifi set {place} ssid - state off"


def _settings(onu: Onu) -> str:
    vlan = "none" if onu.vlan is None else onu.vlan
    return shlex.join(
        ["profile", onu.profile or DEFAULT_PROFILE, "vlan", str(vlan), "name", onu.description or "-"]
    )
