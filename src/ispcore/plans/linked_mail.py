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
    from collections.abc import Iterator, Mapping

    from ispcore.catalog import Plan
    from ispcore.driver import Spec
    from ispcore.plans.case import Case
    from ispcore.plans.component_commands import AddComponent
    from ispcore.plans.state import State
    from ispcore.plans.subscription import Timeline
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


def check_still_shared(before: Timeline, after: Timeline) -> None:
    """Refuse a change of a login's password from before a mailbox came to share it: late, or retracted.

    The mailbox took the password over, as it was then. What parts the two later is meant.
    """
    known = {(one.id, one.since) for one in before.last.components}
    for box in after.last.components:
        came = box.password_of is not None and (box.id, box.since) in known
        if came and _agree(box, before.on(box.since)) and not _agree(box, after.on(box.since)):
            raise RefusedError(
                f"Subscription {after.last.id}: on {box.since} {box.id!r} came to share a password, which "
                "would have been another one.",
                rule="password-shared",
                hint="Give both another password as of today.",
            )


def _agree(box: Component, state: State | None) -> bool:
    """Tell whether *box* had the password of its login in *state*."""
    held = {one.resource: _password(one) for one in (() if state is None else state.components)}
    return box.resource in held and held[box.resource] == held.get(str(box.password_of))


def check_none_alone(shared: Mapping[ComponentId, str | None], after: Timeline) -> None:
    """Refuse what leaves a mailbox in the end without the login whose password it *shared*."""
    for box in after.last.components:
        if box.password_of is None and shared.get(box.id) is not None:
            raise RefusedError(
                f"Subscription {after.last.id}: {box.id!r} would have the password of a login that is gone.",
                rule="password-of-nothing",
                hint="Remove it first, or give a later day.",
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
