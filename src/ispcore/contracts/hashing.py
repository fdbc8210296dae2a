"""By what a document that was shown is known again."""

from __future__ import annotations

from hashlib import sha256


def document_hash(document: bytes) -> str:
    """Return the SHA-256 of a *document* in hexadecimal digits, as an acceptance keeps it."""
    return sha256(document).hexdigest()
