"""Payment books: billed for months ahead, slips issued, and all of it printed or sent as one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from attrs import frozen

from ispcore.billing import PaymentBook, Slip, printed_book, slip_changes
from ispcore.errors import RefusedError
from ispcore.usecases.close_ahead import close_ahead
from ispcore.usecases.desk import Desk, begin
from ispcore.usecases.issue_slips import stamp_of
from ispcore.usecases.make_slips import accounts, make
from ispcore.values import BookId, ChargeId, CustomerId, SubscriptionId

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ispcore.timeline import Actor
    from ispcore.usecases.make_slips import SlipAccount
    from ispcore.usecases.ports import UnitOfWork

BOOK, READ, SEND = "slips.book", "slips.read", "slips.send"
_LONGEST_NAME = 200


@frozen
class BookMade:
    """A payment book with its slips, the first due first; ``known`` says that it was there already."""

    book: PaymentBook
    slips: tuple[Slip, ...]
    known: bool = False


@frozen
class PrintedBook:
    """A payment book as it is handed over to be sent: whole, with its text."""

    book: PaymentBook
    slips: tuple[Slip, ...]
    text: str


class BookSender(Protocol):
    """Takes payment books to customers: by post, by mail, by a bank."""

    def __call__(self, book: PrintedBook, /) -> str:
        """Take *book* over whole, and return the name under which it is known there."""
        ...


def make_book(
    desk: Desk,
    customer: CustomerId,
    months: int,
    *,
    actor: Actor,
    subscription: SubscriptionId | None = None,
) -> BookMade:
    """Bill a customer, or one *subscription*, for so many months ahead and put the slips into a book.

    Slips that wait for money and are due later belong to it too, unless they are in another book. Where
    nothing is new the book that there is is returned.

    Raises:
        NotFoundError: there is no such customer or subscription.
        RefusedError: it is too far ahead, or there is nothing to put into a book.
        UnbillableError: a subscription cannot be billed; nothing is saved.
    """
    actor.require(BOOK)
    writing = begin(desk, actor)
    with desk.database.writing() as work:
        work.customers.get(customer)
        on = desk.today_of(work.catalogue.current())
        close_ahead(work, customer, subscription, on, months)
        (account,) = accounts(work, [customer], by_hand=True)
        its = (name for name in account.balances if _is_wanted(name, account, subscription))
        changes = slip_changes([account.balances[name] for name in its], account.standing, on, account.wishes)
        made = make(work, [(account, changes)], on, stamp_of(writing))
        left = (slip for slip in account.standing if slip.id not in made.ended)
        later = [slip for slip in (*left, *made.issued) if slip.due_on >= on]
        slips = [slip for slip in later if _carries(slip, account, subscription)]
        free = [slip.id for slip in slips if slip.book is None]
        if not free:
            return _known(work, slips, customer)
        book = PaymentBook(work.payment_books.new_number(), customer, subscription, months, on)
        work.payment_books.add(book, stamp_of(writing))
        work.slips.put_in_book(free, book.id)
        return BookMade(book, work.payment_books.slips(book.id))


def print_book(desk: Desk, book: BookId, *, actor: Actor) -> PrintedBook:
    """Return a payment book with its text, or raise NotFoundError."""
    actor.require(READ)
    return _printed(desk, book)


def _printed(desk: Desk, book: BookId) -> PrintedBook:
    with desk.database.reading() as work:
        found, slips = work.payment_books.get(book), work.payment_books.slips(book)
        names = [name for slip in slips for name in slip.receivables]
        customer, _ = work.customers.get(found.customer)
        companies = {one.code: one.name for one in work.catalogue.current().companies.values()}
        balances = work.slips.balances(sorted(set(names)))
        text = printed_book(found, slips, balances, customer=customer.details.name, companies=companies)
    return PrintedBook(found, slips, text)


def send_book(
    desk: Desk, book: BookId, sender: BookSender, *, actor: Actor, again: bool = False
) -> PaymentBook:
    """Hand a payment book over whole, note that it was sent, and return it.

    Raises:
        NotFoundError: there is no such book.
        RefusedError: it was sent already and *again* does not say so, or nothing of it is to be paid.
    """
    actor.require(SEND)
    printed = _printed(desk, book)
    if printed.book.sent_on is not None and not again:
        raise RefusedError(
            f"Payment book {book} was sent on {printed.book.sent_on} as {printed.book.sent_as!r}.",
            rule="book-sent",
            hint="Say that it is to be sent again.",
        )
    if not any(slip.state.waits for slip in printed.slips):
        raise RefusedError(
            f"Nothing of payment book {book} is to be paid.",
            rule="nothing-to-pay",
            hint="Make a new one for the months to come.",
        )
    name = sender(printed)[:_LONGEST_NAME]
    with desk.database.writing() as work:
        work.payment_books.sent(book, desk.today_of(work.catalogue.current()), name)
        return work.payment_books.get(book)


def _known(work: UnitOfWork, slips: Sequence[Slip], customer: CustomerId) -> BookMade:
    """Return the latest book that the slips are in."""
    books = sorted({slip.book for slip in slips if slip.book is not None})
    if not books:
        raise RefusedError(
            f"There is nothing to put into a payment book of customer {customer}.",
            rule="nothing-to-book",
            hint="Nothing is owed for the months to come; look at the subscriptions' statuses.",
        )
    return BookMade(work.payment_books.get(books[-1]), work.payment_books.slips(books[-1]), known=True)


def _is_wanted(name: ChargeId, account: SlipAccount, subscription: SubscriptionId | None) -> bool:
    """Tell whether an amount is of the book's subscription, or on a slip that stands."""
    if subscription is None or any(name in slip.receivables for slip in account.standing):
        return True
    return account.balances[name].receivable.key.subscription == subscription


def _carries(slip: Slip, account: SlipAccount, subscription: SubscriptionId | None) -> bool:
    """Tell whether *slip* asks for something of the book's subscription."""
    known = (account.balances.get(name) for name in slip.receivables)
    its = (one.receivable.key.subscription for one in known if one is not None)
    return subscription is None or subscription in its
