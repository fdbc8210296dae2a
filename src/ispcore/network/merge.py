"""What several subscriptions want of one resource, as one wanted spec: the fullest that any of them needs.

A field that is left at its default says nothing. Those that have ended say nothing either, as long as
somebody else is served.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from attrs import evolve, fields, frozen

from ispcore.catalog import Serves
from ispcore.driver import (
    Domain,
    FtpUser,
    HostedDatabase,
    IpAssignment,
    Login,
    Mailbox,
    Onu,
    Spec,
    TvPoint,
    VoiceTerminal,
    Wifi,
    roles_of,
)
from ispcore.errors import RefusedError
from ispcore.network.effects import EFFECTIVE

if TYPE_CHECKING:
    from ispcore.network.contributions import Contribution

LAYERS: Mapping[type[Spec], int] = {
    Onu: 1,
    Login: 2,
    IpAssignment: 2,
    Wifi: 2,
    VoiceTerminal: 2,
    TvPoint: 2,
    Domain: 3,
    HostedDatabase: 3,
    Mailbox: 4,
    FtpUser: 4,
}
"""The soft order in which resources are given; they are taken away in the reverse one."""

_AGREE = "Let both say the same, or one of them nothing."
_WAYS_OUT = {
    "shared-resource": "Only subscriptions of one customer share a resource; give it another name.",
    "two-kinds": "Give one of them another name.",
    "two-devices": "A resource stands on one device; use the same access point.",
}


@frozen(kw_only=True)
class Wanted:
    """What is to stand on a device; ``needs`` are the resources that must stand before it."""

    resource: str
    device: str
    spec: Spec
    needs: tuple[str, ...] = ()


@frozen
class ResourceProblem:
    """Why a resource cannot be as it is wanted; one that ``refuses`` forbids the command that brings it.

    ``about`` names what it is about: a name on a device, an address, a field.
    """

    resource: str
    rule: str
    message: str
    hint: str | None = None
    refuses: bool = True
    about: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What makes it the same problem, whoever else is in it."""
        return self.resource, self.rule, self.about

    def refusal(self) -> RefusedError:
        """Return the error that tells it."""
        return RefusedError(self.message, rule=self.rule, hint=self.hint)

    def __str__(self) -> str:
        """Say it in one line."""
        told = self.message if self.hint is None else f"{self.message} {self.hint}"
        return f"{told} [{self.rule}]"


def merge(
    resource: str, contributions: Sequence[Contribution], stands_on: str | None = None
) -> tuple[Wanted | None, tuple[ResourceProblem, ...]]:
    """Return what *contributions*, all of one *resource*, want together, and what contradicts.

    None wants nothing to stand anywhere. Where something contradicts, the first subscription is followed.
    Where no binding says on which device it is to stand, it stays on the one that it *stands_on*.
    """
    known = [one for one in contributions if one.spec is not None]
    living = [one for one in known if one.serves is not Serves.REMOVED]
    heard = sorted(living or known, key=lambda one: (one.serves.rank, one.subscription, one.component))
    if not heard:
        return None, ()
    problems = tuple(_problems(resource, heard))
    device = next((one.device for one in heard if one.device is not None), None)
    if device is None:
        device, problems = stands_on, (*problems, _nowhere(heard[0]))
    if device is None:
        return None, problems
    same = [one for one in heard if one.kind is heard[0].kind]
    needs = tuple(dict.fromkeys(name for one in same for name in one.needs))
    spec = _together(same)
    return Wanted(resource=resource, device=device, spec=spec, needs=needs), problems


def _nowhere(first: Contribution) -> ResourceProblem:
    return ResourceProblem(
        first.resource,
        "no-device",
        f"No device is bound to {first.resource!r}, a component of the kind {first.kind.word!r}.",
        "Name one in the access point, or as the default of the kind.",
        refuses=False,
    )


def _together(heard: Sequence[Contribution]) -> Spec:
    """Return the spec of the fullest, with what the others say beyond it."""
    specs: list[Any] = [one.spec for one in heard]
    merged = {name: _said(name, specs) for name in _chosen(heard[0].kind)}
    full: list[Any] = [one.spec for one in heard if one.serves is heard[0].serves]
    for name in ("download_kbit", "upload_kbit"):
        if hasattr(full[0], name):
            merged[name] = max((getattr(spec, name) for spec in full), key=lambda kbit: kbit or 0)
    together: Spec = evolve(specs[0], **merged)
    return together


def _chosen(kind: type[Spec]) -> tuple[str, ...]:
    """Return the fields of *kind* that people choose."""
    return tuple(name for name in roles_of(kind) if name not in EFFECTIVE)


def _said(name: str, specs: Sequence[Spec]) -> object:
    """Return what the first of *specs* that says anything says about a field."""
    values = [getattr(spec, name) for spec in specs]
    silent = _silent(type(specs[0]), name)
    return next((value for value in values if value != silent), values[0])


def _silent(kind: type[Spec], name: str) -> object:
    return getattr(fields(kind), name).default


def _problems(resource: str, heard: Sequence[Contribution]) -> list[ResourceProblem]:
    first = heard[0]
    found: list[ResourceProblem] = []
    for other in heard[1:]:
        for rule, what, ours, theirs in _differences(first, other):
            message = (
                f"Subscriptions {first.subscription} and {other.subscription} share {resource!r}, "
                f"with another {what}: {ours} and {theirs}."
            )
            found.append(ResourceProblem(resource, rule, message, _WAYS_OUT.get(rule, _AGREE), about=what))
    return found


def _differences(first: Contribution, other: Contribution) -> list[tuple[str, str, object, object]]:
    """Return what two contributions to a resource do not agree on: rule, what, and both values."""
    if first.customer != other.customer:
        return [("shared-resource", "customer", first.customer, other.customer)]
    if first.kind is not other.kind:
        return [("two-kinds", "kind", first.kind.word, other.kind.word)]
    found: list[tuple[str, str, object, object]] = []
    if first.device != other.device and None not in (first.device, other.device):
        found.append(("two-devices", "device", first.device, other.device))
    for name in _chosen(first.kind):
        pair = getattr(first.spec, name), getattr(other.spec, name)
        if pair[0] != pair[1] and _silent(first.kind, name) not in pair:
            found.append(("contradiction", name, *pair))
    return found
