"""What can be asked about a login: what the server has of it, and whether it gets in."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import ClassVar

from attrs import field, frozen

from ispcore.driver import Action
from ispcore.values import SecretText


@frozen(kw_only=True)
class Setting:
    """One thing that the server has of a login.

    ``where`` is ``check`` or ``reply``; ``group``, where ``name`` is that of a group and ``value`` its
    priority; ``check of gold`` or ``reply of gold``, for what comes from a group; or ``connection``. A
    password is told as ``set``: its attribute says in which form it lies, and nobody reads it.
    """

    where: str
    name: str
    op: str = ""
    value: str


@frozen(kw_only=True)
class Inspect(Action[Setting]):
    """Tell what the server has of logins: their rows, in the server's order, and their last connection."""

    word: ClassVar[str] = "settings"
    result: ClassVar[type] = Setting


class Verdict(Enum):
    """What the server says to somebody who signs in."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    CHALLENGED = "challenged"
    """It wants to know more, as for a second factor."""


@frozen(kw_only=True)
class Answer:
    """What the server answered to a login.

    ``why`` is what it says beside the verdict; many servers say nothing. ``reply`` are the attributes that
    the access point would be given, as far as the driver knows their names.
    """

    verdict: Verdict
    why: str = ""
    reply: Mapping[str, str] = field(factory=dict)


@frozen(kw_only=True)
class SignIn(Action[Answer]):
    """Sign in as the equipment of a login would, and tell what the server answers.

    ``by`` is ``pap``, ``chap`` or ``mschap``. The password is the login's own, unless another ``password`` is
    typed, of which nothing is kept; the equipment is the first of those that the login is bound to, unless
    another ``mac`` is named. No session is opened by it.
    """

    word: ClassVar[str] = "sign-in"
    result: ClassVar[type] = Answer
    with_secrets: ClassVar[bool] = True
    by: str = "pap"
    mac: str | None = None
    password: SecretText | None = None
