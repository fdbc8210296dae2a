"""Cases about ending: cancelled, or out of time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ispcore.driver import Cancelled, DriverError
from ispcore.testing.driver_kit.lab import Lab
from ispcore.testing.driver_kit.operation import KitOperation, stopped_at
from ispcore.testing.driver_kit.passes import must, told
from ispcore.testing.driver_kit.stories import LONGEST, Story

if TYPE_CHECKING:
    from ispcore.testing.driver_kit.rig import Rig

_LONG_SECONDS = 30.0


class StoppingCases:
    """A driver ends when it is told to."""

    def test_an_operation_that_is_cancelled_writes_nothing(self, rig: Rig) -> None:
        """``checkpoint`` is asked before the first write, and what it raises comes out."""
        with Lab(rig) as lab:
            story = Story(lab)
            story.begin()
            story.go_on()
            before = rig.writes()
            op = KitOperation(_LONG_SECONDS, stopped_at(1))

            one = lab.once(op)

            must(op.checkpoints, "apply asks no checkpoint, so nothing can stop it.")
            must(rig.writes() == before, "The operation was cancelled, and something was written.")
            must(isinstance(one.error, Cancelled), f"Cancelled was raised, and this came out: {told(one)}.")
            lab.clear()

    def test_nothing_is_written_after_a_checkpoint_that_stops(self, rig: Rig) -> None:
        """At whichever checkpoint it is."""
        with Lab(rig) as lab:
            for number in range(1, LONGEST):
                story = Story(lab, number)
                story.begin()
                story.go_on()
                stopped = _Stopped(rig, number)
                one = lab.once(KitOperation(_LONG_SECONDS, stopped))
                if stopped.writes is None:
                    break
                must(
                    rig.writes() == stopped.writes,
                    f"Checkpoint {number} has stopped the operation, and it wrote on.",
                )
                must(
                    one.error is not None,
                    f"Checkpoint {number} has stopped the operation, and no error came.",
                )
            lab.clear()

    def test_stopped_at_every_checkpoint_it_comes_right(self, rig: Rig) -> None:
        """Half-done work is gone on with."""
        with Lab(rig) as lab:
            for number in range(1, LONGEST):
                story = Story(lab, number)
                story.begin()
                end = story.go_on()
                stopped = _Stopped(rig, number)
                one = lab.once(KitOperation(_LONG_SECONDS, stopped))
                story.must_end(end, f"Stopped at checkpoint {number}", one)
                if stopped.writes is None:
                    break
            lab.clear()

    def test_no_time_means_no_write(self, rig: Rig) -> None:
        """An operation whose time is up before it begins ends at once."""
        with Lab(rig) as lab:
            story = Story(lab)
            story.begin()
            story.go_on()
            with lab.session() as session:
                changes = lab.changes(session, lab.operation())
                before, began = rig.writes(), time.monotonic()
                raised = False
                try:
                    results = list(session.apply(changes, KitOperation(0.0)))
                except DriverError:
                    raised = True
                    results = []
            took = time.monotonic() - began

            must(rig.writes() == before, "The time was up, and something was written.")
            must(raised or all(isinstance(it.value, DriverError) for it in results), "It is told as done.")
            must(took < rig.slack_seconds, f"The time was up, and it took {took:.1f} seconds to notice.")
            lab.clear()


class _Stopped:
    """Stops at one checkpoint, and remembers how much was written by then."""

    def __init__(self, rig: Rig, number: int) -> None:
        self.writes: int | None = None
        self._rig = rig
        self._stop = stopped_at(number)

    def __call__(self, now: int) -> None:
        try:
            self._stop(now)
        except Cancelled:
            if self.writes is None:
                self.writes = self._rig.writes()
            raise
