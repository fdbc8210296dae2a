"""Cases about what writing leaves alone: what is foreign, what is not named, and what is newer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from ispcore.driver import (
    DriverError,
    Feature,
    Role,
    Support,
    claim_of,
    fields_of,
)
from ispcore.testing.driver_kit.lab import Lab
from ispcore.testing.driver_kit.passes import must, told
from ispcore.testing.driver_kit.stories import turns

if TYPE_CHECKING:
    from ispcore.testing.driver_kit.rig import Rig


class SparingCases:
    """Writing changes what it is about, and nothing else."""

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
            for turn in turns(lab, count=2):
                one = lab.once()
                must(not one.errors, f"{turn}: {told(one)}.")
                lab.check_foreign()
                now = {name: seen.spec for name, seen in lab.sight().items()}
                lost = sorted(name for name, spec in others.items() if now.get(name) != spec)
                must(not lost, f"{turn}: {lost} is not ours, and is not as it was.")

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


def _offers(lab: Lab, feature: Feature) -> None:
    """Skip the case unless *feature* is claimed, by the device's own answer where it depends on that."""
    claim = lab.rig.spec.features.get(feature, Support.NO)
    if claim is Support.ASK:
        claim = lab.health().answers.get(feature.name, Support.NO)
    if claim is not Support.YES:
        pytest.skip(f"Feature.{feature.name} is not claimed")
