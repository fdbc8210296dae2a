"""The part of the facade that is about secrets at rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from ispcore import usecases as u

if TYPE_CHECKING:
    from ispcore.timeline import Actor


@frozen
class SecretDesk:
    """What is done about secrets; :attr:`Provider.secrets <ispcore.app.Provider.secrets>`."""

    _desk: u.Desk

    def locks(self, *, actor: Actor) -> u.SecretLocks:
        """Return which keys have locked how many secrets, or raise StorageError when there is no key."""
        return u.secret_locks(self._desk, actor=actor)

    def rotate(self, *, actor: Actor) -> int:
        """Lock every secret with the newest key, and return how many had an older lock.

        Raises:
            StorageError: a key is missing, or a secret is damaged; what was done stays done.
        """
        return u.rotate_secrets(self._desk, actor=actor)
