"""What may be chosen of a component: each field of each kind checked, and written in one spelling.

Whether it is enabled, and how fast, is never chosen; that follows from the timeline.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

import attrs

from ispcore.driver import KINDS, SecretRef, Spec, Wifi
from ispcore.driver import Role as FieldRole
from ispcore.driver import fields_of as names_of
from ispcore.errors import InvalidValueError, RefusedError
from ispcore.values import HOST, IPV4, IPV6_PREFIX, MAC, NETMASK, TEXT, VLAN, shown, whole

if TYPE_CHECKING:
    from ispcore.values import Kind, SecretText

Check: TypeAlias = Callable[[object], object]

COMPUTED_FIELDS: Mapping[str, str] = {
    "enabled": "Suspend, block or end the subscription instead.",
    "access": "Suspend, block or end the subscription instead.",
    "download_kbit": "The plan says how fast it is; SetSpeed says otherwise.",
    "upload_kbit": "The plan says how fast it is; SetSpeed says otherwise.",
    "onu.username": "An ONU signs in with the login of its subscription: change that.",
    "onu.password": "An ONU signs in with the login of its subscription: change that.",
}
"""The fields that follow from the timeline, of a kind or of all, and what moves them."""

_MOST_MACS, _MOST_SERVERS, _MOST_SESSIONS, _MOST_PACKAGES = 5, 2, 100, 50
_LARGEST_QUOTA_MIB = 1 << 30
_LONGEST_SSID = 32
_KEY = re.compile(r"[ -~]{8,63}")
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = rf"(?=.{{1,253}}\Z){_LABEL}(\.{_LABEL})+"
_LOCAL = r"(?!.*\.\.)[a-z0-9_]([a-z0-9._+-]{0,62}[a-z0-9_-])?"


def _shape(pattern: str, wanted: str, hint: str, fold: Callable[[str], str] = str) -> Check:
    """Return a check of texts, which *fold* brings into one spelling first."""
    shape = re.compile(pattern)

    def check(value: object) -> str:
        text = fold(str(value))
        if not shape.fullmatch(text):
            raise InvalidValueError(f"{shown(value)} is not {wanted}.", hint=hint)
        return text

    return check


def _some(check: Check, most: int, rule: str, what: str) -> Check:
    """Return a check of up to so many different values."""

    def check_all(values: object) -> tuple[object, ...]:
        found = tuple(dict.fromkeys(check(value) for value in values))  # type: ignore[attr-defined] # a tuple
        if len(found) > most:
            raise RefusedError(f"{len(found)} {what} are too many.", rule=rule, hint=f"Use up to {most}.")
        return found

    return check_all


def _ssid(value: object) -> str:
    text = TEXT.parse(value)
    if len(text.encode()) > _LONGEST_SSID:
        raise InvalidValueError(
            f"{shown(text)} is too long a network's name.", hint=f"Use up to {_LONGEST_SSID} bytes."
        )
    return text


def _fixed(kind: Kind[str]) -> Check:
    """Return a check of an address, or of the one that stands for none in other systems."""
    return lambda value: None if value == "0.0.0.0" else kind.parse(value)  # noqa: S104 - no socket


def _folded(text: str) -> str:
    """Return a name that people type in the spelling in which no other one can be mistaken for it."""
    return text.strip().lower()


_SIGNING_IN = (
    r"[A-Za-z0-9_][A-Za-z0-9._@+/#%=-]{0,127}",
    "a name to sign in with",
    "Use up to 128 letters, digits and . _ @ + / # % = -, a letter or digit first.",
)
_LOGIN, _USERNAME = _shape(*_SIGNING_IN, _folded), _shape(*_SIGNING_IN)
_ACCOUNT = _shape(
    r"[a-z_][a-z0-9._-]{0,31}", "a name of a user", "Use up to 32 small letters, digits, '.', '_' or '-'."
)
_DATABASE = _shape(
    r"[a-z_][a-z0-9_]{0,62}", "a name in a database", "Use up to 63 small letters, digits or '_'."
)
_SERIAL = _shape(
    r"[A-Z0-9][A-Z0-9:.-]{3,39}",
    "a serial number",
    "Use 4 to 40 letters, digits, ':', '.' or '-'.",
    str.upper,
)
_PLACE = _shape(
    r"[A-Za-z0-9][A-Za-z0-9/.:_-]{0,63}",
    "the name of a port, an interface or a profile",
    "Use up to 64 letters, digits, '/', '.', ':', '_' or '-'.",
)
_FOLDER = _shape(
    r"(?!.*(\A|/)\.\.?(/|\Z))/?[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*",
    "a folder",
    "Use names of letters, digits, '.', '_' or '-', with '/' between them.",
)
_NAME = _shape(_DOMAIN, "a domain", "Write it like isp.test, without accents.", _folded)
_MAIL = _shape(rf"{_LOCAL}@{_DOMAIN}", "a mail address", "Write it like ana@isp.test.", _folded)
_NUMBER = _shape(r"\+?[0-9]{2,20}", "a telephone number", "Write its digits, with a '+' at the front.")
_MACS = _some(MAC.parse, _MOST_MACS, "too-many-macs", "MAC addresses")
_QUOTA = whole(1, _LARGEST_QUOTA_MIB).parse

_CHECKS: Mapping[str, Check] = {
    "login.username": _LOGIN,
    "login.address": _fixed(IPV4),
    "ip.name": _USERNAME,
    "ip.address": _fixed(IPV4),
    "ip.secondary_address": _fixed(IPV4),
    "ip.netmask": NETMASK.parse,
    "ip.gateway": HOST.parse,
    "ip.dns": _some(HOST.parse, _MOST_SERVERS, "too-many-servers", "name servers"),
    "ip.interface": _PLACE,
    "ip.rule": whole(1, 999_999).parse,
    "onu.serial": _SERIAL,
    "onu.port": _PLACE,
    "onu.profile": _PLACE,
    "onu.address": _fixed(IPV4),
    "onu.netmask": NETMASK.parse,
    "onu.gateway": HOST.parse,
    "onu.dns": _some(HOST.parse, _MOST_SERVERS, "too-many-servers", "name servers"),
    "onu.description": TEXT.parse,
    "wifi.onu": _SERIAL,
    "wifi.ssid": _ssid,
    "wifi.ssid_5ghz": _ssid,
    "mailbox.address": _MAIL,
    "domain.name": _NAME,
    "ftp.username": _ACCOUNT,
    "ftp.folder": _FOLDER,
    "database.name": _DATABASE,
    "database.username": _DATABASE,
    "voice.number": _NUMBER,
    "tv.serial": _SERIAL,
    "tv.packages": _some(_PLACE, _MOST_PACKAGES, "too-many-packages", "packages"),
}
_EVERYWHERE: Mapping[str, Check] = {
    "pool": _PLACE,
    "secondary_pool": _PLACE,
    "ipv6_prefix": IPV6_PREFIX.parse,
    "delegated_prefix": IPV6_PREFIX.parse,
    "macs": _MACS,
    "vlan": VLAN.parse,
    "inner_vlan": VLAN.parse,
    "sessions": whole(1, _MOST_SESSIONS).parse,
    "quota_mib": _QUOTA,
}


def checked_spec(spec: Spec) -> Spec:
    """Return *spec* with every field in its one spelling.

    Raises:
        InvalidValueError: a field holds what cannot be, or a secret that was not put away.
        RefusedError: a field follows from the timeline, or there is too much of something.
    """
    if type(spec) not in KINDS.values():
        raise InvalidValueError(
            f"{type(spec).__name__} is no kind of component.", hint=f"Use {', '.join(KINDS)}."
        )
    _check_chosen(spec)
    secret = names_of(type(spec), FieldRole.WRITE_ONLY)
    return attrs.evolve(
        spec,
        **{each.name: _checked(spec, each.name, each.name in secret) for each in attrs.fields(type(spec))},
    )


def check_secret(spec: Spec, name: str, secret: SecretText) -> None:
    """Refuse a *secret* for a field of *spec* that no device takes; it is never shown.

    Raises:
        InvalidValueError: the key of a wireless network is too short, too long, or has other letters.
    """
    if isinstance(spec, Wifi) and not _KEY.fullmatch(secret.reveal()):
        raise InvalidValueError(
            f"The {name} of {one_of(spec)} is no key of a wireless network.",
            hint="Use 8 to 63 letters, digits and signs, without accents.",
        )


def moved_by(kind: type[Spec], name: str) -> str | None:
    """Return what moves a field of *kind* that follows from the timeline; None is chosen by people."""
    return COMPUTED_FIELDS.get(f"{kind.word}.{name}") or COMPUTED_FIELDS.get(name)


def one_of(spec: Spec) -> str:
    """Return *spec*'s kind as a sentence names one: ``an onu``, ``a login``."""
    return f"{'an' if spec.word[0] in 'aeiou' else 'a'} {spec.word}"


def has_password(kind: type[Spec]) -> bool:
    """Tell whether a *kind* has a password that people choose."""
    return "password" in names_of(kind, FieldRole.WRITE_ONLY) and moved_by(kind, "password") is None


def _check_chosen(spec: Spec) -> None:
    for each in attrs.fields(type(spec)):
        way_out = moved_by(type(spec), each.name)
        if way_out is not None and getattr(spec, each.name) != each.default:
            raise RefusedError(
                f"The field {each.name!r} of {one_of(spec)} is not chosen: it follows from the timeline.",
                rule="not-chosen",
                hint=way_out,
            )


def _checked(spec: Spec, name: str, is_secret: bool) -> Any:  # noqa: ANN401, FBT001 - a field's value
    value = getattr(spec, name)
    if is_secret and not (value is None or isinstance(value, SecretRef)):
        raise InvalidValueError(
            f"The {name} of {one_of(spec)} was not put away.", hint="Give the command to the provider."
        )
    check = _CHECKS.get(f"{spec.word}.{name}") or _EVERYWHERE.get(name)
    if check is None or value is None:
        return value
    try:
        return check(value)
    except InvalidValueError as error:
        raise InvalidValueError(f"The {name} of {one_of(spec)}: {error.message}", hint=error.hint) from None
