"""Cases about secrets: they go to the device, and nowhere else."""

from __future__ import annotations

import io
from contextlib import redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING, Any

import attrs
from attrs import evolve

from ispcore.driver import Role, fields_of
from ispcore.testing.driver_kit.lab import Lab
from ispcore.testing.driver_kit.logs import logged
from ispcore.testing.driver_kit.operation import KitOperation, stopped_at
from ispcore.testing.driver_kit.passes import must
from ispcore.testing.driver_kit.stories import Story
from ispcore.testing.wire import WireFault
from ispcore.values import SecretText

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ispcore.driver import Site
    from ispcore.testing.driver_kit.rig import Rig

_WRONG_SECRET = "Kit-wrong-5127"  # noqa: S105 - it opens nothing
_SHORTEST = 8
_BROKEN_EXCHANGES = 12


class SecrecyCases:
    """No secret is told to anybody but the device."""

    def test_no_secret_is_logged_or_printed(self, rig: Rig) -> None:
        """At no level, when all is well and when it is not."""
        output = io.StringIO()
        with redirect_stdout(output), redirect_stderr(output), logged() as lines, Lab(rig, wired=True) as lab:
            secrets = _secrets(rig)
            _bad_day(lab)

        _must_be_without(secrets, lines, "A log line")
        _must_be_without(secrets, [output.getvalue()], "What is printed")

    def test_no_secret_is_in_an_error(self, rig: Rig) -> None:
        """Neither in its text, nor in what it keeps of the device's answer, nor in its causes."""
        with Lab(rig, wired=True) as lab:
            secrets = _secrets(rig)
            _bad_day(lab)

            _must_be_without(secrets, lab.heard, "An error")

    def test_no_secret_shows_when_a_driver_is_printed(self, rig: Rig) -> None:
        """Tracebacks, debuggers and test runners print drivers and sessions."""
        with Lab(rig) as lab, lab.session() as session:
            session.check(lab.operation())
            texts = [f"{one!r}{one}" for one in (lab.driver, session, lab.site, rig.spec)]

            _must_be_without(_secrets(rig), texts, "A driver that is printed")


def with_wrong_secrets(site: Site[Any]) -> Site[Any] | None:
    """Return *site* with a wrong secret for every right one; None when it has none."""
    config = site.config
    names = [
        one.name for one in attrs.fields(type(config)) if isinstance(getattr(config, one.name), SecretText)
    ]
    if not names:
        return None
    return evolve(site, config=evolve(config, **dict.fromkeys(names, SecretText(_WRONG_SECRET))))


def _secrets(rig: Rig) -> set[str]:
    config = rig.site().config
    values = [getattr(config, one.name) for one in attrs.fields(type(config))]
    for kind in rig.spec.kinds:
        for number in range(1, 6):
            for spec in rig.sample(kind, number):
                values += [getattr(spec, name) for name in fields_of(kind, Role.WRITE_ONLY)]
    texts = {value.reveal() for value in values if isinstance(value, SecretText)}
    must(
        all(len(text) >= _SHORTEST for text in texts),
        f"A secret of the rig has less than {_SHORTEST} characters, and would be found by chance.",
    )
    return texts | {_WRONG_SECRET}


def _bad_day(lab: Lab) -> None:
    """Let everything happen that makes a driver talk."""
    story = Story(lab)
    story.begin()
    story.go_on()
    lab.once(KitOperation(30.0, stopped_at(2)))
    lab.settle()
    refused = lab.rig.refused()
    if refused is not None:
        lab.want("refused", refused)
        lab.once()
        lab.placed.pop("refused")
    _break(lab)
    wrong = with_wrong_secrets(lab.site)
    if wrong is not None:
        right, lab.site = lab.site, wrong
        lab.once()
        lab.site = right
    lab.clear()


def _break(lab: Lab) -> None:
    wire = lab.found_wire()
    if wire is None:
        return
    for fault in (WireFault.GARBAGE, WireFault.CUT_AFTER):
        for number in range(1, _BROKEN_EXCHANGES):
            story = Story(lab)
            story.begin()
            story.go_on()
            wire.play(fault, at=number)
            lab.once(KitOperation(lab.rig.patience_seconds))
            wire.calm()
    lab.settle()


def _must_be_without(secrets: Iterable[str], texts: Iterable[str], what: str) -> None:
    for secret in secrets:
        for text in texts:
            at = text.find(secret)
            shown = f"{text[max(0, at - 30) : at]}{'*' * len(secret)}"
            must(at < 0, f"{what} shows a secret: …{shown}…")
