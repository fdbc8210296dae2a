"""Cases about a bad line: every exchange is broken in every way, and everything comes right again."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from attrs import frozen

from ispcore.driver import Unrecognised
from ispcore.testing.driver_kit.lab import Lab
from ispcore.testing.driver_kit.operation import KitOperation
from ispcore.testing.driver_kit.passes import Pass, must, told
from ispcore.testing.driver_kit.rig import Rig
from ispcore.testing.driver_kit.stories import LONGEST, Story, spread
from ispcore.testing.wire import WireFault

if TYPE_CHECKING:
    from collections.abc import Iterator


_LONG_SECONDS = 30.0


class BreakingCases:
    """A driver is at home on a bad line."""

    def test_cut_before_every_exchange_it_comes_right(self, rig: Rig) -> None:
        """The connection ends before the device hears the question."""
        _break_everywhere(rig, WireFault.CUT_BEFORE)

    def test_cut_after_every_exchange_it_comes_right(self, rig: Rig) -> None:
        """The connection ends when the device has acted, before the driver hears the answer."""
        _break_everywhere(rig, WireFault.CUT_AFTER)

    def test_torn_down_after_every_exchange_it_comes_right(self, rig: Rig) -> None:
        """As a cut, by a reset."""
        _break_everywhere(rig, WireFault.RESET)

    def test_a_write_is_never_sent_twice(self, rig: Rig) -> None:
        """An answer that is lost is no reason to write again; the core looks first."""
        with Lab(rig, wired=True) as lab:
            for at in _writing_exchanges(lab):
                must(
                    at.lost_writes <= at.writes,
                    f"The answer to exchange {at.number} was lost; {at.writes} writes had been asked for "
                    f"by then, and the device saw {at.lost_writes}.",
                )

    def test_a_write_without_an_answer_has_an_unknown_outcome(self, rig: Rig) -> None:
        """It is neither done nor undone: the error says that something may have been written."""
        with Lab(rig, wired=True) as lab:
            for at in _writing_exchanges(lab):
                what = f"The answer to the write of exchange {at.number} was lost"
                must(at.lost.errors and len(at.lost.done) <= at.done, f"{what}, and it is told as done.")
                must(
                    any(error.wrote for error in at.lost.errors),
                    f"{what}, and this says that nothing was written: {told(at.lost)}.",
                )

    def test_silence_is_never_taken_for_success(self, rig: Rig) -> None:
        """A device that acts and answers nothing has said nothing."""
        with Lab(rig, wired=True) as lab:
            for at in _writing_exchanges(lab):
                one = _broken(lab, WireFault.SILENCE, at.number)
                must(
                    one.errors and len(one.done) <= at.done,
                    f"The device did not answer the write of exchange {at.number}, and it is told as done.",
                )
                break

    def test_a_device_that_is_silent_is_given_up_in_time(self, rig: Rig) -> None:
        """While signing in, reading and writing: nobody sleeps past the deadline, or for ever."""
        with Lab(rig, wired=True) as lab:
            writing = next((at.number for at in _writing_exchanges(lab)), 1)
            for number in sorted({1, _first_exchange(lab), writing}):
                one = _broken(lab, WireFault.SILENCE, number)
                late = one.seconds - rig.patience_seconds
                must(
                    late <= rig.slack_seconds,
                    f"The device was silent from exchange {number} on; given up {late:.1f} seconds late.",
                )
                must(
                    one.error is not None, f"The device was silent from exchange {number} on; no error came."
                )

    def test_a_late_answer_is_not_taken_for_another(self, rig: Rig) -> None:
        """It comes when its operation is over; the next session begins afresh."""
        with Lab(rig, wired=True) as lab:
            for at in _writing_exchanges(lab):
                story = Story(lab)
                story.begin()
                end = story.go_on()
                lab.wire.late_seconds = rig.patience_seconds * 2
                lab.wire.play(WireFault.LATE, at=at.number)
                one = lab.once(KitOperation(rig.patience_seconds))
                lab.wire.calm()
                in_time = one.errors and len(one.done) <= at.done
                must(in_time, f"The answer to exchange {at.number} came too late, and was waited for.")
                story.must_end(end, f"When the answer to exchange {at.number} was late", one)
                break

    def test_an_answer_in_pieces_is_read_whole(self, rig: Rig) -> None:
        """Every answer comes a byte at a time, and everything is as it always is."""
        with Lab(rig, wired=True) as lab:
            story = Story(lab)
            story.begin()
            end = story.go_on()
            wire = lab.wire
            for number in range(1, LONGEST):
                wire.play(WireFault.DRIP, at=number)

            one = lab.once()

            wire.calm()
            must(not one.errors, f"The answers came in pieces, and this came of it: {told(one)}.")
            story.must_end(end, "When the answers came in pieces", one)

    def test_an_answer_that_makes_no_sense_is_unrecognised(self, rig: Rig) -> None:
        """It is never success, and what the device said is kept for people."""
        with Lab(rig, wired=True) as lab:
            understood = []
            for at in _writing_exchanges(lab):
                one = _broken(lab, WireFault.GARBAGE, at.number)
                must(one.errors, f"Exchange {at.number} was answered with nonsense, and it is told as done.")
                understood += [error for error in one.errors if isinstance(error, Unrecognised)]
            must(understood, "Nonsense is not told as Unrecognised.")
            must(any(error.raw for error in understood), "Unrecognised does not keep what the device said.")

    def test_nonsense_at_every_exchange_comes_right(self, rig: Rig) -> None:
        """Whatever is answered, only a DriverError comes out, and the next session mends it."""
        _break_everywhere(rig, WireFault.GARBAGE)

    def test_a_notice_in_an_answer_is_not_part_of_it(self, rig: Rig) -> None:
        """Devices print alarms when they please; none may be read as a line of the answer."""
        with Lab(rig, wired=True) as lab:
            if lab.wire.alarm is None:
                pytest.skip("the device prints no notices")
        _break_everywhere(rig, WireFault.ALARM)


@frozen
class _Writing:
    """An exchange that carries a write.

    ``done`` is how many results had come before it, ``writes`` how many writes the device has seen with it;
    ``lost`` is what comes of it when its answer is lost, and ``lost_writes`` the writes that are seen then.
    """

    number: int
    done: int
    writes: int
    lost_writes: int
    lost: Pass


def _break_everywhere(rig: Rig, fault: WireFault) -> None:
    """Let *fault* happen to one exchange of the story after the other; each time it must come right."""
    with Lab(rig, wired=True) as lab:
        wire = lab.wire
        for turn, number in enumerate(spread(_longest_story(lab), rig.breaks)):
            story = Story(lab, turn)
            story.begin()
            end = story.go_on()
            wire.play(fault, at=number)
            one = lab.once(KitOperation(_seconds(lab, fault)))
            wire.calm()
            if fault is WireFault.ALARM:
                must(not one.errors, f"A notice was printed into exchange {number}, and read: {told(one)}.")
            story.must_end(end, f"When exchange {number} was broken ({fault.value})", one)
        lab.clear()


def _longest_story(lab: Lab) -> int:
    """Return how many exchanges a story has, whichever kinds have its parts."""
    longest = 0
    for turn in range(min(len(lab.rig.spec.kinds), 4)):
        story = Story(lab, turn)
        story.begin()
        story.go_on()
        before = lab.wire.exchanges
        lab.once()
        lab.quiet()
        longest = max(longest, lab.wire.exchanges - before)
    return longest


def _seconds(lab: Lab, fault: WireFault) -> float:
    """Return how long a driver may take: what it waits for in vain is not worth a case's time."""
    waits = fault in (WireFault.GARBAGE, WireFault.SILENCE)
    return lab.rig.patience_seconds if waits else _LONG_SECONDS


