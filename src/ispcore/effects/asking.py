"""Asking a device something that is not kept: who asked every few minutes would fill the list of actions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, cast

from ispcore.driver import DriverError
from ispcore.effects.acting import check_support, checked
from ispcore.effects.drivers import origin
from ispcore.effects.sessions import DeviceDownError, down

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ispcore.driver import Action
    from ispcore.effects.borrowing import Lender

R = TypeVar("R")


def ask(lender: Lender, device: str, action: Action[R]) -> tuple[R, ...]:
    """Return what *device* answers to an *action* without targets; its lane is held no longer than that.

    Raises:
        Unsupported: its driver or the device does not bear it.
        DeviceDownError: it cannot be worked with, or refused.
        LaneLostError: no lane became free in time.
    """
    with lender.lend(device, f"{device}:{action.word}") as borrowed:
        known = borrowed.device
        check_support(known, action)
        try:
            return tuple(_values(known.session.act(action, (), borrowed.operation), action))
        except Exception as error:
            failed = down(error, borrowed.clean, by=origin(known.spec))
            # What is refused once the device is open is no password of the device: it works for others.
            raise DeviceDownError(failed.fault, after_seconds=failed.after_seconds) from error


def _values(results: Iterator[Any], action: Action[R]) -> Iterator[R]:
    for result in checked(results, action):
        if isinstance(result.value, DriverError):
            raise result.value
        yield cast("R", result.value)
