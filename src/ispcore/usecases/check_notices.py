"""Check that notices are what they say: named after what they are about, and in a state with its days."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.notices import NoticeKind, NoticeState

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from ispcore.notices import KeptNotice
    from ispcore.usecases.check_network import Stale
    from ispcore.usecases.ports import UnitOfWork
    from ispcore.values import CustomerId, SubscriptionId


def stale_notices(
    work: UnitOfWork, customer: CustomerId, subscriptions: Collection[SubscriptionId]
) -> Iterator[Stale]:
    """Yield what of a customer's notices does not follow, the *subscriptions* being all of the customer's."""
    for kept in work.notices.list(customer=customer):
        name, notice = f"notice {kept.notice.id}", kept.notice
        if not _is_named(kept):
            yield name, "notice-name", "its name does not follow from what it is about"
        if notice.subscription is not None and notice.subscription not in subscriptions:
            yield name, "notice", f"subscription {notice.subscription} is another customer's"
        if not _is_whole(kept):
            yield name, "notice", f"it is {kept.state.value}, which its times do not say"


def _is_named(kept: KeptNotice) -> bool:
    notice = kept.notice
    start, _, channel = notice.id.rpartition(":")
    if channel != notice.channel:
        return False
    match notice.kind:
        case NoticeKind.DUE:
            return start == f"due:{notice.step}:{notice.about.id}"
        case NoticeKind.STAGE:
            return start == f"late:{notice.step}:{notice.about.id}"
        case NoticeKind.STATUS:
            return start.startswith((f"status:{notice.about.id}#", f"status:{notice.about.id}:"))


def _is_whole(kept: KeptNotice) -> bool:
    told = kept.state is NoticeState.HANDED_OVER
    days = kept.handed_over_at is not None and kept.handed_over_on is not None
    return told is days and (kept.state is NoticeState.WAITING) is (kept.try_at is not None)
