"""Commands that change what a subscription carries on the network: its components, and their speeds."""

from __future__ import annotations

import re
from functools import reduce
from typing import TYPE_CHECKING, Any

from attrs import evolve

from ispcore.catalog import Bucket
from ispcore.driver import ConnectionMethod, Login, Mailbox, Onu, SecretRef, Wifi, claim_of, fields_of
from ispcore.driver import Role as FieldRole
from ispcore.errors import InvalidValueError, NotFoundError, RefusedError
from ispcore.plans import component_commands as cc
from ispcore.plans import facts as f
from ispcore.plans.allowances import case_with, check_room, has_room, timeline_with
from ispcore.plans.case import Decision, Event
from ispcore.plans.components import Component
from ispcore.plans.decide_items import new_item
from ispcore.plans.item_commands import AddItem
from ispcore.plans.linked_mail import (
    check_none_alone,
    check_still_shared,
    login_to_share,
    mail_address,
    mailbox_of,
    mailbox_sharing,
    with_password_of,
)
from ispcore.plans.specs import checked_spec, has_password, one_of
from ispcore.plans.windows import check_speed, check_windows
from ispcore.values import ComponentId, check_code

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ispcore.driver import Spec
    from ispcore.plans.case import Case, Rule
    from ispcore.plans.commands import Command
    from ispcore.plans.state import State

_RESOURCE = re.compile(r"[1-9][0-9]{0,17}:.+")


def _add(command: cc.AddComponent, case: Case) -> Decision:
    if command.generate_password:
        raise _not_put_away()
    plan = case.setting.catalogue.plan(case.state.plan.offer)
    login = None if command.password_of is None else login_to_share(command.password_of, case)
    if login is not None:
        command = evolve(command, spec=mailbox_sharing(login, command, plan), mail_domain=None)
    spec, access_point = _chosen(command, case)
    _check_status(spec.word, case)
    name = _free_name(spec.word, case) if command.component is None else command.component
    component = Component(
        id=ComponentId(check_code(name, "name of a component")),
        resource=command.resource or f"{case.state.id}:{name}",
        spec=spec,
        since=case.on,
        access_point=access_point,
        needs=tuple(_needed(name, case) for name in command.needs),
        password_of=None if login is None else login.resource,
    )
    if command.resource is None:
        _check_login(component, case)
    address = mail_address(spec, command.mail_domain, plan, shared=command.resource is not None)
    added = _with_room(component, command.service, case)
    if login is not None:
        check_none_alone({component.id: login.resource}, timeline_with(added, case.on, case))
    if address is not None:
        later = reduce(lambda so_far, payload: case_with(payload, so_far), added, case)
        name = _free_name(Mailbox.word, later)
        box = mailbox_of(component, address, f"{case.state.id}:{name}", ComponentId(name))
        added = (*added, *_with_room(box, command.service, later))
    return Decision(tuple(Event(case.on, payload) for payload in added))


def _with_room(component: Component, service: str | None, case: Case) -> tuple[object, ...]:
    """Return what adds *component*, and the *service* before it where that makes the room for it.

    Raises:
        NotPermittedError: the actor may not add services.
        RefusedError: there is no room by it either, or the subscription has such a component.
    """
    _check_own_claim(component, case)
    if service is None or has_room(component, case):
        check_room(component, case)
        return (f.ComponentAdded(component),)
    case.setting.actor.require(AddItem.permission)
    added = f.ItemAdded(new_item(AddItem(subscription=case.state.id, service=service), case))
    check_room(component, case_with(added, case))
    return added, f.ComponentAdded(component)


def _chosen(command: cc.AddComponent, case: Case) -> tuple[Spec, str | None]:
    """Return what the component is and where it hangs: as the command says, or as the shared resource is."""
    if command.access_point is not None:
        case.setting.catalogue.access_point(command.access_point)
    if command.resource is None:
        if command.spec is None:
            raise InvalidValueError("A component needs a spec.", hint="Or name the resource that it shares.")
        return checked_spec(command.spec), command.access_point
    shared = case.setting.resources.get(command.resource)
    if shared is None:
        raise RefusedError(
            f"{case.name} cannot share {command.resource!r}: no other living subscription of its customer "
            "has that resource.",
            rule="foreign-resource",
            hint=f"There are: {', '.join(sorted(case.setting.resources)) or 'none'}.",
        )
    _check_alike(command, shared, case)
    return shared.spec, shared.access_point


