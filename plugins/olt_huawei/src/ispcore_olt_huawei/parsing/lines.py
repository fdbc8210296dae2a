"""Lines of an answer, and what stands in them as ``label : value``.

A transport has carried out what a terminal would; recorded answers may still have its traces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ispcore.driver import Unrecognised

RULE = re.compile(r"\s*-{10,}\s*")
_PAGER = re.compile(r"---- More \( Press 'Q' to break \) ----(?:\x1b\[\d+D *\x1b\[\d+D)?")
_ESCAPE = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_PAIR = re.compile(r"(?P<label>\s*[A-Za-z][^:]*?)\s*:(?P<value>.*)")


def lines_of(text: str) -> list[str]:
    """Return the lines of an answer without pagers, moves of the cursor and blanks at their ends."""
    plain = _ESCAPE.sub("", _PAGER.sub("", text)).replace("\r", "")
    return [line.rstrip() for line in plain.split("\n")]


def blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    """Yield what stands between the lines that are rules."""
    block: list[str] = []
    for line in lines:
        if RULE.fullmatch(line):
            yield block
            block = []
        else:
            block.append(line)
    yield block


def pairs(lines: Sequence[str]) -> dict[str, str]:
    """Return values by label; a value that was wrapped is joined without a blank, as the OLT broke it."""
    told: dict[str, str] = {}
    label, column = "", 0
    for line in lines:
        found = _PAIR.fullmatch(line)
        wrapped = label and column and line.strip() and not line[: column + 1].strip()
        if wrapped:
            told[label] += line.strip()
        elif found is not None:
            label, column = found["label"].strip(), line.index(":")
            told[label] = found["value"].strip()
        else:
            label = ""
    return told


def told_or_none(value: str | None) -> str | None:
    """Return a value, or None for what an OLT prints where there is none."""
    return None if value in (None, "", "-") else value


def strange(what: str, text: str) -> Unrecognised:
    """Return the error for an answer that is not as *what* should be."""
    return Unrecognised(f"{what} is not told as usual.", raw=text, wrote=False)
