"""The story that is broken off in every way: one resource changed, one made, one deleted, one renamed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.driver import claim_of
from ispcore.testing.driver_kit.lab import Lab
from ispcore.testing.driver_kit.passes import must, told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ispcore.driver import Spec
    from ispcore.testing.driver_kit.passes import Pass

LONGEST = 400
"""How many exchanges or checkpoints a story may take before it is held for endless."""


class Story:
    """Four resources of the kinds that are claimed; another *turn* deals the parts to other kinds."""

    def __init__(self, lab: Lab, turn: int = 0) -> None:
        """Deal the parts."""
        self.lab = lab
        kinds = list(lab.rig.spec.kinds)
        self._kinds = [kinds[(turn + part) % len(kinds)] for part in range(4)]

    def begin(self) -> None:
        """Let stand what stands before the story, and nothing else of ours."""
        lab = self.lab
        changed, made, deleted, renamed = self._kinds
        for name in list(lab.placed):
            lab.want(name, None)
        lab.want(f"{changed.word}-changed", lab.first(changed, 1))
        lab.want(f"{made.word}-made", None)
        lab.want(f"{deleted.word}-deleted", lab.first(deleted, 3))
        lab.want(f"{renamed.word}-renamed", lab.first(renamed, 4))
        lab.settle()
        lab.placed = {name: one for name, one in lab.placed.items() if one.wanted is not None}

    def go_on(self) -> dict[str, Spec]:
        """Want the end of the story; return what is to stand then."""
        lab = self.lab
        changed, made, deleted, renamed = self._kinds
        end = {
            f"{changed.word}-changed": lab.second(changed, 1),
            f"{made.word}-made": lab.first(made, 2),
            f"{renamed.word}-renamed": lab.renamed(lab.first(renamed, 4), 5),
        }
        lab.want(f"{deleted.word}-deleted", None)
        for name, spec in end.items():
            lab.want(name, spec)
        lab.quiet()
        return end

    def must_end(self, end: dict[str, Spec], when: str, broken: Pass) -> None:
        """Fail unless everything comes right, and stands there as it was wanted."""
        try:
            self.lab.settle()
        except AssertionError as error:
            message = f"{when} ({told(broken)}) it does not come right. {error}"
            raise AssertionError(message) from error
        sight = self.lab.sight()
        for spec in end.values():
            name = claim_of(self.lab.normal(spec))
            must(name in sight, f"{when} ({told(broken)}), {name} does not stand there.")
            texts = self.lab.rig.secrets(spec)
            if texts is not None:
                wanted = {it: getattr(spec, it).reveal() for it in texts}
                must(texts == wanted, f"{when} ({told(broken)}), {name} is left with an old secret.")
        self.lab.check_foreign()


def spread(count: int, most: int) -> list[int]:
    """Return the numbers from 1 to *count*; of more than *most*, so many that lie evenly apart."""
    if count <= most:
        return list(range(1, count + 1))
    return sorted({1 + (count - 1) * one // (most - 1) for one in range(most)})


def turns(lab: Lab, count: int = 1) -> Iterator[str]:
    """Give making, changing, renaming and deleting, each when it is wanted and not yet done."""
    numbers = range(1, count + 1)
    wishes: dict[str, Callable[[type[Spec], int], Spec | None]] = {
        "making": lab.first,
        "changing": lab.second,
        "renaming": lambda kind, number: lab.renamed(lab.second(kind, number), number + count),
        "deleting": lambda *_: None,
    }
    for turn, wish in wishes.items():
        for kind in lab.rig.spec.kinds:
            for number in numbers:
                lab.want(f"{kind.word}-{number}", wish(kind, number))
        yield turn
