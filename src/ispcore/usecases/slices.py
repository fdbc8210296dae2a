"""Slices: a closing of some customers in one transaction, which may be repeated without harm.

A slice can be closed anywhere, by any process, more than once: what was issued is not issued again, and what
it came to is kept in the same transaction.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from ispcore.billing import Closing, Terms, close_customer, close_quiet, terms_of
from ispcore.errors import ConcurrentChangeError, UnbillableError
from ispcore.usecases.rows import QuietGroup
from ispcore.usecases.runs import Run, of_closings, of_quiet, with_customers
from ispcore.values import CustomerId

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ispcore.billing import Profile, QuietClosing, TermsSource
    from ispcore.catalog import Catalogue
    from ispcore.plans import Cycle
    from ispcore.usecases.ports import Database, UnitOfWork
    from ispcore.usecases.rows import DueRow, Slice, SubscriptionRow
    from ispcore.values import SubscriptionId

SLICE = 1_000
"""How many customers are closed in one transaction."""


class SliceCloser:
    """Closes slices of one database; what many of them read is read once."""

    def __init__(self, database: Database) -> None:
        """Work on *database*."""
        self._database = database
        self._catalogue: Catalogue | None = None
        self._profiles: dict[str, Profile] = {}
        self._alike: dict[tuple[str, date, date], QuietClosing | None] = {}
        self._terms: TermsSource | None = None

    def close(self, run: str, part: Slice, on: date) -> Run:
        """Bill the customers of *part* up to *on*, and return what that came to, earlier attempts included.

        Raises:
            StorageError: the database failed; nothing of this attempt was saved.
        """
        with self._database.writing() as work:
            due = work.ledger.due(part.first, part.last, on)
            if not due:
                found = Run(on)
            else:
                self._read(work)
                found = self._closed(work, part, due, on)
            total = work.ledger.add_slice(run, part.first, part.last, found)
        return with_customers(total, part.customers)

    def _read(self, work: UnitOfWork) -> None:
        """Have the catalogue at hand; when it changed, forget what was computed by the old one."""
        catalogue = work.catalogue.current()
        if catalogue is not self._catalogue:
            self._catalogue, self._terms = catalogue, terms_from(catalogue)
            self._alike.clear()

    def _closed(self, work: UnitOfWork, part: Slice, due: Sequence[DueRow], on: date) -> Run:
        assert self._catalogue is not None  # noqa: S101 - read before
        assert self._terms is not None  # noqa: S101 - read before
        alike, others = self._sorted(work, part, due, on)
        accounts = list(closings(work, others, on, self._catalogue, self._terms))
        return of_closings(on, _saved(work, accounts, on)) + _saved_quiet(work, alike, on)

    def _sorted(
        self, work: UnitOfWork, part: Slice, due: Sequence[DueRow], on: date
    ) -> tuple[list[QuietGroup], tuple[CustomerId, ...]]:
        """Return the quiet subscriptions with what they owe, and the customers to look at one by one."""
        alike: dict[tuple[str | None, date | None], list[DueRow]] = defaultdict(list)
        for row in due:
            alike[row.profile, row.closed_through].append(row)
        self._have_profiles(work, {profile for profile, _ in alike if profile is not None})
        loud = set(work.ledger.with_balance(part.first, part.last))
        quiet: list[QuietGroup] = []
        for (profile, since), members in alike.items():
            found = self._quiet(profile, since, on)
            if found is None:
                loud.update(row.customer for row in members)
            else:
                loud.update(
                    row.customer for row in members if row.quiet_until and row.quiet_until < found.reaches
                )
                quiet.append(QuietGroup(found, members))
        if not loud:
            return quiet, ()
        # A customer is billed in one way only: with one loud subscription all are looked at.
        left = (QuietGroup(found, [row for row in rows if row.customer not in loud]) for found, rows in quiet)
        wanted = sorted({row.customer for row in due if row.customer in loud})
        return [group for group in left if group.members], tuple(wanted)

    def _quiet(self, profile: str | None, since: date | None, on: date) -> QuietClosing | None:
        """Return what a subscription of *profile* owes that was billed up to *since*, if that tells it."""
        if profile is None or since is None:
            return None
        question = (profile, since, on)
        if question not in self._alike:
            self._alike[question] = self._computed(*question)
        return self._alike[question]

    def _computed(self, profile: str, since: date, on: date) -> QuietClosing | None:
        assert self._catalogue is not None  # noqa: S101 - read before
        assert self._terms is not None  # noqa: S101 - read before
        kept = self._profiles.get(profile)
        return None if kept is None else close_quiet(kept, since, self._catalogue, self._terms, on)

    def _have_profiles(self, work: UnitOfWork, names: set[str]) -> None:
        if len(self._alike) > _MOST_KEPT:
            self._alike.clear()
            self._profiles.clear()
        missing = names - self._profiles.keys()
        if missing:
            self._profiles.update(work.ledger.profiles(missing))


_MOST_KEPT = 20_000


def closings(
    work: UnitOfWork,
    customers: tuple[CustomerId, ...],
    on: date,
    catalogue: Catalogue,
    terms: TermsSource,
) -> Iterator[tuple[Closing, Sequence[SubscriptionRow]]]:
    """Yield what a closing would append for each of *customers*, with the rows of its subscriptions."""
    for account, rows in work.ledger.books(customers):
        yield close_customer(account, catalogue, terms, on), rows


def terms_from(catalogue: Catalogue) -> TermsSource:
    """Return a source of today's terms that reads *catalogue* once for each different question."""
    known: dict[tuple[Cycle, str, frozenset[str]], Terms] = {}

    def source(cycle: Cycle, policy: str, offers: frozenset[str]) -> Terms:
        question = (cycle, policy, offers)
        found = known.get(question)
        if found is None:
            found = known[question] = terms_of(catalogue, cycle, policy, offers)
        return found

    return source


