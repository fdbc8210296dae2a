"""How patient ispcore is with whoever it tells something outside of a transaction, an observer or a bank."""

from __future__ import annotations

from datetime import timedelta

ATTEMPTS = 10
"""After so many failures it is tried by hand only."""
TAKEN_FOR = timedelta(minutes=10)
"""How long it is left to whoever took it; one who takes longer may find it done twice."""
_FIRST_PAUSE, _LONGEST_PAUSE = timedelta(seconds=10), timedelta(hours=6)


def pause_after(attempt: int) -> timedelta:
    """Return how long to wait after an *attempt* that failed: 10 seconds, then each time thrice that."""
    return min(_FIRST_PAUSE * int(3 ** (attempt - 1)), _LONGEST_PAUSE)
