"""What the use cases about notices need of a database; ``storage`` fulfils it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple, Protocol

from ispcore.notices import KeptNotice, Notice, NoticeId, NoticeKind, NoticeState, Trouble
from ispcore.plans import ChannelTerms
from ispcore.values import CustomerId, SubscriptionId


class OwnTerms(NamedTuple):
    """What a subscription says of its own about notices, and its business unit."""

    unit: str
    terms: Mapping[str, ChannelTerms]


class Notices(Protocol):
    """What customers are told."""

    def ask(self, asked: Sequence[Notice]) -> tuple[Notice, ...]:
        """Keep what is *asked* for and was not asked for before, and return that.

        What was withdrawn is asked for anew; whatever else became of one, it stays so.
        """
        ...

    def unasked(self, asked: Sequence[Notice]) -> tuple[Notice, ...]:
        """Return what :meth:`ask` would keep."""
        ...

    def withdraw(self, names: Collection[NoticeId], trouble: Trouble) -> None:
        """Withdraw those of the notices that still wait."""
        ...

    def waiting(self, customers: Sequence[CustomerId], kinds: Collection[NoticeKind]) -> tuple[Notice, ...]:
        """Return what waits for these *customers*, of some *kinds*, read in bulk."""
        ...

    def to_tell(
        self, days: Collection[date] | None, due_by: date, after: CustomerId, limit: int
    ) -> tuple[CustomerId, ...]:
        """Return customers by number, beginning *after* one, who may have to be told of what they owe.

        They owe something that is due on one of *days*, or by *due_by* where these are None or a subscription
        has days of its own; or something waits for them.
        """
        ...

    def handed_over(self, customers: Sequence[CustomerId]) -> Mapping[tuple[str, str], date]:
        """Return the day on which these *customers* were told of a stage, by slip or receivable and stage."""
        ...

    def terms(self, wanted: Collection[SubscriptionId]) -> Mapping[SubscriptionId, OwnTerms]:
        """Return what *wanted* subscriptions say of their own about notices, and their units."""
        ...

    def get(self, name: NoticeId) -> KeptNotice:
        """Return a notice, or raise NotFoundError."""
        ...

    def list(
        self,
        *,
        state: NoticeState | None = None,
        channel: str | None = None,
        customer: CustomerId | None = None,
        limit: int | None = None,
    ) -> tuple[KeptNotice, ...]:
        """Return notices, the latest first."""
        ...

    def retry(self, *, now: datetime, name: NoticeId | None = None, channel: str | None = None) -> int:
        """Have what failed, or waits after a failure, tried at once; return how much that is."""
        ...
