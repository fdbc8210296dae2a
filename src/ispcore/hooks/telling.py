"""Telling what a plugin raised, with the place where it did."""

from __future__ import annotations

import traceback


def told(error: BaseException) -> str:
    """Return an error with the place where it happened, in one line."""
    text = str(error)
    frames = traceback.extract_tb(error.__traceback__)
    if isinstance(error, SyntaxError) or not frames:
        return f"{type(error).__name__}: {text}"
    return f"{type(error).__name__}: {text} ({frames[-1].filename}, line {frames[-1].lineno})"
