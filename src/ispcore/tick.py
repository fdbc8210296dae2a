"""The tick: everything that time does, in its order, for a day and whatever was missed before it.

Nothing is decided here. Each chore is a difference between what should be and what is, so running again, by
two at once, or after a kill does nothing twice; after days of silence one tick for today catches up. A
preview is the same chores in a transaction that is undone, without telling anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias

from attrs import evolve, field, frozen

from ispcore import usecases as u
from ispcore.desks.connections import ConnectionDesk
from ispcore.desks.documents import DocumentDesk
from ispcore.desks.late import LateDesk
from ispcore.desks.notices import NoticeDesk
from ispcore.desks.reach import Reach
from ispcore.desks.slips import SlipDesk
from ispcore.errors import IspcoreError, RefusedError, StorageError
from ispcore.network_desk import NetworkDesk
from ispcore.notices import Notifier
from ispcore.timeline import EVERYTHING, Actor, Cause

PERMISSION = "tick.run"
_LOOKED_BACK = timedelta(days=31)


@frozen
class Chore:
    """What one chore of a tick did, in a sentence and in counts; ``problems`` are left for the next one."""

    name: str
    done: str
    counts: dict[str, int] = field(factory=dict)
    problems: tuple[str, ...] = ()

    @property
    def did_nothing(self) -> bool:
        """Whether everything stood as it should already."""
        return not any(self.counts.values())


@frozen
class Tick:
    """What a tick came to, chore by chore in their order."""

    on: date
    chores: tuple[Chore, ...] = ()

    @property
    def problems(self) -> tuple[str, ...]:
        """Everything that was left for the next tick."""
        return tuple(problem for chore in self.chores for problem in chore.problems)

    @property
    def did_nothing(self) -> bool:
        """Whether everything stood as it should already."""
        return all(chore.did_nothing for chore in self.chores)


_Work: TypeAlias = Callable[[], Chore]


@frozen
class Carriers:
    """Who carries to others what a tick has for them, and to it: the program's own, before those of plugins.

    ``notifiers`` by channel take the place of the catalogue's; ``issuers`` are added by name, and so are
    ``sources``, which tell of connections beside the devices that count.
    """

    notifiers: Mapping[str, Notifier] | None = None
    issuers: Mapping[str, u.DocumentIssuer] = field(factory=dict)
    sources: Mapping[str, u.AccountingSource] = field(factory=dict)


def tick(  # noqa: PLR0913 - each by its name
    desk: u.Desk,
    reach: Reach,
    on: date | None = None,
    *,
    actor: Actor,
    watch: Callable[[Chore], object] | None = None,
    carriers: Carriers | None = None,
) -> Tick:
    """Do everything that time does up to *on*, today by default; *watch* sees each chore once it is done.

    One chore's trouble is told and keeps no other from being done. The chores are done with every permission.

    Raises:
        RefusedError: the day is still to come.
        StorageError: the database failed; what was done stays done.
        ExceptionGroup: chores broke by a defect, of ispcore or of a plugin; the others were done.
    """
    actor.require(PERMISSION)
    today = _today(desk)
    day = on or today
    if day > today:
        raise RefusedError(f"{day} is still to come.", rule="future", hint="Ask for a preview of it.")
    return _done(day, _Chores(desk, reach, day, _clerk(actor), carriers or Carriers()).all(), watch)


def preview_tick(desk: u.Desk, reach: Reach, on: date | None = None, *, actor: Actor) -> Tick:
    """Return what a tick of any day would come to now, and save nothing and tell nobody."""
    actor.require(PERMISSION)
    today = _today(desk)
    day = on or today
    clock = _NoonOf(day) if day > today else desk.clock
    with reach.database.rehearsal() as rehearsed:
        chores = _Chores(evolve(desk, database=rehearsed, clock=clock), reach, day, _clerk(actor))
        return _done(day, chores.inside(), None)


@frozen
class _NoonOf:
    """A clock that stands at noon of a day: what waits for that day has come."""

    day: date

    def now(self) -> datetime:
        """Return the instant, in UTC."""
        return datetime.combine(self.day, time(12), UTC)


def _today(desk: u.Desk) -> date:
    with desk.database.reading() as work:
        return desk.today_of(work.catalogue.current())


def _clerk(actor: Actor) -> Actor:
    return evolve(actor, permissions=frozenset({EVERYTHING}), cause=Cause.AUTOMATIC)


def _done(day: date, chores: Iterator[tuple[str, _Work]], watch: Callable[[Chore], object] | None) -> Tick:
    done: list[Chore] = []
    broken: dict[str, Exception] = {}
    for name, work in chores:
        try:
            found = work()
        except StorageError:
            raise
        except IspcoreError as error:
            found = Chore(name, "It could not be done.", problems=(str(error),))
        except Exception as error:  # noqa: BLE001 - raised below, when the others were done
            found = Chore(name, "It broke.", problems=(f"{type(error).__name__}: {error}",))
            broken[name] = error
        done.append(found)
        if watch is not None:
            watch(found)
    if broken:
        where = f"The tick of {day} broke at {', '.join(broken)}; the other chores were done."
        raise ExceptionGroup(where, list(broken.values()))
    return Tick(day, tuple(done))


@frozen
class _Chores:
    """The chores of a day, in their order."""

    desk: u.Desk
    reach: Reach
    day: date
    actor: Actor
    carriers: Carriers = Carriers()

    def inside(self) -> Iterator[tuple[str, _Work]]:
        """Yield what is done in the database alone."""
        yield "tasks", self._tasks
        yield "statuses", self._statuses
        yield "slips", self._slips
        yield "documents", self._documents
        yield "reminders", self._reminders
        yield "late", self._late
        yield "network", self._network
        yield "privacy", self._privacy
        yield "connections", self._connections

    def all(self) -> Iterator[tuple[str, _Work]]:
        """Yield those, and then what tells others."""
        yield from self.inside()
        yield "accounting", self._accounting
        yield "registering", self._registering
        yield "issuing", self._issuing
        yield "handing over", self._handing_over

    def _tasks(self) -> Chore:
        found = u.run_tasks(self.desk, self.day, actor=self.actor)
        counts = {"done": found.done, "refused": found.refused, "failed": found.failed}
        done = f"{found.done} tasks were carried out, {found.refused + found.failed} refused."
        return Chore("tasks", done, counts, found.problems)

    def _statuses(self) -> Chore:
        told = u.tell_timed_moves(self.desk, self.day - _LOOKED_BACK, self.day)
        return Chore("statuses", f"{told} notices of timed statuses were asked for.", {"notices": told})

    def _slips(self) -> Chore:
        found = SlipDesk(self.desk, self.reach.database, u.late_on_slips(self.desk)).issue(
            self.day, actor=self.actor
        )
        done = f"{found.issued} slips were issued, {found.replaced} of them in the place of others."
        problems = tuple(str(problem) for problem in found.problems)
        return Chore("slips", done, {"issued": found.issued, "replaced": found.replaced}, problems)

    def _documents(self) -> Chore:
        asked = len(DocumentDesk(self.desk, dict).ask(self.day, actor=self.actor).documents)
        return Chore("documents", f"{asked} fiscal documents were asked for.", {"documents": asked})

    def _reminders(self) -> Chore:
        found = u.ask_due(self.desk, self.day, actor=self.actor, preview=False)
        asked, gone = len(found.notices), found.withdrawn
        done = f"{asked} reminders were asked for, {gone} withdrawn."
        return Chore("reminders", done, {"asked": asked, "withdrawn": gone})

    def _late(self) -> Chore:
        found = LateDesk(self.desk).run(self.day, actor=self.actor)
        counts = {
            "reached": found.reached,
            "reduced": found.reduced,
            "blocked": found.blocked,
            "restored": found.restored,
            "let go": found.let_go,
        }
        done = (
            f"{found.late} customers are late: {found.reduced} subscriptions were reduced, "
            f"{found.blocked} blocked, {found.restored} restored."
        )
        return Chore("late", done, counts, tuple(str(problem) for problem in found.problems))

    def _network(self) -> Chore:
        found = NetworkDesk(self.desk, self.reach).tick(actor=self.actor)
        done = f"{found.moved} placements want something else."
        problems = tuple(str(problem) for problem in found.problems)
        return Chore("network", done, {"moved": found.moved}, problems)

    def _privacy(self) -> Chore:
        count = u.forget_due(self.desk, self.day, actor=self.actor)
        done = f"What was kept of {count} forgotten customers was erased."
        return Chore("privacy", done, {"customers": count})

    def _connections(self) -> Chore:
        count = u.let_connections_go(self.desk, actor=self.actor)
        done = f"{count} connections were kept long enough and let go."
        return Chore("connections", done, {"let go": count})

    def _accounting(self) -> Chore:
        desk = ConnectionDesk(self.desk, self.reach)
        found = desk.collect(actor=self.actor, sources=self.carriers.sources)
        news = {subscription for one in found for subscription in one.subscriptions}
        limited = desk.limit(self.reach.plugins.usage_limits(), news, actor=self.actor)
        new, changed = sum(one.new for one in found), sum(one.changed for one in found)
        done = f"{new} connections began, {changed} went on or stopped; {limited.placed} limits were kept."
        problems = (*(why for one in found for why in one.problems), *limited.problems)
        return Chore(
            "accounting", done, {"new": new, "changed": changed, "limited": limited.placed}, problems
        )

    def _registering(self) -> Chore:
        slips = SlipDesk(self.desk, self.reach.database, None, self.reach.plugins.charge_providers)
        found = slips.register(actor=self.actor)
        counts = {"registered": found.registered, "rejected": found.rejected, "cancelled": found.cancelled}
        done = f"{found.registered} slips were registered, {found.rejected} refused."
        waiting = f"{found.unanswered} slips were not answered."
        return Chore("registering", done, counts, (waiting,) if found.unanswered else ())

    def _issuing(self) -> Chore:
        desk = DocumentDesk(self.desk, self.reach.plugins.document_issuers)
        found = desk.issue(actor=self.actor, issuers=self.carriers.issuers)
        counts = {"authorised": found.authorised, "cancelled": found.cancelled, "rejected": found.rejected}
        done = f"{found.authorised} documents were authorised, {found.rejected} refused."
        waiting = f"{found.unanswered} documents were not answered."
        return Chore("issuing", done, counts, (waiting,) if found.unanswered else ())

    def _handing_over(self) -> Chore:
        found = NoticeDesk(self.desk, self.reach).hand_over(
            actor=self.actor, notifiers=self.carriers.notifiers
        )
        lost = found.failed + found.dead
        problem = f"{lost} notices could not be handed over."
        done = f"{found.told} notices were handed over."
        return Chore("handing over", done, {"told": found.told}, (problem,) if lost else ())