def _check_alike(command: cc.AddComponent, shared: Component, case: Case) -> None:
    """Refuse a command that wants a shared resource to be another than it is."""
    spec = command.spec
    if spec is not None and type(spec) is not type(shared.spec):
        raise RefusedError(
            f"{case.name} cannot share {shared.resource!r} as {one_of(spec)}: it is {one_of(shared.spec)}.",
            rule="foreign-resource",
        )
    other_spec = spec is not None and with_secrets_of(shared.spec, checked_spec(spec)) != shared.spec
    if other_spec or command.access_point not in (None, shared.access_point):
        raise RefusedError(
            f"{case.name} cannot share {shared.resource!r} and have it otherwise.",
            rule="resource-differs",
            hint="Leave the spec and the access point out, and change the component instead.",
        )


def with_secrets_of(before: Spec, after: Spec) -> Spec:
    """Return *after* with the secrets of *before* that it leaves out."""
    secret = fields_of(type(after), FieldRole.WRITE_ONLY)
    return evolve(after, **{name: getattr(before, name) for name in secret if getattr(after, name) is None})


def _check_status(kind: str, case: Case) -> None:
    """Refuse a new component in a status that takes none."""
    status, needs_login = case.state.status, kind == "login" or case.state.bucket is Bucket.PENDING
    if status.bucket in (Bucket.INACTIVE, Bucket.CANCELLED):
        why = f"it is {status.description!r}, which is {status.bucket.value}"
    elif needs_login and not status.may_have_logins:
        why = f"its status {status.description!r} may not have any"
    else:
        return
    raise RefusedError(
        f"{case.name} gets no {kind} on {case.on}: {why}.",
        rule="component-not-now",
        hint="Add it once the subscription is enabled.",
    )


def _check_own_claim(component: Component, case: Case) -> None:
    """Refuse a second component with the same name on the network at the same access point."""
    claim = claim_of(component.spec)
    for other in case.state.components:
        is_same = other.id == component.id or other.resource == component.resource
        if not is_same and other.access_point == component.access_point and claim_of(other.spec) == claim:
            raise RefusedError(
                f"{case.name} has {claim!r} already: its component {other.id!r}.",
                rule="component-twice",
                hint="Change that one instead.",
            )


def _check_login(component: Component, case: Case) -> None:
    """Refuse an ONU that is to sign in by itself, where the subscription has no login."""
    has_login = any(isinstance(one.spec, Login) for one in case.state.components)
    if _signs_in(component) and not has_login:
        raise RefusedError(
            f"{case.name} has no login that its ONU could sign in with.",
            rule="no-login",
            hint="Add a login first, or connect the ONU otherwise.",
        )


def _signs_in(component: Component) -> bool:
    return isinstance(component.spec, Onu) and component.spec.connection is ConnectionMethod.PPPOE


def _free_name(kind: str, case: Case) -> str:
    """Return a name that no component of the subscription ever had, for a name brings its resource back."""
    added = [fact.payload for fact in case.timeline.facts if isinstance(fact.payload, f.ComponentAdded)]
    taken = {payload.component.id for payload in added}
    names = [kind, *(f"{kind}-{n}" for n in range(2, len(taken) + 3))]
    return next(name for name in names if name not in taken)


def _needed(name: str, case: Case) -> str:
    """Return the resource that *name* means: of a component here, or of the customer's other ones."""
    if name in {component.resource for component in case.state.components} | set(case.setting.resources):
        return name
    if _RESOURCE.fullmatch(name):
        raise NotFoundError("resource of this customer", name)
    return case.state.component(ComponentId(name)).resource


def _change(command: cc.ChangeComponent, case: Case) -> Decision:
    component = case.state.component(command.component)
    spec, access_point = component.spec, component.access_point
    if command.spec is not None:
        if type(command.spec) is not type(spec):
            raise RefusedError(
                f"The component {component.id!r} is {one_of(spec)}, and stays one.",
                rule="other-kind",
                hint="Remove it, and add another one.",
            )
        spec = with_secrets_of(spec, checked_spec(command.spec))
    if command.access_point is not None:
        access_point = case.setting.catalogue.access_point(command.access_point).code
    changed = evolve(component, spec=spec, access_point=access_point)
    if changed == component:
        raise RefusedError(
            f"The component {component.id!r} is so already.",
            rule="nothing",
            hint="Give what is to be otherwise.",
        )
    _check_own_claim(changed, case)
    if not _signs_in(component):
        _check_login(changed, case)
    return _together(component, changed, case)


