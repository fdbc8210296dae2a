"""The hash that MS-CHAP is built on (RFC 1320), which OpenSSL 3 no longer offers.

It protects nothing by itself; whoever reads it can sign in.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Sequence

_MASK = 0xFFFFFFFF
_START = (0x67452301, 0xEFCDAB89, 0x98BADCFE, 0x10325476)
_BLOCK = 64
_LENGTH_AT = 56

_Mix = Callable[[int, int, int], int]

# Each round: how three words mix, its constant, in which order it takes the words, by how much it turns them.
_ROUNDS: Sequence[tuple[_Mix, int, Sequence[int], Sequence[int]]] = (
    (lambda x, y, z: (x & y) | (~x & z), 0, range(16), (3, 7, 11, 19)),
    (
        lambda x, y, z: (x & y) | (x & z) | (y & z),
        0x5A827999,
        [row + 4 * column for row in range(4) for column in range(4)],
        (3, 5, 9, 13),
    ),
    (
        lambda x, y, z: x ^ y ^ z,
        0x6ED9EBA1,
        (0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15),
        (3, 9, 11, 15),
    ),
)


def md4(message: bytes) -> bytes:
    """Return the 16 bytes of the MD4 of *message*."""
    padding = b"\x80" + b"\0" * ((_LENGTH_AT - len(message) - 1) % _BLOCK)
    padded = message + padding + struct.pack("<Q", len(message) * 8)
    state: tuple[int, ...] = _START
    for at in range(0, len(padded), _BLOCK):
        state = _with_block(state, struct.unpack("<16I", padded[at : at + _BLOCK]))
    return struct.pack("<4I", *state)


def _with_block(state: tuple[int, ...], words: Sequence[int]) -> tuple[int, ...]:
    a, b, c, d = state
    for mix, constant, order, turns in _ROUNDS:
        for step, index in enumerate(order):
            summed = (a + mix(b, c, d) + words[index] + constant) & _MASK
            turn = turns[step % 4]
            a, b, c, d = d, ((summed << turn) | (summed >> (32 - turn))) & _MASK, b, c
    return tuple((old + new) & _MASK for old, new in zip(state, (a, b, c, d), strict=True))
