"""The network beside the books: what they wanted of each component by the day, and what stood on devices.

What was wanted follows from the facts alone. What stood there is known where somebody kept what happened.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from itertools import groupby
from typing import TYPE_CHECKING

from attrs import field, frozen

from ispcore.catalog import Serves
from ispcore.driver import Access, Login, Role, Spec, claim_of, fields_of
from ispcore.network import Contribution, Happened, Happening, contributions
from ispcore.values import ONE_DAY, Period, as_tuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ispcore.catalog import Catalogue
    from ispcore.plans import Timeline


@frozen(kw_only=True)
class DeviceSummary:
    """A device at the end of a story: what stands on it, by the words of kinds, and what is to do."""

    name: str
    stands: Mapping[str, int] = field(factory=dict)
    to_do: int = 0
    state: str = "works"


@frozen
class NetworkStory:
    """What happened on devices, in order, and how they stand in the end."""

    happenings: tuple[Happening, ...] = field(default=(), converter=as_tuple)
    devices: tuple[DeviceSummary, ...] = field(default=(), converter=as_tuple)

    def by_resource(self) -> Mapping[str, Sequence[Happening]]:
        """Return what happened to each resource."""
        found: dict[str, list[Happening]] = {}
        for one in self.happenings:
            if one.resource is not None:
                found.setdefault(one.resource, []).append(one)
        return found


@frozen
class Wanted:
    """What the books wanted of a component for some days, and what was served then."""

    period: Period
    spec: Spec
    serves: Serves


@frozen
class Stood:
    """What stood on the device for some days; ``is_drift`` where somebody else than a worker wrote it."""

    period: Period
    spec: Spec
    is_wanted: bool
    is_drift: bool


@frozen
class Wire:
    """A component of a subscription, and the thing on a device that it stands for."""

    claim: str
    device: str
    resource: str
    wanted: tuple[Wanted, ...]
    stood: tuple[Stood, ...] = ()
    happenings: tuple[Happening, ...] = ()


def wires_of(
    timeline: Timeline, catalogue: Catalogue, until: date, happenings: Iterable[Happening] = ()
) -> tuple[Wire, ...]:
    """Return the wires of a subscription up to the day *until*, with what is known to have happened."""
    known = list(happenings)
    moved = timeline.end is not None and timeline.end.moves_on
    if moved and timeline.end is not None:  # from then on the successor wants it
        until = min(until, timeline.end.on - ONE_DAY)
    found: dict[tuple[str, str, str], list[Wanted]] = {}
    for period, one in _wanted(timeline, catalogue, until):
        if one.spec is not None and one.device is not None:
            key = one.resource, one.device, claim_of(one.spec)
            _add(found.setdefault(key, []), Wanted(period, one.spec, one.serves))
    return tuple(_wire(key, wanted, known, until) for key, wanted in found.items())


def _wanted(timeline: Timeline, catalogue: Catalogue, until: date) -> Iterator[tuple[Period, Contribution]]:
    """Yield what is wanted, from one day on which the answer changes to the next."""
    day = timeline.spans[0].since
    while day <= until:
        answers = contributions(timeline, catalogue, _noon(day))
        ends = [one.valid_until.date() for one in answers if one.valid_until is not None]
        following = min(max(min(ends, default=date.max), day + ONE_DAY), until + ONE_DAY)
        yield from ((Period(day, following), one) for one in answers)
        day = following


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12), UTC)


def _add(found: list[Wanted], new: Wanted) -> None:
    last = found[-1] if found else None
    if last is not None and (last.spec, last.serves, last.period.end) == (
        new.spec,
        new.serves,
        new.period.start,
    ):
        found[-1] = Wanted(Period(last.period.start, new.period.end), new.spec, new.serves)
    else:
        found.append(new)


def _wire(
    key: tuple[str, str, str], wanted: Sequence[Wanted], known: Sequence[Happening], last: date
) -> Wire:
    resource, device, claim = key
    begins = wanted[0].period.start
    mine = [one for one in known if _is_about(one, device, claim)]
    shown = [one for one in mine if begins <= one.on <= last]
    return Wire(
        claim=claim,
        device=device,
        resource=resource,
        wanted=tuple(wanted),
        stood=tuple(_stood(mine, wanted, Period.through(begins, last))) if begins <= last else (),
        happenings=tuple(shown),
    )


def _is_about(one: Happening, device: str, claim: str) -> bool:
    return one.device == device and one.claim in (claim, "")


def _stood(mine: Sequence[Happening], wanted: Sequence[Wanted], shown: Period) -> Iterator[Stood]:
    """Yield what stood there, for each run of days on which nothing changed and the same was wanted."""
    spec: Spec | None = None
    left: Spec | None = None
    by_day = {on: list(some) for on, some in groupby(mine, key=lambda one: one.on)}
    days = {day for day in by_day if day < shown.end} | {one.period.start for one in wanted}
    days |= {one.period.end for one in wanted}
    marks = sorted({day for day in days if day in shown} | {shown.start})
    for on in sorted(day for day in by_day if day < shown.start):
        spec, left = _after(by_day[on], spec, left)
    for start, end in zip(marks, [*marks[1:], shown.end], strict=True):
        spec, left = _after(by_day.get(start, []), spec, left)
        if spec is not None:
            now = next((one.spec for one in wanted if start in one.period), None)
            yield Stood(Period(start, end), spec, _same(spec, now), is_drift=not _same(spec, left))


def _after(
    happened: Iterable[Happening], spec: Spec | None, left: Spec | None
) -> tuple[Spec | None, Spec | None]:
    """Return what stands there after that, and what a worker has left there."""
    for one in happened:
        match one.what:
            case Happened.MADE | Happened.CHANGED | Happened.MENDED | Happened.TAKEN_AWAY:
                spec = left = one.after
            case Happened.BY_HAND:
                spec = one.after
            case Happened.REPLACED:
                spec = None
    return spec, left


def _same(one: Spec | None, other: Spec | None) -> bool:
    """Tell whether two specs say the same, as far as a device can tell; it may write names its own way."""
    if one is None or other is None or type(one) is not type(other):
        return one is other
    shown = fields_of(type(one), Role.PLAIN)
    return all(_plain(getattr(one, name)) == _plain(getattr(other, name)) for name in shown)


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return tuple(sorted(str(each).lower().replace("-", ":") for each in value))
    return value.lower() if isinstance(value, str) else value


def kind_of(spec: Spec, serves: Serves) -> str:
    """Return how a stretch is drawn: ``on``, ``held`` (served less), or ``off``."""
    if getattr(spec, "enabled", True) is False or getattr(spec, "access", None) is Access.REFUSED:
        return "off"
    if getattr(spec, "access", None) is Access.WALLED or (
        serves is Serves.REDUCED and hasattr(spec, "download_kbit")
    ):
        return "held"
    return "on"


def words_of(spec: Spec) -> str:
    """Return what a spec gives, in a few words: its speed, or that it works."""
    if getattr(spec, "enabled", True) is False:
        return "disabled"
    access = getattr(spec, "access", None)
    if access is Access.REFUSED:
        return "refused"
    if access is Access.WALLED:
        return "walled"
    speed = speed_of(getattr(spec, "download_kbit", None), getattr(spec, "upload_kbit", None))
    return speed or ("open" if isinstance(spec, Login) else "enabled")


_MEGA = 1_000


def speed_of(down: int | None, up: int | None) -> str:
    """Return a speed as people say it: ``300/150 Mbit/s``."""
    if down is None:
        return ""
    if down % _MEGA or (up or 0) % _MEGA:
        return f"{down}/{up} kbit/s" if up else f"{down} kbit/s"
    return f"{down // _MEGA}/{up // _MEGA} Mbit/s" if up else f"{down // _MEGA} Mbit/s"
