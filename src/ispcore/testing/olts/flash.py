"""A simulated OLT's flash in a file: what was saved, and what hangs on its fibres."""

from __future__ import annotations

from ast import literal_eval
from pathlib import Path
from pprint import pformat
from typing import Any

from ispcore.errors import DocumentError
from ispcore.storage.converters import from_plain, to_plain
from ispcore.testing.olts.fibre import Onu
from ispcore.testing.olts.olt import Olt

_WIDTH = 110


def keep(olt: Olt[Any], file: Path) -> None:
    """Write what a reboot would leave, whole or not at all; passwords of connections are in it."""
    with olt.lock:
        plain = {"about": _about(olt), "saved": to_plain(olt.saved), "fibre": to_plain(olt.fibre)}
    half = file.with_name(f".{file.name}.half")
    half.touch(mode=0o600)
    half.write_text(pformat(plain, width=_WIDTH, sort_dicts=False) + "\n", "utf-8")
    half.replace(file)


def bring_back(olt: Olt[Any], file: Path) -> None:
    """Start *olt* with what :func:`keep` wrote to the file.

    Raises:
        DocumentError: the file holds something else, or the configuration of another make.
    """
    try:
        plain = literal_eval(file.read_text("utf-8"))
        about, saved, fibre = plain["about"], plain["saved"], plain["fibre"]
    except (OSError, ValueError, SyntaxError, KeyError, TypeError) as error:
        raise DocumentError(
            str(file), ["It holds no state of a simulated OLT; name another file."]
        ) from error
    if about != _about(olt):
        raise DocumentError(str(file), [f"It holds the state of a {about}, and this is a {_about(olt)}."])
    with olt.lock:
        olt.saved = from_plain(saved, type(olt.config))
        olt.fibre = from_plain(fibre, dict[str, Onu])
        olt.reboot()


def _about(olt: Olt[Any]) -> str:
    return type(olt).__name__
