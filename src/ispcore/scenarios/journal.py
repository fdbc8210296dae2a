"""The journal of what happened on simulated devices; no secret comes into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve

from ispcore.driver import Role, fields_of, roles_of
from ispcore.network import DriftKind, Happened, Happening, resource_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ispcore.driver import Change, PlacementId, Spec
    from ispcore.effects import DeviceRow
    from ispcore.network import Drift
    from ispcore.testing import MovableClock, Standing

_ABOUT_STOPS = (Happened.STOPPED, Happened.ACCEPTED)


class Journal:
    """What happened, in order, each on the day that the story's clock showed."""

    def __init__(self, clock: MovableClock) -> None:
        """Begin with nothing."""
        self.happenings: list[Happening] = []
        self._clock = clock
        self._mending: set[PlacementId] = set()

    def since(self, count: int) -> tuple[Happening, ...]:
        """Return what happened after the first *count* happenings."""
        return tuple(self.happenings[count:])

    def tell(
        self,
        device: str,
        what: Happened,
        resource: str | None = None,
        **more: Any,  # noqa: ANN401 - of a happening
    ) -> None:
        """Note that something happened on a device."""
        on = self._clock.now().date()
        self.happenings.append(Happening(on=on, device=device, what=what, resource=resource, **more))

    def wrote(self, device: str, change: Change) -> None:
        """Note what a worker wrote."""
        what = Happened.CHANGED
        if change.target.id in self._mending:
            self._mending.discard(change.target.id)
            what = Happened.MENDED
        elif change.before is None or change.after is None:
            what = Happened.MADE if change.before is None else Happened.TAKEN_AWAY
        self.tell(
            device,
            what,
            resource_of(change.target.id),
            before=None if change.before is None else shown(change.before.spec),
            after=None if change.after is None else shown(change.after),
            fields=tuple(sorted(change.fields)),
        )

    def by_hand(
        self, device: str, before: Standing | None, after: Spec | None, fields: Iterable[str] | None = None
    ) -> None:
        """Note what somebody did; without *fields*, that something new stands there."""
        owner = None if before is None or before.mark is None else resource_of(before.mark[0])
        names = fields_of(type(after), Role.PLAIN) if fields is None and after is not None else fields
        self.tell(
            device,
            Happened.BY_HAND,
            owner,
            before=None if before is None else shown(before.spec),
            after=None if after is None else shown(after),
            fields=tuple(names or ()),
        )

    def drifted(self, drift: Drift) -> None:
        """Note what a look found."""
        fields = drift.fields
        if drift.kind is DriftKind.MISSING and drift.wanted is not None:
            fields = tuple(roles_of(type(drift.wanted)))
        self.tell(
            drift.device,
            Happened.FOUND,
            None if drift.placement is None else resource_of(drift.placement),
            before=None if drift.seen is None else shown(drift.seen),
            after=None if drift.wanted is None else shown(drift.wanted),
            fields=fields,
            text=drift.kind.value,
        )

    def will_be_mended(self, placements: Iterable[PlacementId]) -> None:
        """Expect a worker to mend these: what it writes to them next is told as that."""
        self._mending.update(placements)

    def stopped(self, rows: Iterable[DeviceRow]) -> None:
        """Note each device that waits for a person, once."""
        last = {one.device: one.what for one in self.happenings if one.what in _ABOUT_STOPS}
        for row in rows:
            if row.stopped is not None and last.get(row.name) is not Happened.STOPPED:
                self.tell(row.name, Happened.STOPPED, text=row.stopped.text)


def shown(spec: Spec) -> Spec:
    """Return *spec* without its secrets."""
    return evolve(spec, **dict.fromkeys(fields_of(type(spec), Role.WRITE_ONLY)))
