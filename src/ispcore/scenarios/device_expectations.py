"""What a step expects of devices, compared with what stands on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ispcore.driver import Role, fields_of
from ispcore.network import resource_of, said_value
from ispcore.values import suggestion

if TYPE_CHECKING:
    from ispcore.network import Drift
    from ispcore.scenarios.device_steps import ExpectedDevice, ExpectedFinding, ExpectedWork
    from ispcore.scenarios.simulated import SimulatedNetwork
    from ispcore.testing import Standing


def unmet_device(
    expected: ExpectedDevice, network: SimulatedNetwork, things: Mapping[Any, tuple[str | None, str]]
) -> Iterator[str]:
    """Yield how a device is otherwise than *expected*; *things* say claim and resource of each name."""
    device = expected.device
    for name, fields in expected.stands.items():
        claim, resource = things[name]
        found = network.standing(device, claim=claim, resource=resource)
        yield from _unmet_standing(claim or resource, fields, found)
    left = network.to_do(device)
    if expected.to_do is not None and expected.to_do != left:
        yield f"to_do: expected {expected.to_do}, found {left}"
    stop = network.row(device).stopped
    if expected.stopped is not None and expected.stopped != (stop is not None):
        found_stop = "it works" if stop is None else f"it is stopped: {stop.text}"
        yield f"stopped: expected {str(expected.stopped).lower()}, and {found_stop}"


def _unmet_standing(name: str, fields: Mapping[str, Any] | None, found: Standing | None) -> Iterator[str]:
    if fields is None:
        if found is not None:
            yield f"{name}: expected absent, and it stands there"
        return
    if found is None:
        yield f"{name}: expected to stand there, and is absent"
        return
    kind = type(found.spec)
    secret = fields_of(kind, Role.WRITE_ONLY)
    for field, wanted in fields.items():
        if not hasattr(found.spec, field):
            known = (*secret, *fields_of(kind, Role.IDENTITY), *fields_of(kind, Role.PLAIN))
            yield f"{name}: a {kind.word} has no {field!r}. {suggestion(field, known)}"
            continue
        if field in secret:
            if found.secrets.get(field) != wanted:
                yield f"{name}: {field}: another secret was written"
        elif getattr(found.spec, field) != wanted:
            shown = said_value(getattr(found.spec, field))
            yield f"{name}: {field}: expected {said_value(wanted)}, found {shown}"


def unmet_work(expected: ExpectedWork, found: Mapping[str, int]) -> Iterator[str]:
    """Yield which counts are others than *expected*."""
    for name, number in found.items():
        wanted = getattr(expected, name)
        if wanted is not None and wanted != number:
            yield f"{name}: expected {wanted}, found {number}"


def unmet_findings(
    expected: Iterable[tuple[ExpectedFinding, str | None, str]], found: Iterable[Drift]
) -> Iterator[str]:
    """Yield how what was *found* differs from the *expected* findings, each with its claim or resource."""
    left = list(found)
    for wanted, claim, resource in expected:
        mine = [one for one in left if _is_about(one, claim, resource)]
        match = next((one for one in mine if _fits(wanted, one)), None)
        if match is not None:
            left.remove(match)
        elif mine:
            left.remove(mine[0])
            yield f"{claim or resource}: found, but {_said(mine[0])}"
        else:
            yield f"{claim or resource}: expected to be found, and is as it should be"
    yield from (f"expected nothing more, found {one.claim}: {_said(one)}" for one in left)


def _is_about(one: Drift, claim: str | None, resource: str) -> bool:
    if claim is None:
        return one.placement is not None and resource_of(one.placement) == resource
    return one.claim == claim


def _fits(wanted: ExpectedFinding, one: Drift) -> bool:
    fields = wanted.fields is None or sorted(wanted.fields) == sorted(one.fields)
    return fields and wanted.kind in (None, one.kind)


def _said(one: Drift) -> str:
    return f"it {one.kind.value} in {', '.join(one.fields)}" if one.fields else f"it is {one.kind.value}"
