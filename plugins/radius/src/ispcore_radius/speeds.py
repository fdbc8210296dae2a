"""The attributes that tell an access server the speed of a login, by vendor.

A vendor whose attributes are of a shape that is known here is added as one line of :func:`speeds_of`. An
attribute that has room for many things, as ``Cisco-AVPair``, stands there with the name of ours after a
space: ``"Cisco-AVPair ip:sub-qos-policy-out"``. Such a name is a *slot*; that of other attributes is their
name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Protocol

from attrs import frozen

from ispcore.driver import Invalid
from ispcore_radius.config import RadiusConfig
from ispcore_radius.points import Vendor

Speed = tuple[int | None, int | None]
"""Download and upload, in kilobits a second; None is not limited."""

_BITS = 1000
_LARGEST = 2**32 - 1
_RATE = re.compile(r"(\d+)([kMG]?)")
_FACTORS = {"": 1, "k": 1_000, "M": 1_000_000, "G": 1_000_000_000}
_NUMBER = re.compile(r"\d+")
_KBIT = "{kbit}"


class SpeedShape(Protocol):
    """How one vendor writes a speed into reply attributes."""

    @property
    def attributes(self) -> tuple[str, ...]:
        """The slots that it takes."""
        ...

    def write(self, speed: Speed) -> Mapping[str, str]:
        """Return the values by slot."""
        ...

    def read(self, values: Mapping[str, str]) -> Speed:
        """Return the speed that the values stand for; a ValueError where they stand for none."""
        ...


@frozen
class RatePair:
    """Both directions in one text, upload first, as the access server sees it: ``5000k/20000k``."""

    attribute: str

    @property
    def attributes(self) -> tuple[str, ...]:
        """The one attribute."""
        return (self.attribute,)

    def write(self, speed: Speed) -> Mapping[str, str]:
        """Write 0 for a direction that is not limited."""
        if speed == (None, None):
            return {}
        down, up = speed
        return {self.attribute: f"{_rate(up)}/{_rate(down)}"}

    def read(self, values: Mapping[str, str]) -> Speed:
        """Read rates with any of the units; a single one is for both directions, bursts are not ours."""
        if not values:
            return None, None
        first, slash, second = values[self.attribute].partition("/")
        up = _kbit(first)
        return (_kbit(second) if slash else up), up


@frozen
class RateEach:
    """A number in bits a second for each direction, of 32 bits."""

    download: str
    upload: str

    @property
    def attributes(self) -> tuple[str, ...]:
        """The two attributes."""
        return (self.download, self.upload)

    def write(self, speed: Speed) -> Mapping[str, str]:
        """Leave out a direction that is not limited."""
        wanted = zip(self.attributes, speed, strict=True)
        return {attribute: _bits(kbit, attribute) for attribute, kbit in wanted if kbit is not None}

    def read(self, values: Mapping[str, str]) -> Speed:
        """Read each direction by itself."""
        down, up = (_read_bits(values.get(attribute)) for attribute in self.attributes)
        return down, up


@frozen
class PolicyEach:
    """A policy for each direction, which the access server has under a name with the speed in it."""

    download: str
    upload: str
    names: tuple[str, str]
    """Of both, with ``{kbit}`` where the speed stands."""

    @property
    def attributes(self) -> tuple[str, ...]:
        """The two slots."""
        return (self.download, self.upload)

    def write(self, speed: Speed) -> Mapping[str, str]:
        """Leave out a direction that is not limited."""
        wanted = zip(self.attributes, self.names, speed, strict=True)
        return {slot: name.replace(_KBIT, str(kbit)) for slot, name, kbit in wanted if kbit is not None}

    def read(self, values: Mapping[str, str]) -> Speed:
        """Read the speed out of each name."""
        wanted = zip(self.attributes, self.names, strict=True)
        down, up = (_read_name(name, values.get(slot)) for slot, name in wanted)
        return down, up


def speeds_of(config: RadiusConfig) -> Mapping[Vendor, SpeedShape]:
    """Return how each vendor is told a speed; ``generic`` is there where its attributes are named."""
    names = (config.download_policy, config.upload_policy)
    known: dict[Vendor, SpeedShape] = {
        Vendor.MIKROTIK: RatePair("Mikrotik-Rate-Limit"),
        Vendor.WISPR: RateEach("WISPr-Bandwidth-Max-Down", "WISPr-Bandwidth-Max-Up"),
        Vendor.HUAWEI: RateEach("Huawei-Output-Average-Rate", "Huawei-Input-Average-Rate"),
        Vendor.ASCEND: RateEach("Ascend-Xmit-Rate", "Ascend-Data-Rate"),
        Vendor.CISCO: PolicyEach(
            "Cisco-AVPair ip:sub-qos-policy-out", "Cisco-AVPair ip:sub-qos-policy-in", names
        ),
        Vendor.JUNIPER: PolicyEach("ERX-Egress-Policy-Name", "ERX-Ingress-Policy-Name", names),
    }
    if config.download_attribute and config.upload_attribute:
        known[Vendor.GENERIC] = RateEach(config.download_attribute, config.upload_attribute)
    return known


def attribute_of(slot: str) -> str:
    """Return the attribute that a slot stands in."""
    return slot.partition(" ")[0]


def said(slot: str, value: str) -> str:
    """Return what the attribute of a slot says of *value*."""
    name = slot.partition(" ")[2]
    return f"{name}={value}" if name else value


def slot_of(slots: Iterable[str], attribute: str, text: str) -> tuple[str, str] | None:
    """Return the slot of *slots* in which an attribute says *text*, and the value there; None in no slot."""
    for slot in slots:
        start = said(slot, "")
        if attribute_of(slot).lower() == attribute.lower() and text.startswith(start):
            return slot, text.removeprefix(start)
    return None


def checked(speed: Speed) -> Speed:
    """Return *speed*, or raise Invalid where a direction has no speed at all."""
    for kbit in speed:
        if kbit is not None and kbit < 1:
            raise Invalid(f"{kbit} kbit/s is no speed: it is at least 1, or none for no limit.")
    return speed


def _rate(kbit: int | None) -> str:
    return "0" if kbit is None else f"{kbit}k"


def _kbit(text: str) -> int | None:
    match = _RATE.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return _whole_kbit(int(match[1]) * _FACTORS[match[2]])


def _bits(kbit: int, attribute: str) -> str:
    bits = kbit * _BITS
    if bits > _LARGEST:
        raise Invalid(f"{kbit} kbit/s is more than {attribute} can say: {_LARGEST // _BITS} kbit/s.")
    return str(bits)


def _read_bits(text: str | None) -> int | None:
    if text is None:
        return None
    if _NUMBER.fullmatch(text) is None:
        raise ValueError(text)
    return _whole_kbit(int(text))


def _read_name(name: str, text: str | None) -> int | None:
    if text is None:
        return None
    before, _, after = name.partition(_KBIT)
    kbit = text.removeprefix(before).removesuffix(after)
    if _NUMBER.fullmatch(kbit) is None or name.replace(_KBIT, str(int(kbit))) != text:
        raise ValueError(text)
    return int(kbit)


def _whole_kbit(bits: int) -> int | None:
    kbit, rest = divmod(bits, _BITS)
    if rest:
        raise ValueError(bits)
    return kbit or None
