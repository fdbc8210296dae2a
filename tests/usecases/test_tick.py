"""The tick: everything that time does, in its order, once; a preview of it leaves no trace."""

from datetime import date, timedelta
from typing import Any

import pytest

from ispcore.app import Provider
from ispcore.errors import NotPermittedError, RefusedError
from ispcore.hooks import Plugins
from ispcore.notices import SubjectOfNotice
from ispcore.plans import HoldCause, HoldKind
from ispcore.tick import Chore, Tick
from ispcore.usecases import RegenerateSlip, Renegotiate, Waive, WriteOff
from ispcore.values import CustomerId, SlipId, SubscriptionId
from tests.catalogues import DOCUMENT, brl
from tests.providers import ANA, NOBODY, Office

LEAP_DAY = date(2012, 2, 29)
DUE = date(2012, 3, 10)
STAGES = [
    {"code": "told", "action": "notify", "days": 1},
    {"code": "slow", "action": "reduce", "days": 5},
    {"code": "shut", "action": "block", "days": 3, "anchor": "notice", "after": "told"},
]
INSIDE = ["tasks", "statuses", "slips", "documents", "reminders", "late", "network", "privacy", "connections"]
CHORES = [*INSIDE, "accounting", "registering", "issuing", "handing over"]


@pytest.fixture
def customer(office: Office, tmp_path: Any) -> CustomerId:
    channel = {"to": "email", "due": "3", "notifier": "files", "config": {"folder": str(tmp_path / "told")}}
    office.provider = Provider(office.database, clock=office.clock, plugins=Plugins.none())
    office.load(
        document_types={**DOCUMENT["document_types"], "nfcom": {"name": "N", "asked_for": "on_due_day"}},
        late={"standard": {"stages": STAGES}},
        notices={"channels": {"email": channel}},
    )
    number = office.register(email="ana@isp.test")
    office.subscribe(number)
    office.close(LEAP_DAY)
    return number


def tick(office: Office, on: date) -> dict[str, Chore]:
    office.clock.move_to(on)
    return {chore.name: chore for chore in office.provider.tick(actor=ANA).chores}


def holds(office: Office, on: date) -> set[HoldKind]:
    state = office.provider.subscription(SubscriptionId(1), actor=ANA).timeline.on(on)
    assert state is not None
    return {hold.kind for hold in state.holds if hold.cause is HoldCause.AUTOMATIC}


def test_a_tick_does_each_chore_in_its_order(office: Office, customer: CustomerId) -> None:
    office.clock.move_to(DUE)
    seen: list[str] = []

    found = office.provider.tick(actor=ANA, watch=lambda chore: seen.append(chore.name))

    assert seen == [chore.name for chore in found.chores] == CHORES
    assert found.on == DUE
    assert found.problems == ()
    assert customer


def test_a_late_payer_is_asked_told_reduced_blocked_and_restored_by_ticks_alone(
    office: Office, customer: CustomerId
) -> None:
    assert tick(office, LEAP_DAY)["slips"].counts["issued"] == 1
    assert tick(office, DUE)["documents"].counts == {"documents": 1}

    days = {}
    for day in (DUE + timedelta(days=n) for n in range(1, 10)):
        tick(office, day)
        days[day.day] = holds(office, day)

    assert days[11] == days[14] == set()
    assert days[15] == {HoldKind.REDUCED}
    assert HoldKind.BLOCKED in days[16]
    owed = office.provider.customer(customer, actor=ANA).receivables
    office.pay(customer, str(sum(one.open.amount for one in owed)))
    assert holds(office, office.clock.now().date()) == set()


def test_the_same_tick_again_does_nothing(office: Office, customer: CustomerId) -> None:
    for day in (LEAP_DAY, DUE, date(2012, 3, 15)):
        tick(office, day)
    before = office.dump()

    assert office.provider.tick(actor=ANA).did_nothing
    assert office.dump() == before
    assert customer


def test_one_tick_after_a_silence_comes_to_what_daily_ones_do_but_blocks_nobody_untold(
    office: Office, customer: CustomerId
) -> None:
    found = tick(office, date(2012, 4, 20))

    assert found["slips"].counts["issued"] == 1
    assert holds(office, date(2012, 4, 20)) == {HoldKind.REDUCED}
    tick(office, date(2012, 4, 22))
    assert HoldKind.BLOCKED not in holds(office, date(2012, 4, 22))
    tick(office, date(2012, 4, 23))
    assert HoldKind.BLOCKED in holds(office, date(2012, 4, 23))
    assert customer


def test_a_preview_tells_what_a_tick_does_and_leaves_no_trace(office: Office, customer: CustomerId) -> None:
    office.clock.move_to(date(2012, 3, 16))
    before = office.dump()

    previewed = office.provider.preview_tick(actor=ANA)

    assert office.dump() == before
    done = {chore.name: chore for chore in office.provider.tick(actor=ANA).chores}
    assert list(previewed.chores) == [done[chore.name] for chore in previewed.chores]
    assert customer


