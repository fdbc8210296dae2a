"""Looking for drift: read a whole device, compare it with what was left there, and mend what may be mended.

Nothing is written to a device here. What is to be mended is made to lag, and the ordinary worker writes it:
so there is one way to write, with its intents and its reading back.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, Protocol

from attrs import evolve, field, frozen

from ispcore.driver import DriverError, PlacementId, Seen, Spec, claim_of
from ispcore.effects.borrowing import Borrowed, Lender
from ispcore.effects.drivers import origin
from ispcore.effects.protocol import is_emptied
from ispcore.effects.sessions import DeviceDownError, OpenDevice, down
from ispcore.effects.work import LaneLostError, Stop, StopReason
from ispcore.network import Drift, DriftKind, Expected, Stray, drift_of, drift_of_stray

_LOG = logging.getLogger(__name__)

CHUNK = 500
"""So much is kept in memory at once, however much stands on a device."""
_MOST_TOLD = 1_000


@frozen
class Look:
    """One look at a device: its number, when it began, and whether what it finds is mended.

    ``version`` is that of the device then: it tells whether somebody accepted or changed it meanwhile.
    """

    device: str
    number: int
    began: datetime
    repairs: bool
    version: int


@frozen
class Mended:
    """What became of what was to be mended: written again, or too often changed back today."""

    repaired: tuple[PlacementId, ...] = ()
    contested: tuple[PlacementId, ...] = ()

    def __add__(self, other: Mended) -> Mended:
        """Return both together."""
        return Mended(self.repaired + other.repaired, self.contested + other.contested)


@frozen(kw_only=True)
class DriftReport:
    """What a look at a device found.

    ``drifts`` are the first of them, ``counts`` count all. Placements that are ``busy`` are being worked on,
    or wait for it, and are no drift. A ``failure`` kept the device from being read; nothing is known then.
    """

    device: str
    at: datetime
    seen: int = 0
    expected: int = 0
    busy: int = 0
    counts: Mapping[DriftKind, int] = field(factory=dict)
    drifts: tuple[Drift, ...] = ()
    mended: Mended = Mended()
    stopped: str | None = None
    failure: str | None = None

    @property
    def is_clean(self) -> bool:
        """Whether everything stands as it was left."""
        return not (self.counts or self.failure or self.stopped)


@frozen
class Watch:
    """How a device is watched: how often, whether what drifted is mended, and what the last look found."""

    every_seconds: int | None = None
    repairs: bool = False
    looked_at: datetime | None = None
    found: Mapping[str, Any] | None = None


class DriftStore(Protocol):
    """What was seen, and what should be there. Each call is a transaction of its own."""

    def begin(self, device: str) -> Look:
        """Begin a look."""
        ...

    def spool(self, look: Look, seen: Sequence[Seen]) -> None:
        """Keep what was seen, with whose name each has."""
        ...

    def expected(self, look: Look, after: str, count: int) -> Sequence[Expected]:
        """Return the next placements that were left as they are wanted, and nobody has touched since."""
        ...

    def match(self, look: Look, claims: Mapping[str, PlacementId]) -> Mapping[str, Seen]:
        """Return what was seen under *claims*, of each the one where it was last, and say whose that is."""
        ...

    def strays(self, look: Look, after: str, count: int) -> Sequence[tuple[str, Stray | None]]:
        """Return what matched nothing by its keys; None where its owner is being worked on."""
        ...

    def counted(self, look: Look) -> tuple[int, int]:
        """Return how much was seen, and how many placements are being worked on."""
        ...

    def unbound(self, device: str | None) -> Sequence[Drift]:
        """Return what is wanted on devices that there are not."""
        ...

    def mend(self, look: Look, drifts: Sequence[Drift]) -> Mended:
        """Have workers write these again, unless that was done too often today."""
        ...

    def stop(self, look: Look, stop: Stop) -> bool:
        """Let the device wait for a person, unless one has accepted or changed it since; tell whether."""
        ...

    def finish(self, look: Look, report: DriftReport) -> None:
        """Keep what was found; what a failed look saw is forgotten."""
        ...

    def due(self, every_seconds: int | None) -> str | None:
        """Return a device whose time has come to be looked at, for whoever asks first."""
        ...


@frozen
class Looker:
    """Looks at devices, in lanes that it borrows."""

    lender: Lender
    store: DriftStore
    chunk: int = CHUNK

    def look(
        self,
        device: str,
        *,
        repairs: bool | None = None,
        watch: Callable[[Drift], object] | None = None,
        most: int | None = _MOST_TOLD,
    ) -> DriftReport:
        """Look at *device*; *repairs* None does what was chosen for it.

        *watch* sees everything that drifted, the report holds at *most* so many.
        """
        look = self.store.begin(device)
        try:
            comparison = _Comparison(self.store, look, *self._read(look), self.chunk)
            report = comparison.report(look.repairs if repairs is None else repairs, watch, most)
        except (DeviceDownError, LaneLostError) as error:
            report = self._failed(look, error)
        self.store.finish(look, report)
        return report

    def look_when_due(self, every_seconds: int | None = None) -> int:
        """Look at each device whose time has come, *every_seconds* where nothing else was chosen for it."""
        count = 0
        while (device := self.store.due(every_seconds)) is not None:
            report = self.look(device, most=0)
            count += 1
            if not report.is_clean:
                _LOG.warning("%s", told(report))
        return count

    def _read(self, look: Look) -> tuple[OpenDevice, Callable[[str], str]]:
        with self.lender.lend(look.device, f"{look.device}:look") as borrowed:
            stream = _told_by(borrowed)
            while chunk := list(islice(stream, self.chunk)):
                self.store.spool(look, chunk)
                borrowed.renew()
            return borrowed.device, borrowed.clean

    def _failed(self, look: Look, error: DeviceDownError | LaneLostError) -> DriftReport:
        stop = None
        if isinstance(error, DeviceDownError) and error.stop is not None:
            stop = Stop(error.stop, error.fault.text)
        stopped = stop.text if stop is not None and self.store.stop(look, stop) else None
        return DriftReport(device=look.device, at=look.began, failure=str(error), stopped=stopped)


def _told_by(borrowed: Borrowed) -> Iterator[Seen]:
    """Yield everything that stands on a device.

    Raises:
        DeviceDownError: it told not all of it, or not in a way that a driver should.
    """
    device = borrowed.device
    try:
        yield from device.session.observe(None, borrowed.operation)
    except Exception as error:
        raise down(error, borrowed.clean, by=origin(device.spec)) from error


@frozen
class _Comparison:
    """What was seen at a look beside what should be there, a page at a time."""

    store: DriftStore
    look: Look
    device: OpenDevice
    clean: Callable[[str], str]
    page: int

    def report(self, mend: bool, watch: Callable[[Drift], object] | None, most: int | None) -> DriftReport:  # noqa: FBT001 - of the looker
        counts: Counter[DriftKind] = Counter()
        kept: list[Drift] = []
        expected = mendable = 0
        for page, pages_drifts in self._pages():
            expected += page
            for drift in pages_drifts:
                counts[drift.kind] += 1
                mendable += drift.can_be_repaired
                if most is None or len(kept) < most:
                    kept.append(drift)
                if watch is not None:
                    watch(drift)
        seen, busy = self.store.counted(self.look)
        report = DriftReport(
            device=self.look.device,
            at=self.look.began,
            seen=seen,
            expected=expected,
            busy=busy,
            counts=dict(counts),
            drifts=tuple(kept),
        )
        return self._with_mending(report, counts[DriftKind.MISSING]) if mend and mendable else report

    def _with_mending(self, report: DriftReport, missing: int) -> DriftReport:
        if is_emptied(report.expected, missing):
            text = f"{missing} of {report.expected} things that we had written are gone from {report.device}."
            stopped = self.store.stop(self.look, Stop(StopReason.EMPTIED, text))
            return evolve(report, stopped=text) if stopped else report
        mended = Mended()
        for _, drifts in self._pages():
            some = [drift for drift in drifts if drift.can_be_repaired]
            if some:
                mended += self.store.mend(self.look, some)
        return evolve(report, mended=mended)

    def _pages(self) -> Iterator[tuple[int, list[Drift]]]:
        """Yield how many placements each page has, and what of them drifted; then what matched nothing."""
        after = ""
        while page := self.store.expected(self.look, after, self.page):
            yield len(page), self._compared(page)
            after = page[-1].id
        after = ""
        while strays := self.store.strays(self.look, after, self.page):
            yield 0, [drift_of_stray(stray) for _, stray in strays if stray is not None]
            after = strays[-1][0]

    def _compared(self, page: Sequence[Expected]) -> list[Drift]:
        normal = {one.id: self._normal(one.wanted) for one in page}
        found = self.store.match(self.look, {claim_of(normal[one.id]): one.id for one in page})
        drifts = (drift_of(one, normal[one.id], found.get(claim_of(normal[one.id]))) for one in page)
        return [drift for drift in drifts if drift is not None]

    def _normal(self, spec: Spec) -> Spec:
        try:
            return self.device.driver.normal(spec, self.device.health)
        except DriverError:
            return spec  # what a device cannot bear differs, and a worker will be told why
        except Exception as error:
            raise down(error, self.clean, by=origin(self.device.spec)) from error


def told(report: DriftReport) -> str:
    """Say in one line what a look came to."""
    if report.failure is not None:
        return f"{report.device} could not be looked at: {report.failure}"
    counts = ", ".join(f"{many} {kind.value}" for kind, many in report.counts.items()) or "no drift"
    return f"{report.device}: {counts}" + (f"; {report.stopped}" if report.stopped else "")
