"""What customers should be told on a day: around due dates, at stages, of statuses."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.catalog import Offsets, Topic
from ispcore.notices import (
    About,
    Bill,
    Merged,
    Notice,
    NoticeKind,
    ReachedStage,
    StatusEntry,
    SubjectOfNotice,
    desired_notices,
    due_days,
    merge,
    status_notices,
)
from ispcore.values import CustomerId, SubscriptionId
from tests.catalogues import catalogue
from tests.notices.samples import DUE, OPENING, bill, by_mail, own, policy


def told(day: int, one: Bill | None = None, days: str = "5, 0, -5") -> list[str]:
    """Return the ids of what should be told on that day of March."""
    return [notice.id for notice in desired_notices([one or bill()], [], by_mail(days), date(2012, 3, day))]


# --- due dates


@pytest.mark.covers("S1-027", "S3-074", "S3-076")
@pytest.mark.parametrize(
    ("day", "wanted"),
    [
        (4, []),
        (5, ["due:5:17:email"]),
        (9, ["due:5:17:email"]),
        (10, ["due:0:17:email"]),
        (11, []),
        (14, []),
        (15, ["due:-5:17:email"]),
        (21, ["due:-5:17:email"]),
        (22, []),
    ],
)
def test_five_days_before_on_the_day_and_five_days_after(day: int, wanted: list[str]) -> None:
    assert told(day) == wanted


def test_after_a_silence_only_the_last_day_that_has_come_is_told() -> None:
    assert told(10, days="9, 5, 3, 0") == ["due:0:17:email"]
    assert told(14, days="5, 0, -1, -3") == ["due:-3:17:email"]


def test_a_day_of_long_ago_is_told_no_more() -> None:
    far = bill(due_on=date(2012, 2, 1))

    assert told(10, far) == []


def test_a_reminder_is_worded_by_the_day_on_which_it_is_asked_for() -> None:
    def template(day: int, days: str) -> str:
        (notice,) = desired_notices([bill()], [], by_mail(days), date(2012, 3, day))
        return notice.template

    assert template(7, "5") == "due"
    assert template(10, "5") == "due_today"
    assert template(12, "-1") == "overdue"


def test_a_notice_says_all_that_its_text_and_its_reader_need() -> None:
    channels = {"email": {"due": "-5", "sender": "Rede"}}

    (notice,) = desired_notices([bill()], [], policy(channels=channels), date(2012, 3, 16))

    assert notice == Notice(
        id=notice.id,
        kind=NoticeKind.DUE,
        customer=CustomerId(7),
        subscription=SubscriptionId(104),
        about=About(SubjectOfNotice.SLIP, "17"),
        step="-5",
        channel="email",
        template="overdue",
        sender="Rede",
        reason="5 days after the due date",
        asked_on=date(2012, 3, 16),
        opening=OPENING,
        topic=Topic.LATE,
        fields={"number": "17", "due_on": "2012-03-10", "amount": "100.00 BRL"},
    )
    assert str(notice.about) == "slip 17"


@pytest.mark.parametrize(
    ("days", "on", "topic", "reason"),
    [
        ("5", 5, Topic.DUE, "5 days before the due date"),
        ("0", 10, Topic.DUE, "the due date"),
        ("-5", 15, Topic.LATE, "5 days after the due date"),
    ],
)
def test_what_is_told_before_is_about_what_is_due_and_what_is_told_after_about_being_late(
    days: str, on: int, topic: Topic, reason: str
) -> None:
    (notice,) = desired_notices([bill()], [], by_mail(days), date(2012, 3, on))

    assert (notice.topic, notice.reason) == (topic, reason)


@pytest.mark.covers("S3-073", "S3-075")
@pytest.mark.parametrize(
    ("terms", "wanted"),
    [
        ({}, ["due:5:17:email"]),
        (own(), ["due:5:17:email"]),
        (own("4"), []),
        (own("6"), ["due:6:17:email"]),
        (own("6", due=False), []),
        (own(due=False), []),
        (own(due=True), ["due:5:17:email"]),
        ({"sms": own("6")["email"]}, ["due:5:17:email", "due:6:17:sms"]),
    ],
)
def test_a_subscription_has_days_of_its_own_or_the_providers(terms: dict, wanted: list[str]) -> None:  # type: ignore[type-arg]
    assert told(5, bill(terms)) == wanted


def test_a_slip_of_several_subscriptions_is_told_on_the_days_of_each() -> None:
    both = bill(own("6"), own("4"))

    assert [told(day, both) for day in (4, 5, 6)] == [
        ["due:6:17:email"],
        ["due:6:17:email"],
        ["due:4:17:email"],
    ]
    assert told(6, bill(own(due=False), own("4"))) == ["due:4:17:email"]


@given(
    st.lists(st.integers(-30, 30), unique=True, max_size=6),
    st.integers(-40, 40),
)
def test_on_no_day_is_anybody_told_twice_by_a_channel_or_of_a_day_to_come(days: list[int], at: int) -> None:
    on = DUE + timedelta(days=at)

    notices = desired_notices([bill(own(", ".join(map(str, days))))], [], by_mail(""), on)

    assert len(notices) <= 1
    for notice in notices:
        offset = int(notice.step)
        assert offset in days
        assert DUE - timedelta(days=offset) <= on
        assert not any(DUE - timedelta(days=other) <= on for other in days if other < offset)


@given(st.sets(st.integers(-20, 20), max_size=6))
def test_who_is_looked_at_every_day_is_told_of_each_day_once(days: set[int]) -> None:
    offsets = Offsets(tuple(sorted(days, reverse=True)))
    one = bill({"email": own(str(offsets))["email"]})
    mail = by_mail("")
    every_day = [DUE + timedelta(days=n) for n in range(-25, 25)]

    told = {notice.id for day in every_day for notice in desired_notices([one], [], mail, day)}

    assert told == {f"due:{offset}:17:email" for offset in days}


# --- stages


@pytest.mark.covers("S1-028", "S3-066")
def test_a_stage_is_told_by_each_channel_that_warns() -> None:
    both = policy(channels={"sms": {"warns": True}})
    stages = [
        ReachedStage(bill=bill(), stage="warning"),
        ReachedStage(bill=bill(), stage="last", template="late"),
    ]

    notices = desired_notices([], stages, both, DUE)

    assert [(one.id, one.kind, one.step, one.template) for one in notices] == [
        ("late:warning:17:email", NoticeKind.STAGE, "warning", "late"),
        ("late:warning:17:sms", NoticeKind.STAGE, "warning", "late"),
        ("late:last:17:email", NoticeKind.STAGE, "last", "late"),
        ("late:last:17:sms", NoticeKind.STAGE, "last", "late"),
    ]
    assert notices[0].fields["stage"] == "warning"
    assert notices[0].reason == "the stage 'warning' of late payment"


@pytest.mark.covers("S3-066")
@pytest.mark.parametrize(
    ("terms", "count"),
    [
        ([], 1),
        ([own(warns=True)], 1),
        ([own(warns=False)], 0),
        ([own(due=False)], 1),
        ([own(warns=False), {}], 1),
        ([own(warns=False), own(warns=False)], 0),
    ],
)
def test_a_subscription_says_whether_it_is_warned(terms: list[dict], count: int) -> None:  # type: ignore[type-arg]
    stage = ReachedStage(bill=bill(*terms), stage="warning")

    assert len(desired_notices([], [stage], policy(), DUE)) == count


# --- statuses


def entry(**status: object) -> StatusEntry:
    written = {"description": "Bloqueado", "bucket": "inactive", "bills": True, "serves": "blocked", **status}
    known = catalogue(statuses={"blocked": written})
    return StatusEntry(
        customer=CustomerId(7),
        subscription=SubscriptionId(104),
        plan="ADSL",
        status=known.statuses["blocked"],
        on=DUE,
        cause="#3",
        opening=OPENING,
    )


@pytest.mark.covers("S4-016", "S4-017", "S4-018", "S4-019")
def test_a_status_says_by_which_channels_and_from_whom_it_is_told() -> None:
    both = entry(email={"send": True, "sender": "Cadastro"}, sms={"send": True, "sender": "REDE"})

    notices = status_notices(both, policy(), DUE)

    assert [(one.id, one.channel, one.sender) for one in notices] == [
        ("status:104#3:email", "email", "Cadastro"),
        ("status:104#3:sms", "sms", "REDE"),
    ]
    assert notices[0].fields == {
        "subscription": "104",
        "plan": "ADSL",
        "status": "Bloqueado",
        "on": "2012-03-10",
    }
    assert (notices[0].template, notices[0].topic, notices[0].step) == ("status", Topic.STATUS, "blocked")


def test_a_status_that_tells_nobody_is_not_told() -> None:
    assert status_notices(entry(email={"send": False, "sender": "x"}), policy(), DUE) == ()


def test_without_a_sender_of_its_own_a_status_is_told_by_that_of_the_channel() -> None:
    known = policy(channels={"email": {"sender": "Rede"}})

    (notice,) = status_notices(entry(email={"send": True}), known, DUE)

    assert notice.sender == "Rede"


def test_a_status_may_have_a_template_of_its_own() -> None:
    known = policy(templates={"status-blocked": {"subject": "Bloqueio", "text": "{status}"}})

    (notice,) = status_notices(entry(email={"send": True}), known, DUE)

    assert notice.template == "status-blocked"


# --- what is left to do


def test_what_waits_already_is_not_asked_again_and_what_is_not_wanted_any_more_is_withdrawn() -> None:
    first, second, third = desired_notices(
        [bill(about=About(SubjectOfNotice.SLIP, str(n))) for n in (1, 2, 3)], [], by_mail(), DUE
    )

    merged = merge([first, second, first], [second, third])

    assert merged == Merged(ask=(first,), withdraw=(third.id,))
    assert merge([], []) == Merged()


# --- whom to look at


@given(
    st.lists(st.integers(-30, 30), min_size=1, max_size=4, unique=True),
    st.integers(1, 20),
    st.integers(-60, 60),
)
def test_due_days_are_those_about_which_something_is_told(days: list[int], stale: int, away: int) -> None:
    tells = by_mail(", ".join(map(str, days)), stale_days=stale)
    on = DUE + timedelta(days=away)

    if desired_notices([bill()], [], tells, on):
        assert DUE in due_days(tells, on)


def test_due_days_are_few() -> None:
    tells = by_mail("3, -2", stale_days=2)

    found = due_days(tells, date(2012, 3, 10))

    assert sorted(day.day for day in found) == [7, 8, 12, 13]
