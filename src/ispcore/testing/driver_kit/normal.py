"""Cases about ``normal``: what a device would read back, without asking it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from unittest.mock import patch

from attrs import evolve

from ispcore.driver import (
    Role,
    SecretRef,
    Spec,
    fields_of,
)
from ispcore.testing.driver_kit.lab import Lab
from ispcore.testing.driver_kit.passes import must

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ispcore.testing.driver_kit.rig import Rig


class NormalCases:
    """``normal`` is a function of its arguments."""

    def test_normal_is_a_pure_function(self, rig: Rig) -> None:
        """It is called for rows that no device is asked about: the same in, the same out, and no network."""
        with Lab(rig) as lab:
            health = lab.health()
            writes = rig.writes()
            with _offline():
                for spec in _samples(rig):
                    once = lab.driver.normal(spec, health)
                    must(
                        once == lab.driver.normal(spec, health) == rig.driver().normal(spec, health),
                        f"normal({spec!r}) is another one each time.",
                    )
            must(rig.writes() == writes, "normal has written to the device.")

    def test_normal_done_twice_is_the_same_as_done_once(self, rig: Rig) -> None:
        """What a device reads back is what it would read back of that."""
        with Lab(rig) as lab:
            health = lab.health()

            for spec in _samples(rig):
                once = lab.driver.normal(spec, health)
                twice = lab.driver.normal(once, health)
                must(once == twice, f"normal makes {once!r} of {spec!r}, and {twice!r} of that.")

    def test_normal_leaves_secrets_as_they_are(self, rig: Rig) -> None:
        """The core decides with the names of secrets, and puts the secrets in before they are written."""
        with Lab(rig) as lab:
            health = lab.health()

            for kind in rig.spec.kinds:
                for name in fields_of(kind, Role.WRITE_ONLY):
                    if lab.bears(kind, name, health):
                        ref = SecretRef("kit")
                        spec = evolve(lab.first(kind), **{name: ref})
                        made = getattr(lab.driver.normal(spec, health), name)
                        must(made == ref, f"normal makes {made!r} of the secret in {kind.__name__}.{name}.")


def _samples(rig: Rig) -> list[Spec]:
    return [spec for kind in rig.spec.kinds for number in (1, 2) for spec in rig.sample(kind, number)]


@contextmanager
def _offline() -> Iterator[None]:
    """Let nobody connect anywhere."""
    message = "normal asks the network; it has to be a pure function of its arguments."

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError(message)

    with (
        patch("socket.socket.connect", refuse),
        patch("socket.socket.sendall", refuse),
        patch("socket.getaddrinfo", refuse),
    ):
        yield
