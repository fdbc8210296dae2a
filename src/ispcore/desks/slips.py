"""The part of the facade that is about slips: issued, looked at, changed; payment books."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve, frozen

from ispcore import usecases as u
from ispcore.values import BookId, SlipId

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import date

    from ispcore.billing import PaymentBook, Slip
    from ispcore.storage import SqlDatabase
    from ispcore.timeline import Actor
    from ispcore.values import CustomerId, SubscriptionId


@frozen
class NextSlips:
    """What a customer's next slips would be; nothing was saved. ``run`` is what issuing came to."""

    run: u.SlipRun
    slips: tuple[u.SlipView, ...]


@frozen
class SlipDesk:
    """What is done about slips; :attr:`Provider.slips <ispcore.app.Provider.slips>`."""

    _desk: u.Desk
    _database: SqlDatabase
    _late: u.LateSource | None = None
    _providers: Callable[[], Mapping[str, u.ChargeProvider]] = dict

    def issue(
        self,
        on: date,
        *,
        actor: Actor,
        customer: CustomerId | None = None,
        due_by: date | None = None,
        watch: Callable[[u.SlipRun], object] | None = None,
    ) -> u.SlipRun:
        """Issue the slips that there should be on a day: of all who owe something, or of one *customer*.

        Doing it again issues nothing. Subscriptions that mass generation leaves out get theirs when their
        customer is named. What is due after *due_by* waits; *watch* sees what each slice came to.

        Raises:
            NotFoundError: there is no such customer.
            StorageError: the database failed; the slices that were done stay done.
        """
        return u.issue_slips(
            self._desk, on, actor=actor, customer=customer, due_by=due_by, late=self._late, watch=watch
        )

    def register(
        self,
        *,
        actor: Actor,
        providers: Mapping[str, u.ChargeProvider] | None = None,
        most: int | None = None,
    ) -> u.Registrations:
        """Tell charge providers of the slips that they should know, and take back those that stand no more.

        They are those of plugins, and *providers* of one's own by name; at *most* so many slips are told.
        """
        u.ask_for_registrations(self._desk, actor=actor)
        every = {**self._providers(), **(providers or {})}
        return u.tell_providers(self._desk, every, actor=actor, most=most)

    def registrations(self, slips: Sequence[SlipId], *, actor: Actor) -> Mapping[SlipId, u.Registration]:
        """Return what charge providers know of slips: their state, reference, and what customers need."""
        actor.require("slips.read")
        with self._desk.database.reading() as work:
            return work.registrations.of(slips)

    def preview(self, on: date, *, actor: Actor, customer: CustomerId) -> NextSlips:
        """Return the slips that *customer* would get if everything were billed and issued on a day.

        Raises:
            NotFoundError: there is no such customer.
        """
        actor.require("slips.preview")
        with self._database.rehearsal() as database:
            desk = evolve(self._desk, database=database)
            mine = evolve(actor, permissions=frozenset({"*"}))
            before = {slip.id for slip in u.list_slips(desk, u.SlipQuery(customer), actor=mine)}
            u.close(desk, on, actor=mine, customer=customer)
            run = u.issue_slips(desk, on, actor=mine, customer=customer, late=self._late)
            after = u.list_slips(desk, u.SlipQuery(customer), actor=mine)
            views = [u.slip_view(desk, slip.id, actor=mine) for slip in after if slip.id not in before]
        return NextSlips(run, tuple(views))

    def regenerate(self, slip: SlipId, *, actor: Actor, due_on: date | None = None) -> Slip:
        """Make a slip anew with what is still open of it, and return the new one; the old one is replaced.

        Raises:
            NotFoundError: there is no such slip.
            RefusedError: it waits for no money any more, or *due_on* is past.
        """
        made = u.change_slips(self._desk, u.RegenerateSlip(slip=slip, due_on=due_on), actor=actor)
        return made.issued[0]

    def merge(self, first: SlipId, second: SlipId, *, actor: Actor, due_on: date | None = None) -> Slip:
        """Put two slips together on a new one, and return it; both are replaced.

        Raises:
            NotFoundError: one of them does not exist.
            RefusedError: they do not go together, or one waits for no money any more.
        """
        command = u.MergeSlips(slips=(first, second), due_on=due_on)
        return u.change_slips(self._desk, command, actor=actor).issued[0]

    def cancel(self, slip: SlipId, *, actor: Actor) -> None:
        """Take a slip back; what is open of it waits for another one.

        Raises:
            NotFoundError: there is no such slip.
            RefusedError: it waits for no money any more.
        """
        u.change_slips(self._desk, u.CancelSlip(slip=slip), actor=actor)

    def get(self, slip: SlipId, *, actor: Actor) -> u.SlipView:
        """Return a slip with the amounts on it, or raise NotFoundError."""
        return u.slip_view(self._desk, slip, actor=actor)

    def list(self, query: u.SlipQuery | None = None, *, actor: Actor) -> tuple[Slip, ...]:
        """Return the slips that *query* asks for, by number; the first thousand of all without one."""
        return u.list_slips(self._desk, query or u.SlipQuery(), actor=actor)

    # Payment books

    def book(
        self, customer: CustomerId, months: int, *, actor: Actor, subscription: SubscriptionId | None = None
    ) -> u.BookMade:
        """Bill for so many months ahead and put the slips into a payment book.

        It is of all that the customer has, or of one *subscription* alone.

        Raises:
            NotFoundError: there is no such customer or subscription.
            RefusedError: it is too far ahead, or there is nothing to put into a book.
            UnbillableError: a subscription cannot be billed; nothing is saved.
        """
        return u.make_book(self._desk, customer, months, actor=actor, subscription=subscription)

    def books(
        self,
        *,
        actor: Actor,
        customer: CustomerId | None = None,
        after: BookId = BookId(0),  # noqa: B008 - a number
        limit: int = 1_000,
    ) -> tuple[PaymentBook, ...]:
        """Return payment books by number, of everybody or of one *customer*."""
        return u.list_books(self._desk, customer, actor=actor, after=after, limit=limit)

    def print_book(self, book: BookId, *, actor: Actor) -> u.PrintedBook:
        """Return a payment book as text, a page for each slip to be paid, or raise NotFoundError."""
        return u.print_book(self._desk, book, actor=actor)

    def send_book(
        self, book: BookId, sender: u.BookSender, *, actor: Actor, again: bool = False
    ) -> PaymentBook:
        """Hand a payment book over to *sender*, whole, and note under which name it was taken.

        Raises:
            NotFoundError: there is no such book.
            RefusedError: it was sent already, or nothing of it is to be paid.
        """
        return u.send_book(self._desk, book, sender, actor=actor, again=again)
