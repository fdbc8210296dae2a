"""The part of the facade that acts on devices, and remembers what was done there."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from attrs import evolve, fields, frozen

from ispcore.driver import (
    Action,
    Discover,
    Discovered,
    Key,
    PlacementId,
    Resource,
    Role,
    SecretRef,
    fields_of,
)
from ispcore.effects import Acted, Acting, ActionRecord, ActionState, lasting
from ispcore.errors import InvalidValueError, IspcoreError, NotFoundError, RefusedError
from ispcore.network import resource_of
from ispcore.values import SecretText

if TYPE_CHECKING:
    from ispcore.desks.reach import Reach
    from ispcore.timeline import Actor

_PERMISSION = "device.act"


@frozen
class ActionDesk:
    """Actions on devices; ``provider.network.act`` and its neighbours."""

    _reach: Reach

    def act(self, target: str, action: Action[Any], *, actor: Actor, again: bool = False) -> Acted:
        """Carry *action* out on a device, or on what stands for a placement (``"1:onu@olt"``).

        What came of it is kept, and returned; a device that cannot be reached is an outcome too. What may
        have happened already is not done once more unless *again* says so, or doing it twice does no harm.

        Raises:
            NotFoundError: there is no such device or placement, or its password is not kept any more.
            RefusedError: the last such action ended without anybody knowing whether it happened.
        """
        actor.require(_PERMISSION)
        device, on = self._target(target)
        if not (action.repeatable or again):
            self._refuse_doubt(device, action, on)
        return self._carried_out(action, on, device, self._kept(action), actor)

    def repeat(self, name: str, *, actor: Actor) -> Acted:
        """Carry out once more an action whose outcome is unknown.

        Raises:
            RefusedError: its outcome is known, doing it twice may do harm, or its secret is not kept.
        """
        actor.require(_PERMISSION)
        record = self._reach.database.actions.get(name)
        action = self._of(record, actor)
        if record.state is not ActionState.UNKNOWN:
            raise RefusedError(f"Action {name} is {record.state.value}.", rule="outcome-known")
        if not action.repeatable:
            raise RefusedError(
                f"Nobody knows whether {record.word} happened on {record.device}, and it is not to be done "
                "twice.",
                rule="not-repeatable",
                hint="Look at the device, then give it anew.",
            )
        on = [self._resource(one) for one in record.targets]
        return self._carried_out(action, on, record.device, record.secrets, actor, name=name)

    def lasting(self, device: str, *, actor: Actor) -> tuple[ActionRecord, ...]:
        """Return what was done on *device* by hand, lasts, and was not undone: the oldest first.

        Raises:
            NotFoundError: there is no such device.
        """
        actor.require("device.read")
        return self._lasting(device)

    def redo(self, device: str, *, actor: Actor) -> tuple[Acted, ...]:
        """Do once more what lasts on *device*: on a box that took the place of another one.

        What cannot be given once more, as its secret is not kept or the driver takes it no longer, has
        failed, and keeps nothing else from being done.

        Raises:
            NotFoundError: there is no such device.
        """
        actor.require(_PERMISSION)
        return tuple(self._redone(record, actor) for record in self._lasting(device))

    def _lasting(self, device: str) -> tuple[ActionRecord, ...]:
        with self._reach.database.reading() as work:
            driver = work.devices.get(device).driver
        records = self._reach.database.actions.latest(device=device)
        return lasting(reversed(records), self._reach.named_driver(driver).actions)

    def _redone(self, record: ActionRecord, actor: Actor) -> Acted:
        try:
            action = self._of(record, actor)
            on = [self._resource(one) for one in record.targets]
        except IspcoreError as error:
            told = {"code": type(error).__name__, "text": str(error)}
            return Acted(evolve(record, state=ActionState.FAILED, error=told, results=()))
        return self._carried_out(action, on, record.device, record.secrets, actor)

    def discover(self, device: str, *, actor: Actor) -> tuple[Discovered, ...]:
        """Return what waits on *device* to be taken in.

        Raises:
            RefusedError: the device could not be asked.
        """
        acted = self.act(device, Discover(), actor=actor)
        if acted.record.state is not ActionState.DONE:
            told = (acted.record.error or {}).get("text", "")
            raise RefusedError(f"{device} could not be asked: {told}", rule="not-discovered")
        return acted.values

    def actions(
        self, *, actor: Actor, device: str | None = None, word: str | None = None, limit: int | None = 50
    ) -> tuple[ActionRecord, ...]:
        """Return what was done on devices by hand, the latest first."""
        actor.require("device.read")
        return self._reach.database.actions.latest(device=device, word=word, limit=limit)

    def named(
        self, device: str, word: str, *, actor: Actor, given: Mapping[str, Any] | None = None
    ) -> Action[Any]:
        """Return the action that *device* knows by this word, with what it is *given* by name.

        Raises:
            NotFoundError: there is no such device, or its driver has no such action.
            InvalidValueError: the action takes nothing of such a name.
        """
        actor.require(_PERMISSION)
        with self._reach.database.reading() as work:
            driver = work.devices.get(device).driver
        known = {kind.word: kind for kind in self._reach.named_driver(driver).actions}
        if word not in known:
            raise NotFoundError("action", word, hint=f"{device} knows: {', '.join(sorted(known)) or 'none'}.")
        kind, given = known[word], given or {}
        takes = [one.name for one in fields(kind)]
        for name in given:
            if name not in takes:
                hint = f"It takes: {', '.join(takes) or 'nothing'}."
                raise InvalidValueError(f"{word} takes no {name!r}.", hint=hint)
        return kind(**given)

    def _of(self, record: ActionRecord, actor: Actor) -> Action[Any]:
        """Return the action of a *record* as it was given, with its secrets."""
        texts = self._reach.resolve_all(record.secrets.values())
        secrets = {name: texts[ref] for name, ref in record.secrets.items()}
        if record.has_lost_a_secret:
            raise RefusedError(
                f"The secret that {record.word} was given ({record.id}) is not kept.",
                rule="secret-not-kept",
                hint="Give the action anew.",
            )
        return self.named(record.device, record.word, actor=actor, given={**record.arguments, **secrets})

    def _kept(self, action: Action[Any]) -> dict[str, SecretRef]:
        """Put the secrets away that an action which lasts is given."""
        given = [(one.name, getattr(action, one.name)) for one in fields(type(action))]
        secrets = [(name, text) for name, text in given if isinstance(text, SecretText) and action.about]
        if not secrets:
            return {}
        with self._reach.database.writing() as work:
            return {name: work.secrets.keep(text) for name, text in secrets}

    def _carried_out(  # noqa: PLR0913 - what is kept of it
        self,
        action: Action[Any],
        on: Sequence[Resource],
        device: str,
        secrets: Mapping[str, SecretRef],
        actor: Actor,
        *,
        name: str = "",
    ) -> Acted:
        return Acting(self._reach.lender(), self._reach.database.actions).act(
            action,
            self._handed(action, on),
            device=device,
            name=name or uuid.uuid4().hex[:12],
            by=actor.id,
            secrets=secrets,
        )

    def _target(self, target: str) -> tuple[str, Sequence[Resource]]:
        if "@" not in target:
            with self._reach.database.reading() as work:
                return work.devices.get(target).name, ()
        resource = self._resource(PlacementId(target))
        return target.rpartition("@")[2], (resource,)

    def _resource(self, name: PlacementId) -> Resource:
        with self._reach.database.reading() as work:
            known = {one.id: one for one in work.network.placements([resource_of(name)])}
        if name not in known:
            raise NotFoundError("placement", name)
        one = known[name]
        spec = one.applied or one.wanted
        if spec is None:
            raise RefusedError(f"Nothing stands for {name}.", rule="nothing-stands")
        return Resource(one.id, one.generation, spec, None if one.key is None else Key(one.key))

    def _handed(self, action: Action[Any], on: Sequence[Resource]) -> Sequence[Resource]:
        """Return the targets as *action* is given them: with their secrets, where it needs those."""
        return [self._with_secrets(one) for one in on] if action.with_secrets else on

    def _with_secrets(self, one: Resource) -> Resource:
        held = {name: getattr(one.spec, name) for name in fields_of(type(one.spec), Role.WRITE_ONLY)}
        refs = {name: ref for name, ref in held.items() if isinstance(ref, SecretRef)}
        found = self._reach.resolve_all(refs.values())
        texts: dict[str, Any] = {name: found[ref] for name, ref in refs.items()}
        return evolve(one, spec=evolve(one.spec, **texts))

    def _refuse_doubt(self, device: str, action: Action[Any], on: Sequence[Resource]) -> None:
        targets = tuple(one.id for one in on)
        for record in self._reach.database.actions.latest(device=device, word=action.word):
            if record.targets != targets:
                continue
            if record.state in (ActionState.UNKNOWN, ActionState.BEGUN):
                raise RefusedError(
                    f"Nobody knows yet whether the last {action.word} on {device} happened ({record.id}).",
                    rule="outcome-unknown",
                    hint="Look at the device; then say that it is to be done again.",
                )
            return