def test_a_preview_may_be_of_a_later_day_and_a_tick_not(office: Office, customer: CustomerId) -> None:
    assert office.provider.preview_tick(DUE, actor=ANA).on == DUE
    with pytest.raises(RefusedError, match="2012-03-10 is still to come"):
        office.provider.tick(DUE, actor=ANA)
    assert customer


def test_a_chore_in_trouble_is_told_and_keeps_no_other_from_being_done(office: Office) -> None:
    channel = {"to": "email", "due": "3", "notifier": "nobody"}
    office.load(notices={"channels": {"email": channel}})
    office.subscribe(office.register())
    office.close(LEAP_DAY)

    found = office.provider.tick(actor=ANA)

    assert [chore.name for chore in found.chores if chore.problems] == ["handing over"]
    assert "No plugin brings a notifier 'nobody'" in found.problems[0]
    assert len(found.chores) == len(CHORES)


def test_a_tick_needs_its_permission_and_no_other(office: Office, customer: CustomerId) -> None:
    with pytest.raises(NotPermittedError):
        office.provider.tick(actor=NOBODY)
    timer = type(ANA)("timer", frozenset({"tick.run"}))
    office.clock.move_to(DUE)

    assert isinstance(office.provider.tick(actor=timer), Tick)
    assert customer


def test_a_chore_that_breaks_keeps_no_other_from_being_done(
    office: Office, customer: CustomerId, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        message = "the late desk has a defect"
        raise ZeroDivisionError(message)

    office.clock.move_to(DUE)
    monkeypatch.setattr("ispcore.tick.LateDesk.run", broken)
    seen: dict[str, Chore] = {}

    with pytest.raises(ExceptionGroup, match="2012-03-10 broke at late; the other chores were done") as told:
        office.provider.tick(actor=ANA, watch=lambda chore: seen.update({chore.name: chore}))

    assert [type(error) for error in told.value.exceptions] == [ZeroDivisionError]
    assert list(seen) == CHORES
    assert seen["late"].problems == ("ZeroDivisionError: the late desk has a defect",)
    assert (seen["slips"].counts["issued"], seen["documents"].counts) == (1, {"documents": 1})


def test_customers_are_reminded_of_the_slip_and_of_its_day(office: Office, customer: CustomerId) -> None:
    tick(office, LEAP_DAY)
    office.provider.do(RegenerateSlip(slip=SlipId(1), due_on=DUE + timedelta(days=10)), actor=ANA)

    asked = {day: tick(office, date(2012, 3, day))["reminders"].counts["asked"] for day in (7, 17)}

    (notice,) = (one.notice for one in office.provider.notices.list(actor=ANA) if one.notice.step == "3")
    assert asked == {7: 0, 17: 1}
    assert notice.fields["number"] == "2"
    assert (notice.about.kind, notice.customer) == (SubjectOfNotice.SLIP, customer)


def test_who_is_let_off_is_asked_for_no_more_and_restored_at_once(
    office: Office, customer: CustomerId
) -> None:
    for day in (LEAP_DAY, *(DUE + timedelta(days=n) for n in range(1, 7))):
        tick(office, day)
    assert holds(office, date(2012, 3, 16)) == {HoldKind.REDUCED, HoldKind.BLOCKED}
    (owed,) = office.provider.customer(customer, actor=ANA).receivables

    office.provider.do(WriteOff(receivables=(owed.receivable.id,), reason="moved abroad"), actor=ANA)

    assert holds(office, date(2012, 3, 16)) == set()
    assert [slip.state.value for slip in office.provider.slips.list(actor=ANA)] == ["cancelled"]
    assert tick(office, date(2012, 3, 16))["slips"].did_nothing


def test_a_part_that_is_let_go_makes_the_slip_anew(office: Office, customer: CustomerId) -> None:
    tick(office, LEAP_DAY)
    (owed,) = office.provider.customer(customer, actor=ANA).receivables

    office.provider.do(Waive(receivable=owed.receivable.id, amount=brl("0.69"), reason="kind"), actor=ANA)

    slips = office.provider.slips.list(actor=ANA)
    assert [(slip.state.value, slip.amount) for slip in slips] == [
        ("replaced", brl("20.69")),
        ("open", brl("20.00")),
    ]


def test_instalments_take_the_place_of_the_debt_and_restore_at_once(
    office: Office, customer: CustomerId
) -> None:
    for day in (LEAP_DAY, *(DUE + timedelta(days=n) for n in range(1, 7))):
        tick(office, day)

    office.provider.do(
        Renegotiate(customer=customer, instalments=2, first_due=date(2012, 4, 10), reason="agreed"), actor=ANA
    )

    assert holds(office, date(2012, 3, 16)) == set()
    assert [slip.state.value for slip in office.provider.slips.list(actor=ANA)] == ["cancelled"]
    assert tick(office, date(2012, 3, 16))["slips"].counts["issued"] == 2
