"""Cases about what writing is answered with: one result for each change, and refusals that harm no others."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from ispcore.driver import (
    Change,
    DriverError,
    Resource,
    claim_of,
    roles_of,
)
from ispcore.testing.driver_kit.lab import Lab
from ispcore.testing.driver_kit.passes import must, told
from ispcore.testing.driver_kit.stock import unclaimed
from ispcore.testing.driver_kit.stories import turns

if TYPE_CHECKING:
    from ispcore.testing.driver_kit.rig import Rig


class AnswerCases:
    """Every change is answered."""

    def test_every_change_has_one_result(self, rig: Rig) -> None:
        """In any order; silence about a change would be read as its success."""
        with Lab(rig) as lab:
            for turn in turns(lab, count=3):
                one = lab.once()
                must(one.error is None, f"{turn}: {told(one)}.")
                counts = Counter(result.target for result in one.results)
                for change in one.changes:
                    count = counts.pop(change.target.id, 0)
                    must(count == 1, f"{turn}: {change.target.id} has {count} results.")
                must(
                    not counts, f"{turn}: there are results for {sorted(map(str, counts))}, without a change."
                )

    def test_a_change_that_is_refused_does_not_lose_the_others(self, rig: Rig) -> None:
        """The refusal is the value of its own result, before and after it the others are done."""
        bad = rig.refused() or unclaimed(rig.spec.kinds)
        if bad is None:
            pytest.skip("every kind is claimed, and the rig has nothing that is refused")
        with Lab(rig) as lab:
            kind = next(iter(rig.spec.kinds))
            good = [lab.want(f"good-{number}", lab.first(kind, number)) for number in (1, 2, 3)]
            with lab.session() as session:
                changes = lab.changes(session, lab.operation())
                target = Resource(lab.want("bad", bad), 1, bad)
                changes.insert(1, Change(target, None, bad, frozenset(roles_of(type(bad)))))
                del lab.placed["bad"]
                try:
                    results = {it.target: it.value for it in session.apply(changes, lab.operation())}
                except DriverError as error:
                    message = f"One refused change ended them all: {type(error).__name__}: {error}"
                    raise AssertionError(message) from error
            must(
                isinstance(results.get(target.id), DriverError), "The refused change is not told as refused."
            )
            for one in good:
                value = results.get(one)
                must(one in results and not isinstance(value, DriverError), f"{one} was lost: {value!r}")
            lab.clear()

    def test_a_refused_change_writes_nothing(self, rig: Rig) -> None:
        """A refusal that says nothing was written is believed."""
        bad = rig.refused()
        if bad is None:
            pytest.skip("the rig has nothing that is refused")
        with Lab(rig) as lab:
            before = rig.writes()
            lab.want("bad", bad)

            one = lab.once()

            must(one.errors, f"{claim_of(bad)} was not refused.")
            for error in one.errors:
                must(
                    error.wrote or rig.writes() == before, "A refusal says wrote=False, and a write was seen."
                )
