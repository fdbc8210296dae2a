"""Cancelling, annulling and deleting: for good, for a reason, and on an earlier day if need be."""

from datetime import date

import pytest

from ispcore.catalog import Bucket, Serves
from ispcore.errors import RefusedError
from ispcore.plans import (
    AddItem,
    Annul,
    Block,
    Cancel,
    ChangeAddress,
    ChangeBillingTerms,
    ChangeDiscount,
    ChangePlan,
    ChangePrice,
    ChangeStatus,
    CustomiseComposition,
    Delete,
    Enable,
    End,
    EndKind,
    Resume,
    Retract,
    SubscriptionCommand,
    Suspend,
    decide,
    first_billed_day,
)
from ispcore.plans.facts import Cancelled
from ispcore.values import AddressId
from tests.catalogues import SUBSCRIPTION, april, brl, do, february, line, march, moved, setting, subscribed

ANNUL = Annul(subscription=SUBSCRIPTION)
DELETE = Delete(subscription=SUBSCRIPTION, note="opened twice")
SUSPEND = Suspend(subscription=SUBSCRIPTION)


def cancel(on: date | None = None, reason: str | None = "moved") -> Cancel:
    return Cancel(subscription=SUBSCRIPTION, on=on, reason=reason)


# --- cancelling


@pytest.mark.covers("S0-112", "S0-113", "S0-155")
def test_a_subscription_is_cancelled_for_a_reason_of_the_list() -> None:
    timeline = do(subscribed(), cancel(), march(10))

    assert timeline.end == End(march(10), EndKind.CANCELLED)
    assert timeline.facts[-1].reason == "moved"
    assert (timeline.last.bucket, timeline.last.serves) == (Bucket.CANCELLED, Serves.REMOVED)


@pytest.mark.covers("S0-113")
def test_cancelling_without_a_reason_is_refused_and_the_list_is_shown() -> None:
    with pytest.raises(RefusedError, match=r"without a reason\. The catalogue has: moved, price") as refused:
        do(subscribed(), cancel(reason=None), march(10))

    assert refused.value.rule == "reason-required"


@pytest.mark.covers("S0-113")
def test_a_reason_that_is_not_on_the_list_is_refused() -> None:
    with pytest.raises(RefusedError, match="'bored' is not a reason for cancelling"):
        do(subscribed(), cancel(reason="bored"), march(10))


@pytest.mark.covers("S0-114")
@pytest.mark.parametrize("status", ["awaiting", "enabled", "suspended", "locked"])
def test_a_subscription_is_cancelled_from_any_status(status: str) -> None:
    assert do(subscribed(status=status), cancel(), february(25)).last.bucket is Bucket.CANCELLED


@pytest.mark.covers("S0-115")
@pytest.mark.parametrize(
    "command",
    [
        Enable(subscription=SUBSCRIPTION),
        Resume(subscription=SUBSCRIPTION),
        SUSPEND,
        ChangeStatus(subscription=SUBSCRIPTION, status="enabled"),
        Block(subscription=SUBSCRIPTION),
        cancel(),
        ANNUL,
        ChangePrice(subscription=SUBSCRIPTION, price=brl("90.00")),
        ChangeDiscount(subscription=SUBSCRIPTION, discount=None),
        AddItem(subscription=SUBSCRIPTION, service="mailbox"),
        CustomiseComposition(subscription=SUBSCRIPTION, lines=(line("access", "50.00"),)),
        ChangeBillingTerms(subscription=SUBSCRIPTION, due_day=20),
        ChangeAddress(subscription=SUBSCRIPTION, address=AddressId("shop")),
        ChangePlan(subscription=SUBSCRIPTION, plan="fibre"),
    ],
)
def test_nothing_happens_to_a_cancelled_subscription_any_more(command: SubscriptionCommand) -> None:
    cancelled = do(subscribed(), cancel(), march(10))

    with pytest.raises(RefusedError, match=r"(was cancelled|ended) on 2012-03-10. Open a new one instead"):
        do(cancelled, command, march(11))


