"""Cases about what writing leaves alone: what is foreign, and what is not named."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from ispcore.driver import (
    Role,
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
                borne = {name for name in hidden if lab.bears(kind, name, lab.health())}
                kept = {name: getattr(first, name) for name in hidden}
                lab.want(kind.word, first)
                lab.settle()
                made = rig.secrets(first)
                if not borne or made is None:
                    lab.clear()
                    continue
                looked = True
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
