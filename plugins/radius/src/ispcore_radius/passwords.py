"""The row that a password becomes.

Every form is ours: a password that changes leaves no older one behind in another form, which would go on
letting people in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping

from ispcore_radius.config import PasswordForm
from ispcore_radius.md4 import md4

SALT_BYTES = 16

KNOWN = (
    "Cleartext-Password",
    "Crypt-Password",
    "LM-Password",
    "MD5-Password",
    "NT-Password",
    "Password-With-Header",
    "PBKDF2-Password",
    "SHA-Password",
    "SHA1-Password",
    "SHA2-Password",
    "SMD5-Password",
    "SSHA-Password",
    "SSHA1-Password",
    "SSHA2-224-Password",
    "SSHA2-256-Password",
    "SSHA2-384-Password",
    "SSHA2-512-Password",
    "User-Password",
)
"""Attributes that FreeRADIUS checks a password against."""


def password_row(text: str, form: PasswordForm, salt: bytes) -> tuple[str, str]:
    """Return attribute and value for the password *text*; only salted forms use *salt*."""
    attribute, write = _FORMS[form]
    return attribute, write(text, salt)


def _cleartext(text: str, _: bytes) -> str:
    return text


def _nt(text: str, _: bytes) -> str:
    return f"0x{md4(text.encode('utf-16-le')).hex()}"


def _ssha512(text: str, salt: bytes) -> str:
    return f"0x{(hashlib.sha512(text.encode() + salt).digest() + salt).hex()}"


_FORMS: Mapping[PasswordForm, tuple[str, Callable[[str, bytes], str]]] = {
    PasswordForm.CLEARTEXT: ("Cleartext-Password", _cleartext),
    PasswordForm.NT: ("NT-Password", _nt),
    PasswordForm.SSHA512: ("SSHA2-512-Password", _ssha512),
}
