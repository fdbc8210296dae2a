"""Cases about writing: what was asked for stands there afterwards, and nothing else has changed."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from ispcore.driver import (
    Change,
    DriverError,
    Feature,
    Refusal,
    Resource,
    Role,
    Support,
    claim_of,
    fields_of,
    roles_of,
)
from ispcore.network import difference
from ispcore.testing.driver_kit.lab import Lab, change_told, must, told
from ispcore.testing.driver_kit.stock import unclaimed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ispcore.driver import Seen, Spec
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
            for turn in _turns(lab):
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
            for turn in _turns(lab):
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

    def test_every_change_has_one_result(self, rig: Rig) -> None:
        """In any order; silence about a change would be read as its success."""
        with Lab(rig) as lab:
            for turn in _turns(lab, count=3):
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

    def test_a_change_writes_no_secret_that_it_does_not_name(self, rig: Rig) -> None:
        """A field that cannot be read is written when the change names it, and kept when it does not."""
        with Lab(rig) as lab:
            looked = False
            for kind in rig.spec.kinds:
                first = lab.first(kind)
                hidden = fields_of(kind, Role.WRITE_ONLY)
                kept = {name: getattr(first, name) for name in hidden}
                lab.want(kind.word, first)
                lab.settle()
                made = rig.secrets(first)
                if not hidden or made is None:
                    lab.clear()
                    continue
                looked = True
                borne = {name for name in hidden if lab.bears(kind, name, lab.health())}
                texts = {name: secret.reveal() for name, secret in kept.items() if name in borne}
                must(made == texts, f"{kind.__name__}: the secrets that were written did not arrive.")
                lab.want(kind.word, evolve(lab.second(kind), **kept))
                lab.settle()
                must(
                    rig.secrets(lab.second(kind)) == texts,
                    f"{kind.__name__}: a change of other fields has changed a secret.",
                )
                lab.want(kind.word, lab.second(kind))
                lab.settle()
                must(rig.secrets(lab.second(kind)) != texts, f"{kind.__name__}: a new secret did not arrive.")
                lab.clear()
            if not looked:
                pytest.skip("the rig cannot look at secrets")

    def test_what_is_foreign_is_left_alone(self, rig: Rig) -> None:
        """Through a whole life of ours; every other case looks at it too when it ends."""
        with Lab(rig) as lab:
            others = {name: seen.spec for name, seen in lab.sight().items()}
            for turn in _turns(lab, count=2):
                one = lab.once()
                must(not one.errors, f"{turn}: {told(one)}.")
                lab.check_foreign()
                now = {name: seen.spec for name, seen in lab.sight().items()}
                lost = sorted(name for name, spec in others.items() if now.get(name) != spec)
                must(not lost, f"{turn}: {lost} is not ours, and is not as it was.")

    def test_a_mark_comes_back(self, rig: Rig) -> None:
        """Owner and generation, where the device has room for them."""
        with Lab(rig) as lab:
            claim = rig.spec.features.get(Feature.MARK, Support.NO)
            if claim is Support.ASK:
                claim = lab.health().answers.get("MARK", Support.NO)
            if claim is not Support.YES:
                pytest.skip("Feature.MARK is not claimed")
            for kind in rig.spec.kinds:
                for spec in (lab.first(kind), lab.second(kind)):
                    lab.want(kind.word, spec)
                    lab.settle()
                    placed = lab.placed[kind.word]
                    mark = lab.sight()[claim_of(lab.normal(spec))].mark
                    must(
                        mark == (placed.id, placed.generation),
                        f"{kind.__name__} was marked {placed.id}, {placed.generation}; {mark} came back.",
                    )
                lab.clear()


def _turns(lab: Lab, count: int = 1) -> Iterator[str]:
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


def _all(lab: Lab) -> list[Seen]:
    with lab.session() as session:
        return list(session.observe(None, lab.operation()))
