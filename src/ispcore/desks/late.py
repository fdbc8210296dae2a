"""The part of the facade that is about customers who pay late."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from ispcore import usecases as u

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from ispcore.timeline import Actor
    from ispcore.values import CustomerId


@frozen
class LateDesk:
    """What is done about late payment; :attr:`Provider.late <ispcore.app.Provider.late>`."""

    _desk: u.Desk

    def run(
        self,
        on: date | None = None,
        *,
        actor: Actor,
        preview: bool = False,
        watch: Callable[[u.LateRun], object] | None = None,
    ) -> u.LateRun:
        """Reduce, block and restore, ask for notices and propose cancellations, as policies say for the day.

        Run it every day, and after days of silence once, for today. Running again does nothing twice. A
        *preview* saves nothing, and may be of a later day; *watch* sees what each slice came to.

        Raises:
            RefusedError: the day is still to come, and this is no preview.
        """
        return u.run_late(self._desk, on, actor=actor, preview=preview, watch=watch)

    def customers(
        self, on: date | None = None, *, actor: Actor, customer: CustomerId | None = None
    ) -> Iterator[u.LateLook]:
        """Yield who is late on a day, all or one: how much, at which stage, and what comes next and when.

        Raises:
            NotFoundError: there is no such customer.
        """
        return u.late_customers(self._desk, on, actor=actor, customer=customer)