def test_the_last_day_of_a_cancelled_subscription_is_known_with_and_without_its_end() -> None:
    timeline = do(subscribed(), cancel(), march(10))

    ended, before = timeline.on(march(10)), timeline.before_end(march(10))

    assert ended is not None
    assert before is not None
    assert (ended.bucket, ended.bills) == (Bucket.CANCELLED, False)
    assert (before.bucket, before.bills) == (Bucket.ACTIVE, True)


def test_a_cancellation_takes_the_holds_away() -> None:
    blocked = do(subscribed(), Block(subscription=SUBSCRIPTION), march(5))

    assert do(blocked, cancel(), march(10)).last.holds == ()


def test_a_back_dated_cancellation_voids_the_facts_after_it_and_lists_them() -> None:
    timeline = do(subscribed(), Block(subscription=SUBSCRIPTION), march(5))
    timeline = do(timeline, SUSPEND, march(12))
    timeline = do(
        timeline, ChangePrice(subscription=SUBSCRIPTION, price=brl("90.00"), on=april(1)), march(13)
    )

    timeline = do(timeline, cancel(on=march(10)), march(20))

    cancelled = timeline.facts[-1].payload
    assert isinstance(cancelled, Cancelled)
    assert cancelled.voids == (3, 4)
    assert [fact.kind for fact in timeline.facts] == ["Subscribed", "HoldPlaced", "Cancelled"]


def test_facts_of_its_own_day_are_not_voided_by_a_cancellation() -> None:
    timeline = do(subscribed(), SUSPEND, march(10))

    timeline = do(timeline, cancel(on=march(10)), march(20))

    assert [fact.kind for fact in timeline.facts] == ["Subscribed", "Suspended", "Cancelled"]


def test_retracting_a_cancellation_brings_back_what_it_voided() -> None:
    before = do(subscribed(), SUSPEND, march(12))
    cancelled = do(before, cancel(on=march(10)), march(20))

    timeline = do(cancelled, Retract(subscription=SUBSCRIPTION, fact=3), march(21))

    assert timeline.end is None
    assert (timeline.facts, timeline.spans) == (before.facts, before.spans)


def test_an_earlier_cancellation_takes_the_place_of_a_later_one() -> None:
    timeline = do(subscribed(), SUSPEND, march(12))
    timeline = do(timeline, cancel(on=march(11)), march(20))

    timeline = do(timeline, cancel(on=march(5)), march(21))

    assert timeline.end == End(march(5), EndKind.CANCELLED)
    assert timeline.facts[-1].payload.voids == (3, 2)


def test_retracting_the_earlier_cancellation_brings_the_later_one_back() -> None:
    timeline = do(subscribed(), SUSPEND, march(12))
    timeline = do(timeline, cancel(on=march(11)), march(20))
    timeline = do(timeline, cancel(on=march(5)), march(21))

    timeline = do(timeline, Retract(subscription=SUBSCRIPTION, fact=4), march(22))

    assert timeline.end == End(march(11), EndKind.CANCELLED)
    assert [fact.kind for fact in timeline.facts] == ["Subscribed", "Cancelled"]


def test_a_cancellation_leaves_retracted_facts_retracted() -> None:
    timeline = do(subscribed(), SUSPEND, march(12))
    timeline = do(timeline, Retract(subscription=SUBSCRIPTION, fact=2), march(13))

    timeline = do(timeline, cancel(on=march(10)), march(20))

    assert timeline.facts[-1].payload.voids == ()


def test_a_cancellation_before_the_move_to_another_plan_is_refused() -> None:
    old, _ = moved(subscribed(), ChangePlan(subscription=SUBSCRIPTION, plan="fibre"), march(10))

    with pytest.raises(RefusedError, match=r"moved to subscription 105 on 2012-03-10\. End the successor"):
        do(old, cancel(on=march(5)), march(20))


