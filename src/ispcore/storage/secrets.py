"""Secrets at rest: locked, named, and never changed; everything else holds the name.

A name is locked in together with its secret, so that rows cannot be exchanged for each other.
"""

from __future__ import annotations

import json
import uuid
from functools import cached_property
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ispcore.driver import SecretRef
from ispcore.errors import NotFoundError, StorageError
from ispcore.storage.instants import among_texts
from ispcore.storage.secret_keys import Keyring
from ispcore.storage.tables import secrets
from ispcore.values import SecretText

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ispcore.storage.secret_keys import KeySource


_BY_NAME = sa.select(secrets.c.ref, secrets.c.key_id, secrets.c.ciphertext)


class SecretStore:
    """The secrets in the database, in one transaction."""

    def __init__(self, connection: sa.Connection, source: KeySource | None) -> None:
        """Work in the transaction of *connection*, with the keys of *source*."""
        self._connection = connection
        self._source = source

    @cached_property
    def _keys(self) -> Keyring:
        if self._source is None:
            raise StorageError(
                "This provider was opened without keys, so it keeps no secrets and opens none.",
                hint="Give it secret_keys: keys_from_environment, keys_from_file(path), or your own.",
            )
        return Keyring(self._source())

    def keep(self, secret: SecretText) -> SecretRef:
        """Keep *secret* and return its name."""
        ref = SecretRef(uuid.uuid4().hex)
        self._connection.execute(sa.insert(secrets), {"ref": ref.name, **self._locked(ref.name, secret)})
        return ref

    def resolve(self, ref: SecretRef) -> SecretText:
        """Return the secret of this name.

        Raises:
            NotFoundError: it is not kept, or not any more.
            StorageError: its key is missing, or it is damaged.
        """
        return self.resolve_all([ref])[ref]

    def resolve_all(self, refs: Iterable[SecretRef]) -> Mapping[SecretRef, SecretText]:
        """Return the secrets of many names, read at once; raises as :meth:`resolve` does."""
        wanted = {ref.name for ref in refs}
        named = among_texts(self._connection, secrets.c.ref, sorted(wanted))
        rows = self._connection.execute(_BY_NAME.where(named)).all() if wanted else ()
        found = {SecretRef(row.ref): self._opened(row) for row in rows}
        missing = sorted(wanted - {ref.name for ref in found})
        if missing:
            raise NotFoundError("secret", missing[0], hint="Give the component a new one.")
        return found

    def rotate(self, most: int) -> int:
        """Lock up to *most* secrets of older keys with the newest one, and return how many that were."""
        older = _BY_NAME.where(secrets.c.key_id != self._keys.newest).order_by(secrets.c.ref).limit(most)
        rows = self._connection.execute(older).all()
        changed = [{"old_ref": row.ref, **self._locked(row.ref, self._opened(row))} for row in rows]
        if changed:
            self._connection.execute(_RELOCKED, changed)
        return len(changed)

    def by_key(self) -> Mapping[str, int]:
        """Return how many secrets each key has locked."""
        counted = sa.select(secrets.c.key_id, sa.func.count().label("many")).group_by(secrets.c.key_id)
        return {row.key_id: row.many for row in self._connection.execute(counted)}

    @property
    def newest_key(self) -> str:
        """The name of the key that locks."""
        return self._keys.newest

    def _locked(self, ref: str, secret: SecretText) -> dict[str, object]:
        locked = self._keys.lock(json.dumps([ref, secret.reveal()]))
        return {"key_id": self._keys.newest, "ciphertext": locked}

    def _opened(self, row: sa.Row[*tuple[Any, ...]]) -> SecretText:
        ref, text = json.loads(self._keys.open(row.key_id, row.ciphertext))
        if ref != row.ref:
            raise StorageError(
                f"The secret {row.ref} holds what was kept as {ref}.", hint="Restore a backup."
            )
        return SecretText(text)


_RELOCKED = (
    sa.update(secrets)
    .where(secrets.c.ref == sa.bindparam("old_ref"))
    .values(key_id=sa.bindparam("key_id"), ciphertext=sa.bindparam("ciphertext"))
)
