"""Cases about reading: ``observe`` tells what was asked for, all of it, and writes nothing."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from ispcore.driver import UNREADABLE, Resource, Role, SecretRef, claim_of, fields_of
from ispcore.testing.driver_kit.lab import Lab
from ispcore.testing.driver_kit.passes import must
from ispcore.values import SecretText

if TYPE_CHECKING:
    from ispcore.driver import Spec
    from ispcore.testing.driver_kit.rig import Rig


class ReadingCases:
    """A look tells the truth, and leaves no trace."""

    def test_a_look_at_everything_tells_also_what_is_foreign(self, rig: Rig) -> None:
        """Drift, adoption and the count of what has vanished rest on a whole list."""
        with Lab(rig) as lab:
            before = set(lab.sight())
            names = _stand(lab, 2)

            now = set(lab.sight())

            must(names <= now, f"observe(None) does not tell of {sorted(names - now)}.")
            must(before <= now, f"observe(None) does not tell any more of {sorted(before - now)}.")
            must(before, "observe(None) tells nothing of the rig's foreign object.")
            lab.clear()

    def test_a_look_with_names_tells_of_those_alone(self, rig: Rig) -> None:
        """What is not asked for could be somebody else's."""
        with Lab(rig) as lab:
            _stand(lab, 2)
            for placed in lab.placed.values():
                asked = Resource(placed.id, placed.generation, placed.names[0], placed.key)
                with lab.session() as session:
                    told = {claim_of(seen.spec) for seen in session.observe([asked], lab.operation())}
                name = claim_of(lab.normal(asked.spec))
                must(name in told, f"{name} stands there, was asked for and is not told.")
                must(told == {name}, f"{name} was asked for, and {sorted(told - {name})} told too.")
            lab.clear()

    def test_a_look_at_what_is_absent_tells_nothing(self, rig: Rig) -> None:
        """Absence is no error and no empty object."""
        with Lab(rig) as lab:
            absent = [
                Resource(lab.want("absent", lab.first(kind, 7)), 1, lab.first(kind, 7))
                for kind in rig.spec.kinds
            ]
            lab.placed.clear()

            with lab.session() as session:
                told = [claim_of(seen.spec) for seen in session.observe(absent, lab.operation())]
                nothing = list(session.observe([], lab.operation()))

            must(not told, f"{told} is told and does not stand there.")
            must(not nothing, "Nothing was asked for, and something is told.")

    def test_a_look_writes_nothing(self, rig: Rig) -> None:
        """A preview is a look and a difference; the device counts no write."""
        with Lab(rig) as lab:
            _stand(lab, 1)
            for kind in rig.spec.kinds:
                lab.want(f"{kind.word}-1", lab.second(kind))
                lab.want(f"{kind.word}-9", lab.first(kind, 9))
            before = rig.writes()

            with lab.session() as session:
                planned = lab.changes(session, lab.operation())
                list(session.observe(None, lab.operation()))

            must(planned, "There is nothing to change, so nothing is shown by this.")
            must(rig.writes() == before, f"A look has written {rig.writes() - before} times.")
            lab.clear()

    def test_write_only_fields_are_never_read_back(self, rig: Rig) -> None:
        """Neither in the open nor as a hash: they hold UNREADABLE."""
        with Lab(rig) as lab:
            health = lab.health()
            _stand(lab, 1)
            for seen in lab.sight().values():
                kind = type(seen.spec)
                for name in fields_of(kind, Role.WRITE_ONLY):
                    value = getattr(seen.spec, name)
                    what = f"{kind.__name__}.{name}"
                    must(not isinstance(value, str | SecretText | SecretRef), f"{what} is read back.")
                    if lab.bears(kind, name, health):
                        must(value is UNREADABLE, f"{what} is {value!r} instead of UNREADABLE.")
            lab.clear()

    def test_a_second_look_tells_the_same_under_the_same_keys(self, rig: Rig) -> None:
        """A key is the device's own name, not a number in an answer."""
        with Lab(rig) as lab:
            _stand(lab, 2)

            first, second = lab.sight(), lab.sight()

            keys = [seen.key for seen in first.values()]
            must(len(set(keys)) == len(keys), "Two objects of one device have the same key.")
            must(
                {name: (seen.key, seen.spec) for name, seen in first.items()}
                == {name: (seen.key, seen.spec) for name, seen in second.items()},
                "Two looks at the same device tell different things.",
            )
            lab.clear()

    def test_what_somebody_else_changed_is_seen_and_put_right(self, rig: Rig) -> None:
        """Also in the session that had seen it before: a driver keeps nothing that a device may change."""
        with Lab(rig) as lab:
            _stand(lab, 1)
            for placed in list(lab.placed.values()):
                with lab.session() as session:
                    must(not lab.changes(session, lab.operation()), "Something is left to do after apply.")
                    must(placed.key is not None, f"apply did not yield what stands there now as {placed.id}.")
                    rig.tamper(placed.key)  # type: ignore[arg-type]  # as the line above says
                    found = lab.changes(session, lab.operation())
                must(found, f"{placed.id} was changed by somebody else, and is told as it was.")
                lab.settle()
            lab.clear()

    def test_a_look_tells_one_after_the_other(self, rig: Rig) -> None:
        """It is an iterator that may be left early; a list of 100,000 would not fit."""
        with Lab(rig) as lab:
            _stand(lab, 2)

            with lab.session() as session:
                told = session.observe(None, lab.operation())
                must(isinstance(told, Iterator), f"observe gives a {type(told).__name__}, not an iterator.")
                next(told)
                del told

            must(lab.sessions_close(), "A look that was left early leaves its session open.")
            lab.clear()

    def test_a_look_at_very_much_takes_little_memory(self, rig: Rig) -> None:
        """Reading ``rig.many`` resources takes a small part of what a list of them would."""
        if not rig.many:
            pytest.skip("the rig does not say how many resources it bears")
        with Lab(rig) as lab:
            kind = next(iter(rig.spec.kinds))
            for number in range(1, rig.many + 1):
                lab.want(f"many-{number}", lab.first(kind, number))
            lab.settle()

            kept = _peak(lab, keep=True)
            passed = _peak(lab, keep=False)

            must(passed < kept / 2, f"Reading {rig.many} takes {passed} bytes; a list of them takes {kept}.")
            lab.clear()


def _stand(lab: Lab, count: int) -> set[str]:
    """Let *count* resources of each kind stand, and return their claims."""
    specs: list[Spec] = []
    for kind in lab.rig.spec.kinds:
        for number in range(1, count + 1):
            specs.append(lab.first(kind, number))
            lab.want(f"{kind.word}-{number}", specs[-1])
    lab.settle()
    return {claim_of(lab.normal(spec)) for spec in specs}


def _peak(lab: Lab, *, keep: bool) -> int:
    with lab.session() as session:
        tracemalloc.start()
        try:
            kept = [seen for seen in session.observe(None, lab.operation()) if keep]
            peak = tracemalloc.get_traced_memory()[1]
            del kept
        finally:
            tracemalloc.stop()
    return peak