def _together(before: Component, after: Component, case: Case) -> Decision:
    """Let a component become another, with whatever goes along."""
    payloads = tuple(changes(case.state, before, after))
    check_still_shared(case.timeline, timeline_with(payloads, case.on, case))
    return Decision(tuple(Event(case.on, payload) for payload in payloads))


def changes(state: State, before: Component, after: Component) -> Iterator[f.ComponentChanged]:
    """Yield what is recorded when a component of *state* becomes another.

    Wi-Fi goes with its ONU, and whatever shares a password gets the new one.
    """
    yield f.ComponentChanged(before.id, after.spec, after.access_point)
    for one, spec in with_password_of(after, before, state):
        yield f.ComponentChanged(one.id, spec, one.access_point)
    if not isinstance(before.spec, Onu) or not isinstance(after.spec, Onu):
        return
    for one in state.components:
        if isinstance(one.spec, Wifi) and one.spec.onu == before.spec.serial:
            place = after.access_point if one.access_point == before.access_point else one.access_point
            changed = evolve(one, spec=evolve(one.spec, onu=after.spec.serial), access_point=place)
            if changed != one:
                yield f.ComponentChanged(one.id, changed.spec, changed.access_point)


def _remove(command: cc.RemoveComponent, case: Case) -> Decision:
    component = case.state.component(command.component)
    others = [one for one in case.state.components if one.id != component.id]
    if isinstance(component.spec, Login) and not any(isinstance(one.spec, Login) for one in others):
        for onu in filter(_signs_in, others):
            raise RefusedError(
                f"The component {onu.id!r} signs in with {component.id!r}.",
                rule="onu-signs-in",
                hint="Connect the ONU otherwise, or remove it first.",
            )
    gone = (*(one for one in case.state.components if one.password_of == component.resource), component)
    payloads = [f.ComponentRemoved(one.id) for one in gone]
    shared = {one.id: one.password_of for one in case.timeline.last.components}
    check_none_alone(shared, timeline_with(payloads, case.on, case))
    return Decision(tuple(Event(case.on, payload) for payload in payloads))


def _change_password(command: cc.ChangePassword, case: Case) -> Decision:
    component = case.state.component(command.component)
    if not has_password(type(component.spec)):
        raise RefusedError(
            f"The component {component.id!r} is {one_of(component.spec)}, which has no password.",
            rule="no-password",
        )
    if not isinstance(command.password, SecretRef):
        raise _not_put_away()
    spec: Any = component.spec
    changed = evolve(component, spec=evolve(spec, password=command.password))
    if command.alone:
        return _one(case, f.ComponentChanged(component.id, changed.spec, changed.access_point))
    return _together(component, changed, case)


def _not_put_away() -> InvalidValueError:
    hint = "Give the command to the provider, which puts it away or makes one up."
    return InvalidValueError("A new password was not put away.", hint=hint)


def _set_speed(command: cc.SetSpeed, case: Case) -> Decision:
    component = _with_speed(command, case)
    if command.speed is None:
        if command.until is not None:
            raise RefusedError(
                "A speed that ends by itself needs to be one.", rule="empty-speed", hint="Give the speed."
            )
        if component.override is None and component.provisional is None:
            raise RefusedError(
                f"The component {component.id!r} has the plan's speed already.", rule="nothing"
            )
    else:
        check_speed(command.speed)
    return _one(case, f.SpeedSet(component.id, command.speed, command.until))


def _set_windows(command: cc.SetSpeedWindows, case: Case) -> Decision:
    component = _with_speed(command, case)
    check_windows(command.windows)
    return _one(case, f.SpeedWindowsSet(component.id, command.windows))


def _with_speed(command: cc.ComponentCommand, case: Case) -> Component:
    component = case.state.component(command.component)
    if "download_kbit" not in fields_of(type(component.spec), FieldRole.PLAIN):
        raise RefusedError(
            f"The component {component.id!r} is {one_of(component.spec)}, which has no speed.",
            rule="no-speed",
            hint="Logins and addresses have one.",
        )
    return component


def _one(case: Case, payload: object) -> Decision:
    return Decision((Event(case.on, payload),))


RULES: Mapping[type[Command], Rule] = {
    cc.AddComponent: _add,
    cc.ChangeComponent: _change,
    cc.ChangePassword: _change_password,
    cc.RemoveComponent: _remove,
    cc.SetSpeed: _set_speed,
    cc.SetSpeedWindows: _set_windows,
}
"""The rules of this module, by command."""
