"""The parts of a login: which attributes each field stands in, and how.

A part whose rows say what no login could want reads as a value that nobody wants (-1, or the rows' own
words), so that it differs and is written anew.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from ispcore.driver import UNREADABLE, Access, Invalid, Login, revealed
from ispcore_radius import texts
from ispcore_radius.config import RadiusConfig
from ispcore_radius.passwords import KNOWN, password_row
from ispcore_radius.rows import Part, Row, Table, Values, key_of, keys
from ispcore_radius.speeds import Speed, SpeedShape, attribute_of, checked, said, slot_of, speeds_of
from ispcore_radius.terms import CLASS, TERMS, is_ours, terms_of

STRANGE = -1
"""What rows that are no number read as."""

_SET = ":="
_SETTING = (_SET, "=")
_ADD = "+="
_MATCH = "=~"
_HIGHEST_VLAN = 4094
_NO_SPEED = (STRANGE, STRANGE)


def parts_of(config: RadiusConfig) -> tuple[Part, ...]:
    """Return the parts of a login under *config*."""
    return (
        _password(config),
        _access(config),
        _speed(config),
        _reply("address", "Framed-IP-Address", texts.address),
        _reply("pool", "Framed-Pool", str),
        _reply("ipv6_prefix", "Framed-IPv6-Prefix", texts.prefix),
        _reply("delegated_prefix", "Delegated-IPv6-Prefix", texts.prefix),
        _MACS,
        _SESSIONS,
        _VLAN,
        *([_CLASS] if config.follow_sessions else []),
    )


def _reply(name: str, attribute: str, spelling: Callable[[str], str]) -> Part:
    """Make the part of a field that is one text in one reply attribute."""

    def read(rows: Sequence[Row]) -> Values:
        return {name: texts.spelt(spelling, _one_value(rows)) if rows else None}

    def write(login: Login, _: bytes) -> Iterable[Row]:
        text = getattr(login, name)
        if text is not None:
            yield Row(Table.REPLY, attribute, _SET, _written(name, text, spelling))

    return Part(frozenset({name}), keys(Table.REPLY, attribute), read, write)


def _written(name: str, text: str, spelling: Callable[[str], str]) -> str:
    try:
        return texts.checked_text(name, spelling(text))
    except ValueError:
        raise Invalid(f"{text!r} cannot be the {name} of a login.") from None


def _one_value(rows: Sequence[Row]) -> str:
    """Return the value of a lone row, else the words of all."""
    if len(rows) == 1 and rows[0].op in _SETTING:
        return rows[0].value
    return "; ".join(f"{row.op} {row.value}" for row in rows)


def _one_number(rows: Sequence[Row]) -> int:
    text = _one_value(rows)
    return int(text) if text.isascii() and text.isdigit() else STRANGE


def _password(config: RadiusConfig) -> Part:
    def write(login: Login, salt: bytes) -> Iterable[Row]:
        text = revealed(login.password)
        if text is not None:
            checked_password = texts.checked_text("password", text, most=texts.LONGEST_PASSWORD)
            attribute, value = password_row(checked_password, config.password_form, salt)
            yield Row(Table.CHECK, attribute, _SET, value)

    return Part(
        frozenset({"password"}),
        keys(Table.CHECK, *KNOWN),
        lambda _: {"password": UNREADABLE},
        write,
    )


def _access(config: RadiusConfig) -> Part:
    """Make the part that refuses, or shuts into the walled garden.

    Other ways of authentication than refusal are somebody else's, and none of them prevails over it.
    """
    reject = Row(Table.CHECK, "Auth-Type", _SET, "Reject")
    wall = Row(Table.GROUP, config.walled_group, "", str(config.walled_priority))
    if config.walled_attribute:
        wall = Row(Table.REPLY, config.walled_attribute, _SET, config.walled_value)

    def rejects(row: Row) -> bool:
        return row.table is Table.CHECK and row.value.lower() == "reject"

    def walls(row: Row) -> bool:
        same = row.table is wall.table and row.attribute == wall.attribute
        return same and (wall.table is Table.GROUP or row.value == wall.value)

    def read(rows: Sequence[Row]) -> Values:
        if any(rejects(row) and row.op in _SETTING for row in rows):
            return {"access": Access.REFUSED}
        return {"access": Access.WALLED if any(map(walls, rows)) else Access.OPEN}

    def write(login: Login, _: bytes) -> Iterable[Row]:
        return {Access.OPEN: (), Access.WALLED: (wall,), Access.REFUSED: (reject,)}[login.access]

    concerns = keys(Table.CHECK, "Auth-Type") | {key_of(wall)}
    return Part(frozenset({"access"}), concerns, read, write, lambda row: rejects(row) or walls(row))


def _speed(config: RadiusConfig) -> Part:
    """Make the part of the speed, for each vendor; the attributes of yet others are ours too, and stale."""
    known = speeds_of(config)
    shapes = [known[vendor] for vendor in config.vendors]
    slots = [slot for one in shapes for slot in one.attributes]
    every = [slot for one in known.values() for slot in one.attributes]

    def owns(row: Row) -> bool:
        return slot_of(every, row.attribute, row.value) is not None

    def read(rows: Sequence[Row]) -> Values:
        ours = [row for row in rows if owns(row)]
        found = [(row.op, slot_of(slots, row.attribute, row.value)) for row in ours]
        values = dict(one for op, one in found if one is not None and op in _ops(one[0]))
        down, up = _said_alike(shapes, values) if len(values) == len(ours) else _NO_SPEED
        return {"download_kbit": down, "upload_kbit": up}

    def write(login: Login, _: bytes) -> Iterable[Row]:
        speed = checked((login.download_kbit, login.upload_kbit))
        values = {slot: value for shape in shapes for slot, value in shape.write(speed).items()}
        for slot, value in values.items():
            yield Row(Table.REPLY, attribute_of(slot), _ops(slot)[0], said(slot, value))

    fields = frozenset({"download_kbit", "upload_kbit"})
    return Part(fields, keys(Table.REPLY, *map(attribute_of, every)), read, write, owns)


def _said_alike(shapes: Iterable[SpeedShape], values: Mapping[str, str]) -> Speed:
    """Return the speed that *values* tell to every vendor; strange where they do not tell all the same."""
    try:
        told = {
            shape.read({slot: values[slot] for slot in shape.attributes if slot in values})
            for shape in shapes
        }
    except ValueError:
        return _NO_SPEED
    return told.pop() if len(told) == 1 else _NO_SPEED


def _ops(slot: str) -> Sequence[str]:
    """Return the operators that a slot is set with: what shares its attribute is not to be replaced."""
    return _SETTING if slot == attribute_of(slot) else (_ADD,)


def _read_macs(rows: Sequence[Row]) -> Values:
    """Read the one rule; rows beside it would all have to match, so nobody could sign in."""
    if len(rows) == 1 and rows[0].op == _MATCH:
        alternatives = rows[0].value.removeprefix("^(").removesuffix(")$").split("|")
        spelt = texts.macs(alternatives)
        if all(map(texts.is_mac, spelt)) and _mac_rule(spelt) == rows[0].value:
            return {"macs": spelt}
    return {"macs": tuple(f"{row.op} {row.value}" for row in rows)}


def _mac_rule(macs: Iterable[str]) -> str:
    return f"^({'|'.join(one.replace(':', '-') for one in macs)})$"


def _write_macs(login: Login, _: bytes) -> Iterable[Row]:
    if login.macs:
        yield Row(Table.CHECK, "Calling-Station-Id", _MATCH, _mac_rule(texts.checked_macs(login.macs)))


_MACS = Part(frozenset({"macs"}), keys(Table.CHECK, "Calling-Station-Id"), _read_macs, _write_macs)


def _read_sessions(rows: Sequence[Row]) -> Values:
    return {"sessions": _one_number(rows) if rows else 0}


def _write_sessions(login: Login, _: bytes) -> Iterable[Row]:
    """Write no row for 0, which is no limit: the server would take a limit of 0 at its word."""
    if login.sessions < 0:
        raise Invalid(f"A login cannot be open {login.sessions} times; 0 is no limit.")
    if login.sessions:
        yield Row(Table.CHECK, "Simultaneous-Use", _SET, str(login.sessions))


_SESSIONS = Part(
    frozenset({"sessions"}), keys(Table.CHECK, "Simultaneous-Use"), _read_sessions, _write_sessions
)


def _write_class(login: Login, _: bytes) -> Iterable[Row]:
    yield Row(Table.REPLY, CLASS, _ADD, terms_of(login).value)


_CLASS = Part(TERMS, keys(Table.REPLY, CLASS), lambda _: {}, _write_class, lambda row: is_ours(row.value))
"""What sessions are open on follows from the other parts, and says nothing of a login itself."""

_TUNNEL = {
    "tunnel-type": ("Tunnel-Type", "VLAN", "13"),
    "tunnel-medium-type": ("Tunnel-Medium-Type", "IEEE-802", "6"),
}
_VLAN_ID = "Tunnel-Private-Group-Id"


def _read_vlan(rows: Sequence[Row]) -> Values:
    """Read a VLAN where the attributes that say so are all there, once each."""
    if not rows:
        return {"vlan": None}
    by_name = {row.attribute.lower(): row for row in rows if row.op in _SETTING}
    numbered = by_name.pop(_VLAN_ID.lower(), None)
    whole = by_name.keys() == _TUNNEL.keys() and len(rows) == len(_TUNNEL) + 1
    if numbered is None or not whole or any(row.value not in _TUNNEL[name] for name, row in by_name.items()):
        return {"vlan": STRANGE}
    return {"vlan": _one_number([numbered])}


def _write_vlan(login: Login, _: bytes) -> Iterable[Row]:
    if login.vlan is None:
        return
    if not 0 < login.vlan <= _HIGHEST_VLAN:
        raise Invalid(f"{login.vlan} is not a VLAN: it is from 1 to {_HIGHEST_VLAN}.")
    for attribute, value, _number in _TUNNEL.values():
        yield Row(Table.REPLY, attribute, _SET, value)
    yield Row(Table.REPLY, _VLAN_ID, _SET, str(login.vlan))


_VLAN = Part(frozenset({"vlan"}), keys(Table.REPLY, *_TUNNEL, _VLAN_ID), _read_vlan, _write_vlan)
