"""Cases about writing: what was asked for stands there afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.driver import (
    DriverError,
    Refusal,
    claim_of,
)
from ispcore.network import difference
from ispcore.testing.driver_kit.lab import Lab
from ispcore.testing.driver_kit.passes import change_told, must, told
from ispcore.testing.driver_kit.stories import turns

if TYPE_CHECKING:
    from ispcore.driver import Seen
    from ispcore.testing.driver_kit.rig import Rig

_TIMES = 10


class WritingCases:
    """Writing comes to what was asked for."""

    def test_what_is_wanted_is_made_changed_and_deleted(self, rig: Rig) -> None:
        """The life of one resource of each kind."""
        with Lab(rig) as lab:
            for kind in rig.spec.kinds:
                for spec in (lab.first(kind), lab.second(kind), lab.first(kind)):
                    lab.want(kind.word, spec)
                    one = lab.once()
                    must(not one.errors, f"{kind.__name__}: {told(one)}.")
                    name = claim_of(lab.normal(spec))
                    must(name in lab.sight(), f"{name} was written, and does not stand there.")
                name = claim_of(lab.normal(lab.first(kind)))
                lab.want(kind.word, None)
                one = lab.once()
                must(not one.errors, f"{kind.__name__}: {told(one)}.")
                must(name not in lab.sight(), f"{name} was deleted, and stands there.")

    def test_nothing_is_left_to_do_after_a_write(self, rig: Rig) -> None:
        """What ``apply`` yields as read back is what was wanted; a driver that salts never gets there."""
        with Lab(rig) as lab:
            for turn in turns(lab):
                one = lab.once()
                must(not one.errors, f"{turn}: {told(one)}.")
                for change in one.changes:
                    value = next(it.value for it in one.results if it.target == change.target.id)
                    must(not isinstance(value, DriverError), f"{turn}: {value}")
                    left = difference(change.target, value, change.after)  # type: ignore[arg-type]  # no error, see above
                    must(
                        left is None,
                        f"{turn}: after {change_told(change)} this is left: {change_told(left or change)}.",
                    )

    def test_nothing_is_left_to_do_for_a_new_session(self, rig: Rig) -> None:
        """What another session reads is what was wanted."""
        with Lab(rig) as lab:
            for turn in turns(lab):
                one = lab.once()
                must(not one.errors, f"{turn}: {told(one)}.")
                with lab.session() as session:
                    left = lab.changes(session, lab.operation())
                must(not left, f"{turn}: a new session would {', '.join(map(change_told, left))}.")

    def test_the_same_write_ten_times_comes_to_the_same(self, rig: Rig) -> None:
        """Nothing is added twice: a change that comes again leaves one object, as it was wanted."""
        with Lab(rig) as lab:
            for kind in rig.spec.kinds:
                for spec in (lab.first(kind), lab.second(kind)):
                    lab.want(kind.word, spec)
                    with lab.session() as session:
                        changes = lab.changes(session, lab.operation())
                        for _ in range(_TIMES):
                            values = [it.value for it in session.apply(changes, lab.operation())]
                            failed = [it for it in values if isinstance(it, DriverError)]
                            must(all(isinstance(it, Refusal) for it in failed), f"Written again: {failed}")
                    name = claim_of(lab.normal(spec))
                    count = [claim_of(seen.spec) for seen in _all(lab)].count(name)
                    must(count == 1, f"After {_TIMES} times the same write {name} stands {count} times.")
                    lab.placed[kind.word].owed.clear()
                    with lab.session() as session:
                        left = lab.changes(session, lab.operation())
                    must(
                        not left, f"After {_TIMES} times the same write: {', '.join(map(change_told, left))}."
                    )
                lab.clear()

    def test_deleting_what_is_absent_succeeds(self, rig: Rig) -> None:
        """A deletion whose answer was lost is done again; ten times is as once."""
        with Lab(rig) as lab:
            for kind in rig.spec.kinds:
                lab.want(kind.word, lab.first(kind))
                lab.settle()
                lab.want(kind.word, None)
                with lab.session() as session:
                    changes = lab.changes(session, lab.operation())
                    for _ in range(_TIMES):
                        values = [it.value for it in session.apply(changes, lab.operation())]
                        must(values == [None], f"Deleting {kind.__name__} again came to {values}.")
                lab.clear()

    def test_a_change_of_name_is_one_change(self, rig: Rig) -> None:
        """Afterwards the one name stands there, and the other does not."""
        with Lab(rig) as lab:
            for kind in rig.spec.kinds:
                first = lab.first(kind)
                renamed = lab.renamed(first, 2)
                old, new = claim_of(lab.normal(first)), claim_of(lab.normal(renamed))
                lab.want(kind.word, first)
                lab.settle()
                lab.want(kind.word, renamed)

                one = lab.once()

                must(len(one.changes) == 1, f"{len(one.changes)} changes were made of one change of name.")
                must(not one.errors, f"{kind.__name__}: {told(one)}.")
                now = lab.sight()
                must(new in now, f"{old} was to become {new}, which does not stand there.")
                must(old not in now, f"{old} was to become {new}, and stands there still.")
                lab.clear()


def _all(lab: Lab) -> list[Seen]:
    with lab.session() as session:
        return list(session.observe(None, lab.operation()))
