"""Notices are asked for once: around due dates by slices, statuses in the transaction that enters them."""

import sys
from datetime import UTC, date, datetime

import pytest

from ispcore.catalog import Topic
from ispcore.errors import InvalidValueError, RefusedError
from ispcore.notices import (
    About,
    Bill,
    NoticeId,
    NoticeKind,
    NoticeState,
    ReachedStage,
    SubjectOfNotice,
    Trouble,
    desired_notices,
)
from ispcore.plans import ChangeNotices, ChangeStatus, ImportSubscription, Retract, Subscribe, Suspend
from ispcore.usecases import ask_for, opening, tell_moves
from ispcore.values import CustomerId
from tests.catalogues import START, brl, march
from tests.providers import ANA, Office

LEAP_DAY = date(2012, 2, 29)
DUE = march(10)
BY_MAIL = {"channels": {"email": {"due": "5, 0, -5"}}}
TOLD = {"description": "Suspensa", "bucket": "inactive", "bills": False, "serves": "off", "role": "suspended"}


def owing(office: Office, **notices: object) -> CustomerId:
    """Return a customer whose bill of February is due on 10 March."""
    office.load(notices={**BY_MAIL, **notices})
    customer = office.register()
    office.subscribe(customer)
    office.close(LEAP_DAY)
    return customer


def ask(office: Office, day: date) -> list[str]:
    office.clock.move_to(day)
    return [notice.id for notice in office.provider.notices.ask(actor=ANA).notices]


def states(office: Office) -> dict[str, str]:
    return {one.notice.id: one.state.value for one in office.provider.notices.list(actor=ANA)}


# --- around due dates


def test_a_bill_is_told_of_once_on_each_of_its_days(office: Office) -> None:
    customer = owing(office)
    bill = f"{customer}-net-slip-2012-03-10"

    asked = [ask(office, march(day)) for day in (4, 5, 5, 6, 10, 15, 16)]

    assert asked == [
        [],
        [f"due:5:{bill}:email"],
        [],
        [],
        [f"due:0:{bill}:email"],
        [f"due:-5:{bill}:email"],
        [],
    ]


def test_what_was_not_handed_over_when_the_next_day_has_come_is_withdrawn(office: Office) -> None:
    customer = owing(office)
    bill = f"{customer}-net-slip-2012-03-10"
    ask(office, march(5))

    ask(office, march(10))

    assert states(office) == {f"due:5:{bill}:email": "withdrawn", f"due:0:{bill}:email": "waiting"}


def test_who_has_paid_is_not_reminded(office: Office) -> None:
    customer = owing(office)
    (asked,) = ask(office, march(5))
    office.pay(customer, "20.69")

    found = office.provider.notices.ask(actor=ANA)

    assert (found.notices, found.withdrawn) == ((), 1)
    (kept,) = office.provider.notices.list(actor=ANA)
    assert (kept.notice.id, kept.state) == (asked, NoticeState.WITHDRAWN)
    assert kept.trouble == Trouble(
        "not-wanted", "What it is about is settled, or another notice has taken its place."
    )


def test_what_was_withdrawn_is_asked_for_again_when_it_is_wanted_again(office: Office) -> None:
    owing(office)
    (asked,) = ask(office, march(5))
    with office.database.writing() as work:
        work.notices.withdraw([NoticeId(asked)], Trouble("mistake", "By mistake."))

    assert ask(office, march(6)) == [asked]
    assert states(office) == {asked: "waiting"}


def test_several_lines_of_one_bill_are_told_of_together(office: Office) -> None:
    office.load(notices=BY_MAIL)
    customer = office.register()
    office.subscribe(customer, plan="fibre")
    office.subscribe(customer)
    office.close(LEAP_DAY)

    notices = office.provider.notices.ask(march(5), actor=ANA, preview=True).notices

    assert {one.fields["amount"] for one in notices} == {"39.31 BRL", "6.21 BRL"}
    assert {one.about.id for one in notices} == {
        f"{customer}-net-slip-2012-03-10",
        f"{customer}-media-slip-2012-03-10",
    }


@pytest.mark.covers("S3-073", "S3-074")
def test_a_subscription_is_told_on_days_of_its_own(office: Office) -> None:
    customer = owing(office)
    (subscription,) = (one.row.id for one in office.provider.customer(customer, actor=ANA).subscriptions)
    office.do(ChangeNotices(subscription=subscription, channel="email", days="7, -1"))

    assert [len(ask(office, march(day))) for day in (3, 5, 10, 11)] == [1, 0, 0, 1]
    assert office.findings() == []


