"""Cases about sessions: how they are opened, that they are closed, and that nothing outlives them."""

from __future__ import annotations

from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from ispcore.driver import AuthFailed, Unreachable
from ispcore.testing.driver_kit.lab import NO_WIRE, Lab
from ispcore.testing.driver_kit.operation import KitOperation, stopped_at
from ispcore.testing.driver_kit.passes import must, told
from ispcore.testing.driver_kit.secrecy import with_wrong_secrets
from ispcore.testing.driver_kit.stories import Story

if TYPE_CHECKING:
    from ispcore.testing.driver_kit.rig import Rig

_LONG_SECONDS = 30.0
_CLOSED_PORT = ("127.0.0.1", 1)


class SessionCases:
    """Sessions are opened once, and leave nothing behind."""

    def test_sessions_are_closed_whatever_happens(self, rig: Rig) -> None:
        """After work, an error in the work, a list left early, a cancelled write and a refused password."""
        with Lab(rig) as lab:
            story = Story(lab)
            story.begin()
            story.go_on()
            must(lab.sessions_close(), "A session is left open after work that went well.")
            lab.once(KitOperation(_LONG_SECONDS, stopped_at(2)))
            must(lab.sessions_close(), "A session is left open after a write that was cancelled.")
            with suppress(_OfTheKit), lab.session() as session:
                next(iter(session.observe(None, lab.operation())), None)
                raise _OfTheKit
            must(lab.sessions_close(), "A session is left open after an error in the middle of a list.")
            with lab.session() as session:
                session.observe(None, lab.operation())
                session.apply([], lab.operation())
            must(lab.sessions_close(), "A session is left open after a list that nobody read.")
            wrong = with_wrong_secrets(lab.site)
            if wrong is not None:
                lab.site, right = wrong, lab.site
                lab.once()
                must(lab.sessions_close(), "A session is left open after a password that was refused.")
                lab.site = right
            lab.clear()

    def test_there_are_no_more_sessions_than_were_opened(self, rig: Rig) -> None:
        """The core opens as many as the device has lanes; a driver opens no others behind its back."""
        with Lab(rig) as lab, ExitStack() as stack:
            story = Story(lab)
            story.begin()
            story.go_on()
            lab.at_yield = lambda: _few(rig, 1)
            one = lab.once(KitOperation(_LONG_SECONDS, lambda _: _few(rig, 1)))
            must(not one.errors, told(one))
            lab.settle()
            lab.clear()
            must(lab.sessions_close(), "A session is left open.")
            for count in range(1, rig.spec.lanes + 1):
                session = stack.enter_context(lab.session())
                session.check(lab.operation())
                _few(rig, count)

    def test_a_driver_remembers_nothing_between_sessions(self, rig: Rig) -> None:
        """Another process with another driver goes on where this one ended."""
        with Lab(rig) as lab:
            story = Story(lab)
            story.begin()
            end = story.go_on()
            lab.driver = rig.driver()
            one = lab.once(KitOperation(_LONG_SECONDS, stopped_at(3)))
            lab.driver = rig.driver()
            story.must_end(end, "With a new driver", one)
            lab.driver = rig.driver()
            with lab.session() as session:
                left = lab.changes(session, lab.operation())
            must(not left, "A new driver finds something to do where the old one found nothing.")
            lab.clear()

    def test_a_wrong_password_is_tried_once(self, rig: Rig) -> None:
        """It is told as AuthFailed; trying again could lock the account."""
        with Lab(rig, wired=True) as lab:
            wrong = with_wrong_secrets(lab.site)
            if wrong is None:
                pytest.skip("the configuration has no secret")
            wire = lab.found_wire()
            before = 0 if wire is None else wire.connections
            lab.site, right = wrong, lab.site

            one = lab.once()

            must(
                isinstance(one.error, AuthFailed),
                f"The password was wrong, and this came of it: {told(one)}.",
            )
            if wire is not None:
                tried = wire.connections - before
                must(tried <= 1, f"A wrong password was tried {tried} times.")
            lab.site = right
            lab.settle()

    def test_a_device_that_cannot_be_reached_is_told_as_such(self, rig: Rig) -> None:
        """Unreachable, with nothing written, in time."""
        with Lab(rig, wired=True) as lab:
            _ = lab.wire
            if rig.wire() is not None:
                pytest.skip(NO_WIRE)
            lab.site = evolve(lab.site, dial=lambda *_: _CLOSED_PORT)

            one = lab.once()

            must(
                isinstance(one.error, Unreachable), f"Nobody listens there, and this came of it: {told(one)}."
            )
            must(one.error is None or not one.error.wrote, "Nobody listens there, and something was written?")


class _OfTheKit(Exception):  # noqa: N818 - it is thrown into a driver, and is nobody's error
    """Thrown into a session."""


def _few(rig: Rig, most: int) -> None:
    now = rig.sessions_open()
    must(now <= most, f"The core has opened {most} sessions, and the device has {now} open.")
