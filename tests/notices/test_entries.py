"""Which statuses are entered: by facts, and by themselves when timed ones run out."""

from datetime import date

from ispcore.notices import entered_by, entered_by_itself
from ispcore.plans import (
    Cancel,
    CancelOn,
    ChangePlan,
    ChangePrice,
    ChangeStatus,
    ImportSubscription,
    Suspend,
    Timeline,
)
from tests.catalogues import (
    CUSTOMER,
    START,
    SUBSCRIPTION,
    brl,
    do,
    february,
    march,
    moved,
    opened,
    subscribed,
)

LONG_AGO = date(2000, 1, 1)


def by_facts(timeline: Timeline) -> list[tuple[str, str]]:
    return [(one.status.code, one.cause) for one in entered_by(timeline.recorded)]


def by_itself(timeline: Timeline, since: date, through: date) -> list[tuple[str, date, str]]:
    return [(one.status.code, one.on, one.cause) for one in entered_by_itself(timeline, since, through)]


def test_a_new_subscription_enters_its_first_status_and_each_command_another_one() -> None:
    timeline = do(subscribed(), Suspend(subscription=SUBSCRIPTION), march(1))
    timeline = do(timeline, ChangePrice(subscription=SUBSCRIPTION, price=brl("90.00")), march(2))
    timeline = do(timeline, Cancel(subscription=SUBSCRIPTION, reason="moved"), march(3))

    assert by_facts(timeline) == [("enabled", "#1"), ("suspended", "#2"), ("cancelled", "#4")]


def test_what_another_system_did_is_told_by_nobody() -> None:
    imported = opened(
        ImportSubscription(
            customer=CUSTOMER,
            plan="adsl",
            on=START,
            charge_method="slip",
            due_day=10,
            system="old",
            foreign_id="9",
        )
    )

    assert by_facts(imported) == []


def test_a_change_of_plan_is_no_new_status() -> None:
    before, after = moved(subscribed(), ChangePlan(subscription=SUBSCRIPTION, plan="fibre"), march(1))

    assert by_facts(before) == [("enabled", "#1")]
    assert by_facts(after) == []
    assert by_itself(before, LONG_AGO, march(31)) == []


def test_a_timed_status_that_runs_out_is_followed_by_the_next_one_in_its_days_alone() -> None:
    locked = do(subscribed(), ChangeStatus(subscription=SUBSCRIPTION, status="locked"), february(26))

    assert by_itself(locked, LONG_AGO, march(1)) == []
    assert by_itself(locked, LONG_AGO, march(2)) == [("enabled", march(2), ":2012-03-02:enabled")]
    assert by_itself(locked, march(1), march(2)) == [("enabled", march(2), ":2012-03-02:enabled")]
    assert by_itself(locked, march(2), march(31)) == []


def test_what_a_command_enters_is_not_entered_by_itself() -> None:
    suspended = do(subscribed(), Suspend(subscription=SUBSCRIPTION), march(1))

    assert by_itself(suspended, LONG_AGO, march(31)) == []


def test_an_end_that_was_ordered_is_entered_on_its_day() -> None:
    cancel = Cancel(subscription=SUBSCRIPTION, reason="moved", when=CancelOn.CYCLE_END)
    ordered = do(subscribed(), cancel, february(26))

    (entry,) = by_itself(ordered, LONG_AGO, march(31))

    assert entry[:2] == ("cancelled", ordered.end.on if ordered.end else None)