def test_a_preview_saves_nothing_and_is_the_real_run(office: Office) -> None:
    owing(office)
    before = office.dump()

    previewed = office.provider.notices.ask(march(5), actor=ANA, preview=True)

    assert office.dump() == before
    office.clock.move_to(march(5))
    assert office.provider.notices.ask(march(5), actor=ANA) == previewed
    assert len(previewed.notices) == 1


def test_a_day_to_come_is_previewed_only(office: Office) -> None:
    owing(office)

    with pytest.raises(InvalidValueError, match="2012-03-05 is still to come"):
        office.provider.notices.ask(march(5), actor=ANA)


def test_customers_are_asked_about_in_slices(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["ispcore.usecases.notices"], "_SLICE", 2)
    office.load(notices=BY_MAIL)
    for _ in range(5):
        office.subscribe(office.register())
    office.close(LEAP_DAY)

    assert len(ask(office, march(5))) == 5
    assert ask(office, march(5)) == []


def test_nobody_is_told_before_the_hour_of_their_own_zone(office: Office) -> None:
    owing(office, opens_at="08:00")
    ask(office, march(5))

    (kept,) = office.provider.notices.list(actor=ANA)

    assert kept.notice.opening.at == datetime(2012, 3, 5, 11, tzinfo=UTC)
    assert kept.notice.opening.zone == "America/Sao_Paulo"


def test_a_unit_that_is_no_more_is_in_utc(office: Office) -> None:
    with office.database.reading() as work:
        found = opening(work.catalogue.current(), "gone", march(5))

    assert (found.zone, found.at) == ("UTC", datetime(2012, 3, 5, tzinfo=UTC))


# --- stages, as whoever decides about them asks for them


def stage(office: Office, customer: CustomerId, code: str = "warning") -> ReachedStage:
    with office.database.reading() as work:
        when = opening(work.catalogue.current(), "londrina", DUE)
    bill = Bill(
        customer=customer,
        about=About(SubjectOfNotice.SLIP, "17"),
        number="17",
        due_on=DUE,
        amount=brl("20.69"),
        opening=when,
    )
    return ReachedStage(bill=bill, stage=code)


def test_stages_are_asked_for_and_leave_reminders_alone(office: Office) -> None:
    customer = owing(office)
    ask(office, march(5))
    reached = stage(office, customer)
    with office.database.writing() as work:
        desired = desired_notices([], [reached], work.catalogue.current().notices, march(11))
        first = ask_for(work, [customer], desired, {NoticeKind.STAGE})
        again = ask_for(work, [customer], desired, {NoticeKind.STAGE})
        gone = ask_for(work, [customer], (), {NoticeKind.STAGE})

    assert [one.id for one in first.notices] == ["late:warning:17:email"]
    assert (again.notices, again.withdrawn, gone.withdrawn) == ((), 0, 1)
    assert sorted(states(office).values()) == ["waiting", "withdrawn"]


# --- statuses


@pytest.mark.covers("S4-016", "S4-017", "S4-018", "S4-019")
def test_a_status_that_is_entered_is_told_in_the_same_transaction(office: Office) -> None:
    told = {**TOLD, "email": {"send": True, "sender": "Cadastro"}, "sms": {"send": True, "sender": "REDE"}}
    office.load(statuses={"suspended": told})
    subscription = office.subscribe(office.register())

    recorded = office.do(Suspend(subscription=subscription), today=march(1))

    assert [(one.id, one.channel, one.sender) for one in recorded.notices] == [
        (f"status:{subscription}#2:email", "email", "Cadastro"),
        (f"status:{subscription}#2:sms", "sms", "REDE"),
    ]
    kept = office.provider.notices.list(actor=ANA)
    assert [one.notice for one in kept] == list(recorded.notices)
    assert kept[0].notice.fields["status"] == "Suspensa"


def test_a_command_that_is_refused_tells_nothing(office: Office) -> None:
    office.load(statuses={"suspended": {**TOLD, "email": {"send": True}}})
    subscription = office.subscribe(office.register())
    office.do(Suspend(subscription=subscription))

    with pytest.raises(RefusedError):
        office.do(Suspend(subscription=subscription))

    assert len(states(office)) == 1


def test_what_is_tried_out_tells_what_customers_would_be_told(office: Office) -> None:
    office.load(statuses={"suspended": {**TOLD, "email": {"send": True}}})
    subscription = office.subscribe(office.register())

    tried = office.provider.try_out(Suspend(subscription=subscription), actor=ANA, closing_on=LEAP_DAY)

    assert len(tried.recorded.notices) == 1
    assert states(office) == {}


