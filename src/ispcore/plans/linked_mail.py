"""Mailboxes that belong to a login: its name under a domain, and one password for both.

The mailbox names the resource whose password it has; nothing else links the two.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from attrs import evolve

from ispcore.driver import Login, Mailbox
from ispcore.errors import InvalidValueError, RefusedError
from ispcore.plans.components import Component
from ispcore.plans.specs import checked_spec, one_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ispcore.catalog import Plan
    from ispcore.driver import Spec
    from ispcore.plans.case import Case
    from ispcore.plans.component_commands import AddComponent
    from ispcore.plans.state import State
    from ispcore.values import ComponentId


def mail_address(spec: Spec, domain: str | None, plan: Plan, *, shared: bool = False) -> str | None:
    """Return the address of the mailbox that a login of *spec* has under *domain*; None without one.

    A login that is a mail address already gives the part before its ``@``.

    Raises:
        InvalidValueError: a mailbox is wanted with something that is no login.
        RefusedError: the *plan* has logins with a mailbox only, but for those that are *shared*.
    """
    if domain is None:
        if isinstance(spec, Login) and plan.login_has_mailbox and not shared:
            raise RefusedError(
                f"A login of the plan {plan.code!r} has a mailbox, and no domain is given for it.",
                rule="mailbox-missing",
                hint="Give its mail_domain.",
            )
        return None
    if not isinstance(spec, Login):
        raise InvalidValueError(
            f"There is no mailbox of the name of {one_of(spec)}.",
            hint="Leave mail_domain out, or add a login.",
        )
    return f"{spec.username.strip().partition('@')[0]}@{domain.strip()}"


def login_to_share(name: ComponentId, case: Case) -> Component:
    """Return the login called *name* as it is on the day, but with the latest password that it got.

    Raises:
        NotFoundError: there is no such component.
        InvalidValueError: it is no login.
    """
    login = case.state.component(name)
    if not isinstance(login.spec, Login):
        raise InvalidValueError(
            f"The component {login.id!r} is {one_of(login.spec)}, whose password no mailbox shares.",
            hint="Name a login.",
        )
    latest = (one for one in case.timeline.last.components if (one.id, one.since) == (name, login.since))
    return evolve(login, spec=evolve(login.spec, password=_password(next(latest, login))))


def check_still_shared(before: State, after: State, name: str) -> None:
    """Refuse a change that would leave a mailbox with another password than its login has, unawares.

    That is one of before the mailbox came to share it: given late, or retracted. *before* and *after* are how
    the subscription called *name* is in the end.
    """
    known = {one.id: one for one in before.components}
    for box in after.components:
        login = next((one for one in after.components if one.resource == box.password_of), None)
        if login is None or _password(login) == _password(box) or not {box.id, login.id} <= known.keys():
            continue
        if _password(known[login.id]) == _password(known[box.id]):
            raise RefusedError(
                f"{name}: {login.id!r} would have another password than {box.id!r}, which came to share it.",
                rule="password-shared",
                hint="Give both another password as of today.",
            )


def _password(component: Component) -> Any:  # noqa: ANN401 - a reference, or none
    return getattr(component.spec, "password", None)


def mailbox_sharing(login: Component, command: AddComponent, plan: Plan) -> Mailbox:
    """Return the mailbox that *command* adds to *login*, with its password.

    Raises:
        InvalidValueError: the command gives no address or two, or what shares no password.
    """
    wanted, spec = command.spec, cast("Login", login.spec)
    if command.resource is not None or (isinstance(wanted, Mailbox) and wanted.password is not None):
        raise InvalidValueError(
            f"A mailbox has the password of {login.id!r}, or one of its own.",
            hint="Leave password_of out, or the password and the resource.",
        )
    by_name = mail_address(spec, command.mail_domain, plan, shared=True)
    box = wanted if by_name is None else Mailbox(address=by_name)
    if not isinstance(box, Mailbox) or None not in (wanted, by_name):
        raise InvalidValueError(
            f"What shares the password of {login.id!r} is one mailbox.",
            hint="Give its mail_domain, or its address in a spec.",
        )
    return evolve(box, password=spec.password)


def mailbox_of(login: Component, address: str, resource: str, name: ComponentId) -> Component:
    """Return the mailbox called *name*, standing for *resource*, that has the password of *login*.

    Raises:
        InvalidValueError: the *address* is none.
    """
    spec: Any = login.spec
    return Component(
        id=name,
        resource=resource,
        spec=checked_spec(Mailbox(address=address, password=spec.password)),
        since=login.since,
        password_of=login.resource,
    )


def with_password_of(after: Component, before: Component, state: State) -> Iterator[tuple[Component, Spec]]:
    """Yield what of *state* shared the password of *before*, each with its spec once that is *after*."""
    password = getattr(after.spec, "password", None)
    if password == getattr(before.spec, "password", None):
        return
    shared = before.password_of or before.resource
    for one in state.components:
        if one.id != before.id and shared in (one.resource, one.password_of):
            spec: Any = one.spec
            yield one, evolve(spec, password=password)
