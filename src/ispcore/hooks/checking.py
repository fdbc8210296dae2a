"""Why a plugin is not loaded: every reason is looked at, the plugin itself in a process that may hang."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from attrs import frozen

from ispcore.errors import NotFoundError
from ispcore.hooks.entries import GROUP, Source, installed
from ispcore.hooks.loading import failed
from ispcore.hooks.selection import Selection
from ispcore.values import suggestion

LIMIT_SECONDS = 20.0
_START_SECONDS = 60.0
_FRAME = re.compile(r'^  File "(?P<file>.*)", line (?P<line>\d+) in (?P<what>.*)$', re.MULTILINE)


@frozen
class Checked:
    """What a check of a plugin found; without ``problems`` it is loaded."""

    name: str
    distribution: str
    version: str
    value: str
    problems: tuple[str, ...]
    hooks: tuple[str, ...] = ()
    drivers: tuple[str, ...] = ()


def check_plugin(
    name: str, selection: Selection | None = None, *, limit_seconds: float = LIMIT_SECONDS
) -> tuple[Checked, ...]:
    """Return what is wrong with the plugin, or distribution, called *name*; several may have the name.

    Raises:
        NotFoundError: no distribution brings it.
    """
    every = installed()
    found = [one for one in every if name in (one.name, one.distribution)]
    if not found:
        names = sorted({one.name for one in every})
        hint = suggestion(name, names) if names else "No plugin is installed in this environment."
        raise NotFoundError("installed plugin", name, hint=hint)
    wanted = selection or Selection.of(None, (), None, os.environ)
    return tuple(_checked(source, every, wanted, limit_seconds) for source in found)


def _checked(source: Source, every: Sequence[Source], selection: Selection, seconds: float) -> Checked:
    problems = list(_told_beforehand(source, every, selection))
    told: dict[str, Any] = {}
    if source.group == GROUP:
        told, trouble = _probe(source, seconds)
        problems += [*told.get("problems", ()), *trouble]
    return Checked(
        source.name,
        source.distribution,
        source.version,
        source.value,
        tuple(problems),
        tuple(told.get("hooks", ())),
        tuple(told.get("drivers", ())),
    )


def _told_beforehand(source: Source, every: Sequence[Source], selection: Selection) -> Iterator[str]:
    """Yield what can be known without importing it."""
    reason = selection.reason_against(source)
    if reason is not None:
        yield str(failed(source, f"it is disabled. {reason}"))
    if source.group != GROUP:
        yield str(failed(source, f"it is made for another API, {source.group!r}; this is {GROUP!r}"))
    for other in every:
        same = (other.name, other.group) == (source.name, source.group)
        if same and other.distribution != source.distribution:
            yield str(
                failed(source, f"{other.distribution} {other.version} brings a plugin of this name too")
            )


def _probe(source: Source, seconds: float) -> tuple[dict[str, Any], list[str]]:
    with TemporaryDirectory(prefix="ispcore-check-") as folder:
        result = Path(folder) / "result.json"
        command = [sys.executable, "-m", "ispcore.hooks.probe"]
        try:
            ended = subprocess.run(  # noqa: S603 - this very Python, and our own module
                [*command, source.name, source.distribution, str(seconds), str(result)],
                capture_output=True,
                stdin=subprocess.DEVNULL,
                timeout=seconds + _START_SECONDS,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                check=False,
            )
            told_by_stderr, code = ended.stderr.decode(errors="replace"), ended.returncode
        except subprocess.TimeoutExpired as late:
            told_by_stderr, code = (late.stderr or b"").decode(errors="replace"), -1
        told = json.loads(result.read_text("utf-8")) if result.exists() else {}
    return told, list(_trouble(source, told.get("stage", "the start"), code, told_by_stderr))


def _trouble(source: Source, stage: str, code: int, stderr: str) -> Iterator[str]:
    if stage == "done":
        return
    if "Timeout (" in stderr or code < 0:
        why = f"it hangs ({stage}){_place_of(stderr.rpartition('Timeout (')[2])}"
        yield str(failed(source, why))
    else:
        last = (stderr.strip().splitlines() or ["nothing was said"])[-1]
        yield str(failed(source, f"it ended the whole process with code {code} ({stage}): {last}"))


def _place_of(trace: str) -> str:
    """Return where it hangs, the innermost place that is not Python's own."""
    _, _, main_thread = trace.rpartition("Thread 0x")  # it is told last
    for frame in _FRAME.finditer(main_thread):
        if "<frozen" not in frame["file"] and f"{os.sep}importlib{os.sep}" not in frame["file"]:
            return f" in {frame['file']}, line {frame['line']}, {frame['what']}"
    return ""