def _broken(lab: Lab, fault: WireFault, number: int) -> Pass:
    """Return what comes of *fault* in the *number*-th exchange of the story."""
    wire = lab.wire
    story = Story(lab)
    story.begin()
    story.go_on()
    wire.play(fault, at=number)
    one = lab.once(KitOperation(_seconds(lab, fault)))
    lab.wire.calm()
    return one


def _first_exchange(lab: Lab) -> int:
    """Return the first exchange after signing in."""
    _ = lab.wire
    lab.quiet()
    before = lab.wire.exchanges
    with lab.session():
        return lab.wire.exchanges - before + 1


def _writing_exchanges(lab: Lab) -> Iterator[_Writing]:
    """Find the exchanges that carry writes, by the device's count; cut each when the device has acted."""
    wire, rig = lab.wire, lab.rig
    story = Story(lab)
    story.begin()
    story.go_on()
    seen: list[tuple[int, int]] = []
    yielded: list[None] = []
    lab.at_yield = lambda: yielded.append(None)
    wire.at_exchange = lambda: seen.append((rig.writes(), len(yielded)))
    lab.once()
    wire.at_exchange()
    wire.at_exchange = lab.at_yield = lambda: None
    for number, ((before, done), (after, _)) in enumerate(pairwise(seen), start=1):
        if after > before:
            story.begin()
            story.go_on()
            start = rig.writes()
            wire.play(WireFault.CUT_AFTER, at=number)
            lost = lab.once()
            wire.calm()
            yield _Writing(number, done, after - seen[0][0], rig.writes() - start, lost)
    lab.clear()
