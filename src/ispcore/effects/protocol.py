"""What a worker does with one placement, decided on what is kept and what was seen.

The rules, which a test explores in every interleaving (``tests/effects/test_model.py``):

- An intent is committed before the device is looked at, its ``writing`` before the first write.
- Whoever finds an intent of somebody else waits for its deadline, and looks at the device afterwards.
- If that one was writing, the placement is in doubt: every write-only field is written again.
- What stands under a name is ours if we have written there, or if it bears our mark. Else it is foreign.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol, TypeAlias, TypeVar

from attrs import frozen

from ispcore.driver import (
    KINDS,
    PlacementId,
    Resource,
    Role,
    Seen,
    Spec,
    claim_of,
    fields_of,
)
from ispcore.effects.work import Work
from ispcore.network import difference

LOST_OFTEN = 3
"""Whoever was lost so often with a placement may have been lost because of it: it is taken alone."""
LOST_ALWAYS = 8
"""After so many losses a person has to look."""

_FEWEST_GONE = 5
_ONE_IN = 20


@frozen
class Settled:
    """Nothing is to be done; ``seen`` is what stands there."""

    seen: Seen | None


@frozen
class Foreign:
    """Something that is not ours stands in the way."""

    seen: Seen


@frozen
class Write:
    """Make ``before`` into ``after``; *partial* where more is to be done afterwards."""

    before: Seen | None
    after: Spec | None
    partial: bool = False


class Tried(Protocol):
    """Something over which workers may have been lost."""

    @property
    def tries(self) -> int:
        """How many those were."""
        ...


T = TypeVar("T", bound=Tried)

Decision: TypeAlias = Settled | Foreign | Write


def is_ours(seen: Seen, placement: PlacementId, *, written: bool) -> bool:
    """Tell whether something that was found may be touched for *placement*."""
    return written or (seen.mark is not None and seen.mark[0] == placement)


def decide(work: Work, after: Spec | None, found: Mapping[str, Seen], *, name: str | None) -> Decision:
    """Return what to do so that *after* stands, and nothing else of ours.

    *found* is what was seen, by claim; *name* is the claim under which *after* is to stand.
    """
    if not found:
        return Settled(None) if after is None or name is None else Write(None, after)
    own = {
        claim: seen
        for claim, seen in found.items()
        if is_ours(seen, work.id, written=work.claims.get(claim, False))
    }
    others = [seen for claim, seen in own.items() if claim != name]
    if after is None or name is None:
        return Write(others[0], None, partial=len(others) > 1) if others else Settled(None)
    if name in found and name not in own:
        return Foreign(found[name])
    if name in own:
        return Write(others[0], None, partial=True) if others else Write(own[name], after)
    if len(others) > 1:
        return Write(others[0], None, partial=True)
    return Write(others[0] if others else None, after)


def rewritten(work: Work, after: Spec) -> frozenset[str]:
    """Return the write-only fields that must be written though nothing is seen to differ."""
    names = fields_of(type(after), Role.WRITE_ONLY)
    if work.in_doubt:
        return frozenset(names)
    before = work.applied
    if type(before) is not type(after):
        return frozenset(name for name in names if getattr(after, name) is not None)
    return frozenset(name for name in names if getattr(before, name) != getattr(after, name))


def flags(work: Work, found: Mapping[str, Seen], *, writing: str | None) -> dict[str, bool]:
    """Return which claims of *work* change their flag, now that it was looked and *writing* is begun."""
    changed = {}
    for claim, written in work.claims.items():
        seen = found.get(claim)
        flag = claim == writing or (seen is not None and is_ours(seen, work.id, written=written))
        if flag != written:
            changed[claim] = flag
    return changed


def still_differs(target: Resource, seen: Seen | None, after: Spec | None) -> str | None:
    """Say what a device read back differently from what was written; None when it did not."""
    left = difference(target, seen, after)
    if left is None:
        return None
    if left.after is None:
        return "it still stands"
    if left.before is None:
        return "it does not stand"
    if not left.fields:
        return f"it does not count yet: {left.before.unsettled}"
    return "it differs in " + ", ".join(sorted(left.fields))


def named(claim: str) -> Spec:
    """Return the barest resource that a claim can be about, to look for it."""
    word, _, name = claim.partition("/")
    kind = KINDS[word]
    (identity,) = fields_of(kind, Role.IDENTITY)
    return kind(**{identity: name})


def name_of(spec: Spec | None) -> str | None:
    """Return the claim of *spec*, where there is one."""
    return None if spec is None else claim_of(spec)


def takes_away(spec: Spec | None) -> bool:
    """Tell whether a customer loses something when *spec* is made to stand."""
    if spec is None or getattr(spec, "enabled", True) is False:
        return True
    access = getattr(spec, "access", None)
    return access is not None and access.value == "refused"


def in_order(works: Sequence[Work]) -> list[Work]:
    """Return *works* in the soft order: taking away from the top layer down, then building up from below."""
    return sorted(works, key=lambda work: -work.layer if takes_away(work.wanted) else work.layer)


def portion(batch: Sequence[T]) -> Sequence[T]:
    """Return the part of a batch that is worked on together: a suspect is taken alone."""
    suspect = next((one for one in batch if one.tries >= LOST_OFTEN), None)
    return batch if suspect is None else (suspect,)


def is_emptied(expected: int, missing: int) -> bool:
    """Tell whether so much of what we had written is gone that a person has to look first."""
    return missing >= _FEWEST_GONE and missing * _ONE_IN > expected
