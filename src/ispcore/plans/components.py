"""Components: what a subscription carries on the network.

A component stands for a *resource*, whose name survives a change of plan and may be shared: the internet,
voice and TV subscriptions of one home stand for one ONU. Its ``spec`` says what is chosen once: names,
equipment, addresses. Whether it is enabled, and how fast, is never in it; :mod:`ispcore.network` computes
that from the timeline.
"""

from __future__ import annotations

from datetime import date, time

from attrs import field, frozen

from ispcore.catalog import Speed
from ispcore.driver import Spec
from ispcore.values import ComponentId, as_tuple

EVERY_DAY = tuple(range(1, 8))
"""The days of the week as ISO numbers them, 1 is Monday."""


@frozen
class SpeedWindow:
    """A speed for some hours, in the business unit's zone.

    It goes from ``start`` until ``end``, of the next day where that is not later; ``days`` are those on
    which it begins.
    """

    start: time
    end: time
    speed: Speed
    days: tuple[int, ...] = field(default=EVERY_DAY, converter=as_tuple)


@frozen
class ProvisionalSpeed:
    """A speed that ends by itself; ``until`` is the first day without it."""

    speed: Speed
    until: date


@frozen
class Component:
    """One component of a subscription.

    Its speed is the provisional one, else that of a window, else ``override``, else the plan's. ``needs``
    names the resources that must stand first, ``password_of`` the one whose password it has.
    """

    id: ComponentId
    resource: str
    spec: Spec
    since: date
    access_point: str | None = None
    override: Speed | None = None
    windows: tuple[SpeedWindow, ...] = field(default=(), converter=as_tuple)
    provisional: ProvisionalSpeed | None = None
    needs: tuple[str, ...] = field(default=(), converter=as_tuple)
    password_of: str | None = None
