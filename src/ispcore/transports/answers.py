"""What a screen shows after a command, without what is no answer: echo, alarms, questions, repetitions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ispcore.transports.dialect import Alarm, Dialect, Place

_ASKED = "\x00"
_REPLY = re.compile(r"\s*(?:y|yes|n|no|\^C)?(?=\s|\Z)", re.IGNORECASE)
_LONGEST_ALARM = 40


@frozen
class Answer:
    """What a device answered to a command, and where it stands now.

    ``text`` is exact, for a parser, and is kept out of sight: it may repeat a secret. ``shown`` is the same
    for people, and for an error's ``raw``: with stars for secrets. ``error`` is the first line that begins as
    an error does, with stars as well; None where there is none, which says nothing about success.
    """

    text: str = field(repr=False)
    host: str
    place: Place
    shown: str = ""
    error: str | None = None
    declined: tuple[str, ...] = ()
    """Questions that the command does not allow to agree to; the device was told no."""

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines of ``text``."""
        return tuple(self.text.split("\n")) if self.text else ()


def after_echo(text: str, command: str) -> int | None:
    """Return where the echo of *command* ends in *text*, however it is wrapped; None where there is none."""
    begun = text.lstrip()
    if begun.startswith(command):
        return len(text) - len(begun) + len(command)
    letters = re.sub(r"\s", "", command)
    places = [at for at, letter in enumerate(text) if not letter.isspace()]
    found = "".join(text[at] for at in places).find(letters)
    if found < 0:
        return None
    return places[found + len(letters) - 1] + 1


def text_of(
    lines: Sequence[str], asked: Mapping[int, str], command: str, *, host: str, dialect: Dialect
) -> str:
    """Return the answer that stands in *lines*; *asked* are questions, by the number of their line."""
    marked = [
        line
        for number, whole in enumerate(lines)
        for line in (_marked(whole, asked[number]) if number in asked else [whole])
    ]
    text = "\n".join(without_alarms(marked, dialect, host))
    text = text[after_echo(text, command) or 0 :]
    if dialect.repeat:
        words = re.escape(re.sub(r"\s", "", dialect.repeat)) + "".join(
            rf"\s*{re.escape(letter)}" for letter in command if not letter.isspace()
        )
        text = re.sub(rf"{_ASKED}\s*{words}", "", text)
    kept = [line.rstrip() for line in text.replace(f"{_ASKED}\n", "").replace(_ASKED, "").split("\n")]
    return "\n".join(kept).strip("\n")


def _marked(line: str, question: str) -> list[str]:
    """Return a mark for the question, and what stands behind it besides what was replied."""
    rest = _REPLY.sub("", line.removeprefix(question), count=1)
    return [_ASKED, rest] if rest.strip() else [_ASKED]


def without_alarms(lines: Sequence[str], dialect: Dialect, host: str) -> Iterator[str]:
    """Yield *lines* without alarms, and without the prompt that some devices show again after one.

    Of an alarm whose end is not near, only the first line goes: the rest could be the answer.
    """
    at, after_alarm = 0, False
    while at < len(lines):
        alarm = next((one for one in dialect.alarms if re.match(one.first, lines[at])), None)
        if alarm is None:
            yield _without_prompt(lines[at], dialect, host) if after_alarm else lines[at]
            after_alarm = False
        else:
            at = _last_line(lines, at, alarm)
            after_alarm = True
        at += 1


def ends_with_alarm(lines: Sequence[str], dialect: Dialect) -> bool:
    """Tell whether the last of *lines* that is not empty ends an alarm."""
    last = next((line for line in reversed(lines) if line.strip()), "")
    return any(re.match(alarm.last or alarm.first, last) for alarm in dialect.alarms)


def _without_prompt(line: str, dialect: Dialect, host: str) -> str:
    for mode in dialect.modes:
        prompt = re.match(rf"{re.escape(host)}(?:{mode.prompt})", line)
        if prompt is not None:
            return line[prompt.end() :]
    return line


def _last_line(lines: Sequence[str], first: int, alarm: Alarm) -> int:
    near = range(first + 1, min(first + _LONGEST_ALARM, len(lines))) if alarm.last else ()
    return next((at for at in near if re.match(alarm.last, lines[at])), first)


def first_line(text: str, beginnings: Sequence[str]) -> str | None:
    """Return the first line of *text* that begins like one of *beginnings*, without blanks around it."""
    for line in text.split("\n"):
        if any(re.match(beginning, line) for beginning in beginnings):
            return line.strip()
    return None
