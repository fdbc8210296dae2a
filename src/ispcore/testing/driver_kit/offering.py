"""Cases about what a driver may offer beyond reading and writing: each is skipped where it is not claimed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, cast

import pytest
from attrs import evolve, frozen

from ispcore.driver import DriverError, Feature, Onu, Spec, Support, Wifi, claim_of
from ispcore.testing.driver_kit.lab import Lab
from ispcore.testing.driver_kit.passes import must, told
from ispcore.testing.driver_kit.stories import Story, spread
from ispcore.testing.wire import WireFault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ispcore.driver import PlacementId
    from ispcore.testing.driver_kit.rig import Rig


class OfferCases:
    """What is offered is kept."""

    def test_a_mark_comes_back(self, rig: Rig) -> None:
        """Owner and generation, where the device has room for them."""
        with Lab(rig) as lab:
            _offers(lab, Feature.MARK)
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

    def test_an_older_generation_is_refused_by_a_device_that_fences(self, rig: Rig) -> None:
        """A worker that was held up for an hour writes nothing over what came after it."""
        with Lab(rig) as lab:
            _offers(lab, Feature.FENCE)
            for kind in rig.spec.kinds:
                lab.want(kind.word, lab.first(kind))
                lab.settle()
                lab.want(kind.word, lab.second(kind))
                with lab.session() as session:
                    late = lab.changes(session, lab.operation())
                for spec in (lab.second(kind), lab.first(kind)):
                    lab.want(kind.word, spec)
                    lab.settle()
                with lab.session() as session:
                    values = [result.value for result in session.apply(late, lab.operation())]
                    left = lab.changes(session, lab.operation())
                refused = all(isinstance(value, DriverError) for value in values)
                must(refused, f"{kind.__name__}: an older generation was written: {values}")
                must(not left, f"{kind.__name__}: an older generation has left this: {left}")
                lab.clear()

    def test_a_resource_that_moves_keeps_what_hangs_on_it(self, rig: Rig) -> None:
        """An ONU goes to another port in one change, and its wireless network goes with it, key and all."""
        with Lab(rig) as lab:
            _offers(lab, Feature.MOVE)
            bears_places = Onu in rig.spec.kinds and lab.bears(Onu, "port", lab.health())
            must(bears_places, "Feature.MOVE is claimed, and Onu.port is not: nothing has a place to leave.")
            here, second = cast("tuple[Onu, Onu]", rig.sample(Onu, 1))
            there = evolve(here, port=second.port)
            hanging = _network_of(lab, here)
            lab.want("moving", here)
            lab.settle()
            lab.want("hanging", hanging)
            lab.settle()
            before = _stands(lab, hanging)

            lab.want("moving", there)
            one = lab.once()

            what = f"{claim_of(here)} was moved from port {here.port} to {there.port}"
            must(not one.errors and len(one.changes) == 1, f"{what}, which came to this: {told(one)}.")
            after = _stands(lab, hanging)
            moved = claim_of(lab.normal(there))
            place = getattr(after.get(moved), "port", None)
            must(place == there.port, f"{what}, and stands at {place}.")
            lost = sorted(name for name in before if name != moved and after.get(name) != before[name])
            must(not lost, f"{what}; {', '.join(lost)} did not go with it.")
            again = lab.once()
            must(not again.changes, f"{what}, and this is left to do: {told(again)}.")
            lab.want("hanging", None)
            lab.settle()
            lab.clear()

    def test_a_change_that_fails_is_taken_back(self, rig: Rig) -> None:
        """After a refusal, and wherever the line is cut, each resource is as it was or as it was wanted."""
        with Lab(rig, wired=True) as lab:
            _offers(lab, Feature.UNDO)
            self._refused_leaves_nothing(lab)
            wire, story = lab.wire, Story(lab)
            story.begin()
            story.go_on()
            exchanges = wire.exchanges
            lab.once()
            lab.quiet()
            for number in spread(wire.exchanges - exchanges, rig.breaks):
                story.begin()
                before = _seen(lab)
                story.go_on()
                parts = dict(_parts(lab))
                wire.play(WireFault.CUT_AFTER, at=number)
                lab.once()
                wire.calm()
                cut = _Cut(number, before, _seen(lab))
                lab.settle()
                cut.must_be_whole(parts, _seen(lab))
            lab.clear()

    @staticmethod
    def _refused_leaves_nothing(lab: Lab) -> None:
        spec = lab.rig.refused()
        if spec is None:
            return
        before = _seen(lab)
        lab.want("refused", spec)
        lab.once()
        must(_seen(lab) == before, f"{claim_of(spec)} was refused, and not everything is as it was.")
        lab.placed.clear()


@frozen
class _Cut:
    """What was read before the line was cut at the *number*-th exchange, and afterwards."""

    number: int
    before: Mapping[str, Spec]
    after: Mapping[str, Spec]

    def must_be_whole(self, parts: Mapping[PlacementId, frozenset[str]], end: Mapping[str, Spec]) -> None:
        """Fail when any of *parts*, by the names it has or had, is neither as before nor as in the *end*."""
        for names in parts.values():
            was, now, wanted = (
                {name: state[name] for name in names if name in state}
                for state in (self.before, self.after, end)
            )
            must(
                now in (was, wanted),
                f"The line was cut at exchange {self.number}, and half a change is left: {sorted(names)} was "
                f"{was}, should be {wanted}, and is {now}.",
            )


def _network_of(lab: Lab, onu: Onu) -> Wifi | None:
    if Wifi not in lab.rig.spec.kinds:
        return None
    return evolve(cast("Wifi", lab.first(Wifi)), onu=onu.serial)


def _parts(lab: Lab) -> Iterator[tuple[PlacementId, frozenset[str]]]:
    """Yield what is wanted, each with the names that it has or had."""
    for placed in lab.placed.values():
        yield placed.id, frozenset(claim_of(lab.normal(spec)) for spec in placed.names)


def _seen(lab: Lab) -> dict[str, Spec]:
    return {name: one.spec for name, one in lab.sight().items()}


def _stands(lab: Lab, hanging: Spec | None) -> dict[str, object]:
    """Return everything that stands there, and the secrets of what is *hanging*."""
    secrets = None if hanging is None else lab.rig.secrets(hanging)
    return {**_seen(lab), **{f"its {name}": text for name, text in (secrets or {}).items()}}


def _offers(lab: Lab, feature: Feature) -> None:
    """Skip the case unless *feature* is claimed, by the device's own answer where it depends on that."""
    claim = lab.rig.spec.features.get(feature, Support.NO)
    if claim is Support.ASK:
        claim = lab.health().answers.get(feature.name, Support.NO)
    if claim is not Support.YES:
        pytest.skip(f"Feature.{feature.name} is not claimed")
