"""What an OLT says instead of doing or telling something, in all the words that are known of it.

Only the beginning of a line counts: customers are called "Failure: Ltd" as well.
"""

from __future__ import annotations

import re
from enum import Enum

from attrs import frozen

from ispcore.driver import (
    AuthFailed,
    Busy,
    CapacityExhausted,
    Conflict,
    DriverError,
    Invalid,
    Unrecognised,
    Unsupported,
)
from ispcore_olt_huawei.parsing.lines import lines_of

_BEGINS = re.compile(
    r"\s*(?:Failure:|% |%%|The required ONT does not exist|Username or password invalid|Reenter times)"
)


class Meaning(Enum):
    """What a refusal comes to."""

    ABSENT = "absent"
    """There is no such ONT."""
    EMPTY = "empty"
    """There is nothing to list."""
    OFFLINE = "offline"
    """The ONT is there, and does not run."""
    ALREADY = "already"
    """It is so already."""
    TAKEN = "taken"
    """A serial number, an id or an index belongs to somebody else."""
    MISSING = "missing"
    """Something that the command names does not exist."""
    FULL = "full"
    METHOD = "method"
    """ONTs are not configured by OMCI."""
    UNKNOWN_COMMAND = "unknown command"
    WRONG_COMMAND = "wrong command"
    INCOMPLETE = "incomplete"
    BUSY = "busy"
    LOGIN = "login"
    STRANGE = "strange"
    """Nobody has told yet what this means."""


_WORDS = (
    (r"system is busy", Meaning.BUSY),
    (r"password invalid", Meaning.LOGIN),
    (r"reenter times", Meaning.BUSY),
    (r"unknown command", Meaning.UNKNOWN_COMMAND),
    (r"incomplete command|not complete", Meaning.INCOMPLETE),
    (r"parameter error|too many parameters|ambiguous command", Meaning.WRONG_COMMAND),
    (r"configuration method", Meaning.METHOD),
    (r"configuration repeatedly", Meaning.ALREADY),
    (r"(?:found|find) onts? do(?:es)? not exist|there is no ont|virtual port does not exist", Meaning.EMPTY),
    (r"not online|is offline", Meaning.OFFLINE),
    (r"\bont does not exist", Meaning.ABSENT),
    (r"upper limit|no (?:free|idle)|resources? (?:is|are) (?:insufficient|not enough)", Meaning.FULL),
    (r"\bsn\b.*(?:exist|conflict)|conflict", Meaning.TAKEN),
    (r"has already existed|has existed already|exists already|already exists?", Meaning.TAKEN),
    (r"has some service virtual", Meaning.TAKEN),
    (r"being used|is used", Meaning.TAKEN),
    (r"do(?:es)? not exist|is not created|invalid|out of range", Meaning.MISSING),
)


@frozen
class Refused:
    """A refusal, in the words of the OLT without line breaks."""

    meaning: Meaning
    text: str


def refusal(answer: str) -> Refused | None:
    """Return what *answer* refuses; None where no line begins as a refusal does."""
    lines = lines_of(answer)
    first = next((at for at, line in enumerate(lines) if _BEGINS.match(line)), None)
    if first is None:
        return None
    words = [lines[first].strip()]
    for line in lines[first + 1 :]:
        if not line.strip() or _BEGINS.match(line) or not line.startswith(" "):
            break
        words.append(line.strip())
    text = " ".join(words).removeprefix("Failure:").strip()
    meaning = next((one for look, one in _WORDS if re.search(look, text.lower())), Meaning.STRANGE)
    return Refused(meaning, text)


def error_of(refused: Refused, shown: str) -> DriverError:
    """Return the error that a refusal is; *shown* is the answer without secrets, and so is its text."""
    says = f"The OLT says: {refused.text.rstrip('.')}."
    match refused.meaning:
        case Meaning.BUSY:
            return Busy(says)
        case Meaning.LOGIN:
            return AuthFailed(says)
        case Meaning.TAKEN:
            return Conflict(says)
        case Meaning.FULL:
            return CapacityExhausted(says)
        case Meaning.METHOD:
            return Unsupported(says, hint="Give once on the OLT: gpon ont home-gateway config-method omci")
        case Meaning.UNKNOWN_COMMAND:
            return Unsupported(says, hint="The firmware has no such command.")
        case Meaning.STRANGE | Meaning.INCOMPLETE:
            return Unrecognised(says, raw=shown)
        case _:
            return Invalid(says)
