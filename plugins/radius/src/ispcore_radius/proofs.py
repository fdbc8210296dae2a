"""How somebody who signs in proves to know the password: PAP, CHAP (RFC 2865) or MS-CHAP v2 (RFC 2759).

None of them protects a password from whoever knows the secret, or listens long enough.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher, modes

from ispcore_radius.md4 import md4
from ispcore_radius.packets import Packet

_NUMBER = 1
"""Of the question, which its answer repeats; there is one at a time."""
_CHALLENGE_BYTES = 16
_KEY_BITS = 56
_SEVEN = 7
_HASH_BYTES = 21


def prove(packet: Packet, password: str, by: str) -> None:
    """Put into the question *packet*, which has a user, what proves *password* by one of :data:`WAYS`."""
    WAYS[by](packet, password)


def _pap(packet: Packet, password: str) -> None:
    packet["User-Password"] = packet.PwCrypt(password)


def _chap(packet: Packet, password: str) -> None:
    number, challenge = bytes([_NUMBER]), os.urandom(_CHALLENGE_BYTES)
    digest = hashlib.md5(number + password.encode() + challenge, usedforsecurity=False).digest()
    packet["CHAP-Challenge"] = challenge
    packet["CHAP-Password"] = number + digest


def _mschap(packet: Packet, password: str) -> None:
    ours, theirs = os.urandom(_CHALLENGE_BYTES), os.urandom(_CHALLENGE_BYTES)
    answer = mschap_answer(packet["User-Name"][0], password, ours=ours, theirs=theirs)
    packet["MS-CHAP-Challenge"] = ours
    packet["MS-CHAP2-Response"] = bytes([_NUMBER, 0]) + theirs + bytes(8) + answer


WAYS: Mapping[str, Callable[[Packet, str], None]] = {"pap": _pap, "chap": _chap, "mschap": _mschap}
"""The ways to prove a password, by name."""


def mschap_answer(username: str, password: str, *, ours: bytes, theirs: bytes) -> bytes:
    """Return the 24 bytes that MS-CHAP v2 answers to the challenges of both sides."""
    challenge = hashlib.sha1(theirs + ours + username.encode(), usedforsecurity=False).digest()[:8]
    key = md4(password.encode("utf-16-le")).ljust(_HASH_BYTES, b"\0")
    return b"".join(_des(key[at : at + _SEVEN], challenge) for at in range(0, _HASH_BYTES, _SEVEN))


def _des(key: bytes, block: bytes) -> bytes:
    """Encrypt one block with seven bytes of key, of which DES wants each seven bits in a byte."""
    bits = int.from_bytes(key)
    spread = bytes((bits >> shift & 0x7F) << 1 for shift in range(_KEY_BITS - _SEVEN, -1, -_SEVEN))
    # Three times the same key is DES itself, which no library offers alone any more.
    encryptor = Cipher(TripleDES(spread * 3), modes.ECB()).encryptor()  # noqa: S305 - as the protocol has it
    return encryptor.update(block)
