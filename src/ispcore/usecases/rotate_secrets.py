"""Give every secret a newer lock; what it stands for stays, so no device hears of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Callable

    from ispcore.timeline import Actor
    from ispcore.usecases.desk import Desk

_SLICE = 1_000


@frozen
class SecretLocks:
    """How many secrets each key has locked, and which key locks new ones."""

    newest: str
    by_key: Mapping[str, int]

    @property
    def older(self) -> int:
        """How many secrets an older key has locked."""
        return sum(many for key, many in self.by_key.items() if key != self.newest)


def secret_locks(desk: Desk, *, actor: Actor) -> SecretLocks:
    """Return which keys lock how many secrets.

    Raises:
        StorageError: there is no key.
    """
    actor.require("secret.rotate")
    with desk.database.reading() as work:
        return SecretLocks(work.secrets.newest_key, work.secrets.by_key())


def rotate_secrets(desk: Desk, *, actor: Actor, watch: Callable[[int], object] | None = None) -> int:
    """Lock every secret with the newest key, and return how many had an older lock.

    Each slice is a transaction of its own; run again, it goes on. *watch* sees how many each slice had.

    Raises:
        StorageError: a key is missing, or a secret is damaged; what was done stays done.
    """
    actor.require("secret.rotate")
    done = 0
    while True:
        with desk.database.writing() as work:
            some = work.secrets.rotate(_SLICE)
        done += some
        if watch is not None and some:
            watch(some)
        if some < _SLICE:
            return done