def _saved(
    work: UnitOfWork, found: list[tuple[Closing, Sequence[SubscriptionRow]]], on: date
) -> list[Closing]:
    """Save a slice and return what was saved; when that clashes, the customers apart.

    A customer whose entries clash with what stands in the books becomes a problem, and nothing of it is
    saved.
    """
    if not found:
        return []
    try:
        with work.savepoint():
            work.ledger.save(found, on)
    except ConcurrentChangeError as error:
        if len(found) == 1:
            ((closing, _),) = found
            clashes = tuple(_clash(one.subscription, error) for one in closing.subscriptions if one.entries)
            return [Closing((), (), (*closing.problems, *clashes))]
        return [closing for one in found for closing in _saved(work, [one], on)]
    return [closing for closing, _ in found]


def _saved_quiet(work: UnitOfWork, groups: Sequence[QuietGroup], on: date) -> Run:
    """Save what a closing found for quiet subscriptions; when that clashes, halve them and try again."""
    if not groups:
        return Run(on)
    try:
        with work.savepoint():
            work.ledger.save_quiet(groups, on)
    except ConcurrentChangeError as error:
        first, second = _halves(groups)
        if not second:
            return Run(on, problems=(_clash(first[0].members[0].id, error),))
        return _saved_quiet(work, first, on) + _saved_quiet(work, second, on)
    return sum((of_quiet(on, group.found, len(group.members)) for group in groups), Run(on))


def _halves(groups: Sequence[QuietGroup]) -> tuple[Sequence[QuietGroup], Sequence[QuietGroup]]:
    """Return two parts of *groups*; the second one is empty where there is only one member."""
    if len(groups) > 1:
        middle = len(groups) // 2
        return groups[:middle], groups[middle:]
    ((found, members),) = groups
    middle = (len(members) + 1) // 2
    rest = members[middle:]
    return [QuietGroup(found, members[:middle])], [QuietGroup(found, rest)] if rest else []


def _clash(subscription: SubscriptionId, error: ConcurrentChangeError) -> UnbillableError:
    message = f"Subscription {subscription} was not billed, its entries clash with the books: {error.message}"
    return UnbillableError(message, subscription=subscription, rule="key-conflict")