def test_what_counts_no_longer_is_not_told(office: Office) -> None:
    office.load(statuses={"suspended": {**TOLD, "email": {"send": True}}})
    subscription = office.subscribe(office.register())
    office.do(Suspend(subscription=subscription))

    office.do(Retract(subscription=subscription, fact=2))

    assert states(office) == {f"status:{subscription}#2:email": "withdrawn"}


def test_a_subscription_that_opens_in_a_status_is_told_on_its_first_day(office: Office) -> None:
    office.load(statuses={"awaiting": {**TOLD, "role": "initial", "email": {"send": True}}})
    customer = office.register()

    opened = office.subscribe(customer, status="awaiting", on=march(5))

    (kept,) = office.provider.notices.list(actor=ANA)
    assert kept.notice.id == f"status:{opened}#1:email"
    assert (kept.notice.asked_on, kept.try_at) == (march(5), datetime(2012, 3, 5, 3, tzinfo=UTC))


def test_an_imported_subscription_is_told_nothing_and_many_commands_tell_as_one_does(office: Office) -> None:
    told = {**TOLD, "role": "initial", "email": {"send": True}}
    office.load(statuses={"awaiting": told})
    customer = office.register()
    terms = {"customer": customer, "plan": "adsl", "on": START, "charge_method": "slip", "due_day": 10}
    commands = [
        ImportSubscription(system="old", foreign_id="9", status="awaiting", **terms),  # type: ignore[arg-type]
        Subscribe(status="awaiting", **terms),  # type: ignore[arg-type]
    ]

    outcomes = list(office.provider.do_many(commands, actor=ANA))

    assert [outcome.error for outcome in outcomes] == [None, None]
    assert len(states(office)) == 1


def test_a_status_that_is_entered_by_itself_is_told_once(office: Office) -> None:
    locked = {**TOLD, "role": None, "days": 5, "next": "told", "bucket": "active"}
    after = {**TOLD, "role": None, "email": {"send": True}}
    office.load(
        statuses={
            "waiting": {key: value for key, value in locked.items() if value is not None},
            "told": {key: value for key, value in after.items() if value is not None},
        }
    )
    subscription = office.subscribe(office.register())
    office.do(ChangeStatus(subscription=subscription, status="waiting"))
    office.clock.move_to(march(1))

    def tell(since: date, through: date) -> list[str]:
        with office.database.writing() as work:
            timelines = [timeline for timeline, _ in work.subscriptions.many([subscription])]
            return [one.id for one in tell_moves(work, office.provider._desk, timelines, since, through)]

    assert tell(START, LEAP_DAY) == [f"status:{subscription}:2012-02-29:told:email"]
    assert tell(START, LEAP_DAY) == []


def test_where_no_status_tells_anything_moves_are_not_looked_at(office: Office) -> None:
    with office.database.writing() as work:
        assert tell_moves(work, office.provider._desk, [], START, LEAP_DAY) == ()


def test_what_is_refused_stays_so_and_is_not_asked_for_again(office: Office) -> None:
    owing(office)
    (asked,) = ask(office, march(5))
    office.sql("update notices set state = 'refused', try_at = null")

    assert ask(office, march(6)) == []
    assert states(office) == {asked: "refused"}
    assert Topic.DUE in {one.notice.topic for one in office.provider.notices.list(actor=ANA)}


# --- what a check finds


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("id = 'due:6:1:email'", "notice-name"),
        ("channel = 'sms'", "notice-name"),
        ("try_at = null", "notice"),
        ("state = 'handed_over'", "notice"),
        ("handed_over_on = '2012-03-05', handed_over_at = '2012-03-05 12:00:00'", "notice"),
        ("subscription_id = 99", "notice"),
        ("state = 'lost'", "unreadable"),
    ],
)
def test_what_was_changed_behind_the_librarys_back_is_found(office: Office, change: str, rule: str) -> None:
    owing(office)
    ask(office, march(5))
    assert office.findings() == []

    office.sql(f"update notices set {change}")

    (finding,) = office.findings()
    assert finding.endswith(f"[{rule}]")


def test_a_status_that_was_told_follows_too(office: Office) -> None:
    office.load(statuses={"suspended": {**TOLD, "email": {"send": True}}})
    subscription = office.subscribe(office.register())
    office.do(Suspend(subscription=subscription))

    assert office.findings() == []
    office.sql("update notices set about_id = '7'")
    (finding,) = office.findings()
    assert finding.endswith("[notice-name]")
