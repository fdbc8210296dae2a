"""Keys that lock secrets at rest: where they come from, and what each is called.

A source gives keys, the newest first: that one locks, all of them open. Losing every key loses the secrets,
and nothing else.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from ispcore.errors import StorageError

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

KeySource: TypeAlias = Callable[[], Sequence[str]]
"""Called when a secret is to be locked or opened, once a transaction."""

KEYS_VARIABLE = "ISPCORE_SECRET_KEYS"
FILE_VARIABLE = "ISPCORE_SECRET_KEYS_FILE"
_MAKE_ONE = "Make one with 'ispcore secrets new-key'."


def keys_from_environment() -> tuple[str, ...]:
    """Return the keys that the environment gives: listed in one variable, or in a file that another names.

    Raises:
        StorageError: neither variable is set, or the file cannot be read.
    """
    listed, file = os.environ.get(KEYS_VARIABLE), os.environ.get(FILE_VARIABLE)
    if listed:
        return _split(listed)
    if file:
        return tuple(keys_from_file(file)())
    raise StorageError(
        "There is no key for secrets.", hint=f"Set {KEYS_VARIABLE} or {FILE_VARIABLE}. {_MAKE_ONE}"
    )


def keys_from_file(path: str | Path) -> KeySource:
    """Return the source that reads the file at *path*: a key a line, the newest first, ``#`` for remarks."""

    def read() -> tuple[str, ...]:
        try:
            lines = Path(path).read_text("utf-8").splitlines()
        except (OSError, ValueError) as error:
            raise StorageError(
                f"The keys for secrets cannot be read from {str(path)!r}: {error}.", hint=_MAKE_ONE
            ) from error
        return _split(" ".join(line.partition("#")[0] for line in lines))

    return read


def new_key() -> str:
    """Return a new key, as text for the environment or a file."""
    return _fernet().generate_key().decode()


class Keyring:
    """The keys of a source, ready to lock and to open."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Take the *keys*, the newest first.

        Raises:
            StorageError: there is none, or one is no key.
        """
        if not keys:
            raise StorageError("There is no key for secrets.", hint=_MAKE_ONE)
        self._locks = {key_id(key): _lock(key) for key in keys}
        self.newest = key_id(keys[0])

    def lock(self, text: str) -> bytes:
        """Return *text* locked by the newest key."""
        return self._locks[self.newest].encrypt(text.encode())

    def open(self, name: str, locked: bytes) -> str:
        """Return the text that the key of this *name* has *locked*.

        Raises:
            StorageError: the key is missing, or something else was written there.
        """
        from cryptography.fernet import InvalidToken  # noqa: PLC0415 - an optional dependency

        if name not in self._locks:
            known = ", ".join(self._locks)
            raise StorageError(
                f"The key {name} that a secret was locked with is missing; there is {known}.",
                hint="Give it again, after the newest one, until 'ispcore secrets rotate' is done.",
            )
        try:
            return self._locks[name].decrypt(locked).decode()
        except InvalidToken as error:
            raise StorageError(f"A secret locked with the key {name} is damaged.") from error


def key_id(key: str) -> str:
    """Return the name that tells keys apart and gives nothing of them away."""
    return hashlib.sha256(b"ispcore secret key " + key.encode()).hexdigest()[:12]


def _lock(key: str) -> Fernet:
    try:
        return _fernet()(key)
    except ValueError as error:
        raise StorageError("A key for secrets is none.", hint=_MAKE_ONE) from error


def _fernet() -> type[Fernet]:
    try:
        from cryptography.fernet import Fernet  # noqa: PLC0415 - an optional dependency
    except ImportError as error:
        raise StorageError(
            f"Secrets need the package cryptography: {error}.",
            hint="Install it with: pip install 'ispcore[secrets]'",
        ) from error
    return Fernet


def _split(text: str) -> tuple[str, ...]:
    return tuple(text.replace(",", " ").split())
