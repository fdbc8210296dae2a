"""Letting access points ask FreeRADIUS: what is to be said of one, and the actions that say it."""

from __future__ import annotations

import re
from ipaddress import IPv4Address
from typing import ClassVar

from attrs import frozen

from ispcore.driver import Action, Done, Invalid
from ispcore.values import SecretText

_NAME = re.compile(r"[\w.-]{1,32}", re.ASCII)
_SECRET = re.compile(r"[\w.~!@^*()+=:;,<>?/|-]{8,60}", re.ASCII)


@frozen(kw_only=True)
class Admit(Action[Done]):
    """Let the access point at ``address`` ask, with its ``secret``; one that may already gets this secret.

    ``name`` is what FreeRADIUS's log calls it, its address by default. The secret goes into FreeRADIUS's
    table, which has to be readable; ispcore keeps it locked, to let the access point in anew one day.
    """

    word: ClassVar[str] = "admit"
    result: ClassVar[type] = Done
    about: ClassVar[str] = "address"
    address: str = ""
    name: str = ""
    secret: SecretText | None = None


@frozen(kw_only=True)
class Dismiss(Action[Done]):
    """Let the access point at ``address`` ask no more.

    Sessions that are open there are closed in the table: nobody would be heard of their end, and they would
    keep their logins from signing in elsewhere.
    """

    word: ClassVar[str] = "dismiss"
    result: ClassVar[type] = Done
    about: ClassVar[str] = "address"
    undoes: ClassVar[str] = "admit"
    address: str = ""


@frozen
class Admitted:
    """A row of the table: who may ask, with what."""

    address: str
    name: str
    secret: SecretText


def admitted(action: Admit) -> Admitted:
    """Return the row that *action* asks for.

    Raises:
        Invalid: FreeRADIUS would not read it as it is meant; the secret is not in the error.
    """
    address = checked_address(action.address)
    name = action.name or address
    if not _NAME.fullmatch(name):
        raise Invalid(
            f"{name!r} cannot be the name of an access point: up to 32 letters, digits, dots and dashes."
        )
    if not isinstance(action.secret, SecretText) or not _SECRET.fullmatch(action.secret.reveal()):
        raise Invalid(
            f"The access point at {address} needs a secret of 8 to 60 letters, digits or signs,"
            " without blanks, quotes, backslashes and the signs # $ % & [ ] { }."
        )
    return Admitted(address, name, action.secret)


def checked_address(text: str) -> str:
    """Return the address in its one spelling.

    Raises:
        Invalid: it is no address of IPv4.
    """
    try:
        return str(IPv4Address(text))
    except ValueError:
        raise Invalid(f"{text!r} is not the IPv4 address of an access point.") from None
