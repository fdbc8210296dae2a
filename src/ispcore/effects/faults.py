"""What follows from a fault: who pays with an attempt, when it is tried again, when a person must look."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from attrs import frozen

from ispcore.driver import Conflict, DriverError, Retry, Unrecognised
from ispcore.effects.work import Fault, Trouble
from ispcore.values import SecretText

_LONGEST = 2_000


@frozen
class BackOff:
    """How long to wait after a number of failures; each wait is shortened at random by up to a half.

    So that many who failed together do not come back together.
    """

    first_seconds: float = 5
    longest_seconds: float = 3_600

    def after(self, failures: int, chance: float, *, asked: float | None = None) -> float:
        """Return the seconds to wait; *chance* is from 0 to 1, *asked* what the device asks for."""
        doubled = self.first_seconds * (1 << min(failures - 1, 30))
        wait = min(doubled, self.longest_seconds) * (1 - chance / 2)
        return max(wait, asked or 0)


@frozen
class Rules:
    """How patient the core is."""

    attempts: int = 8
    resource: BackOff = BackOff(5, 3_600)
    device: BackOff = BackOff(1, 300)


@frozen
class Verdict:
    """What becomes of a placement that failed: attempts so far, and a delay or a trouble."""

    attempts: int
    delay_seconds: float | None
    trouble: Trouble | None


def judge(retry: Retry, attempts: int, rules: Rules, chance: float, asked: float | None = None) -> Verdict:
    """Return what follows from one more failure that is the placement's own."""
    counted = attempts + 1
    if retry is not Retry.LATER or counted >= rules.attempts:
        return Verdict(counted, None, Trouble.DEAD)
    return Verdict(counted, rules.resource.after(counted, chance, asked=asked), None)


def judge_error(error: DriverError, attempts: int, rules: Rules, chance: float) -> Verdict:
    """Return what follows from *error*, which refused one placement."""
    verdict = judge(error.retry, attempts, rules, chance, error.after_seconds)
    if isinstance(error, Conflict):
        return Verdict(attempts, None, Trouble.CONFLICT)
    return verdict


def fault_of(error: Exception, clean: Callable[[str], str]) -> Fault:
    """Return *error* for people; *clean* takes secrets out."""
    details: dict[str, str] = {}
    if isinstance(error, Unrecognised) and error.raw:
        details["raw"] = clean(error.raw)[:_LONGEST]
    if isinstance(error, Conflict) and error.owner is not None:
        details["owner"] = clean(error.owner)
    text = clean(str(error))[:_LONGEST] or type(error).__name__
    return Fault(code=type(error).__name__, text=text, details=details)


def cleaner(secrets: Iterable[SecretText]) -> Callable[[str], str]:
    """Return what takes *secrets* out of a text; the longest first, as one may be within another."""
    known = sorted({text for one in secrets if (text := one.reveal())}, key=len, reverse=True)

    def clean(text: str) -> str:
        for one in known:
            text = text.replace(one, "********")
        return text

    return clean
