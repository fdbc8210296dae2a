"""Passwords that are generated: made before anything is decided, and told once, in the command's answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve

from ispcore.errors import InvalidValueError, RefusedError
from ispcore.plans import AddComponent, ChangePassword
from ispcore.plans.specs import has_password, one_of

if TYPE_CHECKING:
    from ispcore.catalog import Catalogue
    from ispcore.plans import SubscriptionCommand
    from ispcore.usecases.ports import Passwords
    from ispcore.values import SecretText


def with_password_made(
    command: SubscriptionCommand, passwords: Passwords, catalogue: Catalogue
) -> tuple[SubscriptionCommand, SecretText | None]:
    """Return *command* with a password in it where it asks for one, and that password to be told.

    Raises:
        InvalidValueError: a password is typed as well.
        RefusedError: what is added has none.
    """
    match command:
        case AddComponent(generate_password=True):
            _check_wants_one(command)
            made, spec = passwords.new(catalogue.network.password_length), command.spec
            typed: Any = spec
            return evolve(command, spec=evolve(typed, password=made), generate_password=False), made
        case ChangePassword(password=None):
            made = passwords.new(catalogue.network.password_length)
            return evolve(command, password=made), made
        case _:
            return command, None


def _check_wants_one(command: AddComponent) -> None:
    spec: Any = command.spec
    if command.password_of is not None:
        raise InvalidValueError(
            f"A mailbox of {command.password_of!r} has its password, and gets none made up.",
            hint="Leave generate_password or password_of out.",
        )
    if spec is None or not has_password(type(spec)):
        what = "what is shared" if spec is None else one_of(spec)
        raise RefusedError(f"There is no password of its own for {what}.", rule="no-password")
    if spec.password is not None:
        raise InvalidValueError(
            "A password is typed or generated, not both.", hint="Leave one of the two out."
        )