# --- annulling


def test_what_was_never_delivered_owes_nothing_from_the_start() -> None:
    timeline = do(subscribed(on=february(24)), Annul(subscription=SUBSCRIPTION, on=february(24)), march(10))

    assert timeline.end == End(february(24), EndKind.ANNULLED)
    assert first_billed_day(timeline) is None


def test_annulling_voids_later_facts_like_cancelling() -> None:
    suspended = do(subscribed(), SUSPEND, march(12))

    timeline = do(suspended, Annul(subscription=SUBSCRIPTION, on=march(1)), march(20))

    assert timeline.facts[-1].payload.voids == (2,)


def test_what_was_opened_for_a_later_day_can_be_annulled_before_it_comes() -> None:
    later = subscribed(on=april(1), at=setting(march(1)))

    timeline = do(later, ANNUL, march(2))

    assert timeline.end == End(april(1), EndKind.ANNULLED)


# --- deleting


@pytest.mark.covers("S0-120")
@pytest.mark.parametrize(
    "commands",
    [(), (SUSPEND,), (cancel(),), (ANNUL,)],
)
def test_a_subscription_is_deleted_from_any_status_and_stays_listed(
    commands: tuple[SubscriptionCommand, ...],
) -> None:
    timeline = subscribed()
    for command in commands:
        timeline = do(timeline, command, march(10))

    timeline = do(timeline, DELETE, march(20))

    assert timeline.last.deleted_on == march(20)
    assert timeline.facts[-1].kind == "Deleted"


def test_a_deletion_ends_what_had_not_ended() -> None:
    running = do(subscribed(), DELETE, march(20))
    cancelled = do(do(subscribed(), cancel(), march(10)), DELETE, march(20))

    assert running.end == End(march(20), EndKind.DELETED)
    assert cancelled.end == End(march(10), EndKind.CANCELLED)


def test_deleting_needs_a_note_that_says_why() -> None:
    with pytest.raises(RefusedError, match="cannot be deleted without a note"):
        do(subscribed(), Delete(subscription=SUBSCRIPTION), march(20))


def test_deleting_is_refused_while_receivables_are_open_unless_forced() -> None:
    forced = Delete(subscription=SUBSCRIPTION, note="court order", force=True)
    with pytest.raises(RefusedError, match="has open receivables"):
        do(subscribed(), DELETE, march(20), open_receivables=True)

    timeline = do(subscribed(), forced, march(20), open_receivables=True)

    assert timeline.last.deleted_on == march(20)
    assert timeline.facts[-1].payload.forced is True


def test_a_deletion_voids_what_was_dated_later() -> None:
    command = ChangePrice(subscription=SUBSCRIPTION, price=brl("90.00"), on=april(1))
    raised = do(subscribed(), command, march(13))

    assert do(raised, DELETE, march(20)).facts[-1].payload.voids == (2,)


def test_what_was_opened_for_a_later_day_can_be_deleted_before_it_comes() -> None:
    later = subscribed(on=april(1), at=setting(march(1)))

    assert do(later, DELETE, march(2)).end == End(april(1), EndKind.DELETED)


@pytest.mark.parametrize(
    "command", [DELETE, Suspend(subscription=SUBSCRIPTION, on=march(10)), cancel(march(10))]
)
def test_nothing_happens_to_a_deleted_subscription_not_even_on_an_earlier_day(
    command: SubscriptionCommand,
) -> None:
    deleted = do(subscribed(), DELETE, march(20))

    with pytest.raises(RefusedError, match=r"was deleted on 2012-03-20\. Retract the deletion first"):
        decide(command, deleted, setting(march(21)))


def test_retracting_a_deletion_brings_the_subscription_back() -> None:
    before = subscribed()
    deleted = do(before, DELETE, march(20))

    timeline = do(deleted, Retract(subscription=SUBSCRIPTION, fact=2), march(21))

    assert (timeline.end, timeline.last) == (None, before.last)
