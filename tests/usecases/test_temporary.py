"""What is had for a while only, through the facade: what is owed, what is served, what a late payer gets."""

from datetime import date

import pytest

from ispcore.catalog import Serves
from ispcore.driver import Login
from ispcore.errors import RefusedError
from ispcore.plans import (
    AddComponent,
    Block,
    EnableProvisionally,
    HoldCause,
    Pause,
    StartTemporaryPlan,
    Suspend,
)
from ispcore.values import SubscriptionId
from tests.catalogues import DOCUMENT, april, march
from tests.homes import PLANS, sections
from tests.providers import ANA, Office
from tests.usecases.late_office import LateOffice

ADSL = {**DOCUMENT["plans"]["adsl"], "provisional": {"days": 3}}


def serves(office: Office, subscription: SubscriptionId, on: date) -> Serves:
    state = office.provider.subscription(subscription, actor=ANA).timeline.on(on)
    assert state is not None
    return state.serves


@pytest.fixture
def subscription(office: Office) -> SubscriptionId:
    office.load(plans={"adsl": ADSL})
    return office.subscribe(office.register())


def test_days_that_are_enabled_provisionally_are_owed(office: Office, subscription: SubscriptionId) -> None:
    office.do(Suspend(subscription=subscription), today=march(5))
    office.do(EnableProvisionally(subscription=subscription), today=march(10))

    office.close(april(1))

    (charge,) = (one for one in office.charges(subscription) if one.key.cycle.period.start == march(1))
    assert (charge.days, charge.days_of) == (4 + 3, 31)
    assert office.findings() == []


def test_days_that_were_closed_are_repaired_where_it_was_enabled_provisionally(
    office: Office, subscription: SubscriptionId
) -> None:
    office.do(Suspend(subscription=subscription), today=march(5))
    office.close(april(1))
    office.do(EnableProvisionally(subscription=subscription, on=march(10)))

    office.close(april(30))

    assert office.owed(subscription)["2012-03"] == "22.58"  # 100.00 x 7/31
    assert office.findings() == []


def test_a_late_payer_is_served_for_some_days_blocked_again_and_free_once_they_have_paid(
    office: Office,
) -> None:
    late = LateOffice(office)
    office.load(
        late={"standard": {"stages": [{"code": "shut", "action": "block", "days": 5}]}}, plans={"adsl": ADSL}
    )
    late.run(march(20))
    assert serves(office, late.subscription, march(20)) is Serves.BLOCKED

    office.do(EnableProvisionally(subscription=late.subscription), today=march(21))
    assert late.run(march(22)).blocked == 0

    assert [serves(office, late.subscription, march(day)) for day in (21, 23, 24)] == [
        Serves.FULL,
        Serves.FULL,
        Serves.BLOCKED,
    ]
    office.clock.move_to(march(23))
    owed = office.provider.customer(late.customer, actor=ANA).receivables
    office.pay(late.customer, str(sum(one.open.amount for one in owed)))
    assert serves(office, late.subscription, march(24)) is Serves.FULL


@pytest.mark.covers("S0-263")
def test_what_enabling_provisionally_does_can_be_seen_before(
    office: Office, subscription: SubscriptionId
) -> None:
    office.do(Block(subscription=subscription), today=march(5))
    before = office.dump()

    tried = office.provider.try_out(
        EnableProvisionally(subscription=subscription), actor=ANA, closing_on=march(31)
    )

    assert [(fact.kind, fact.payload.until) for fact in tried.recorded.facts] == [
        ("EnabledProvisionally", march(8))
    ]
    assert office.dump() == before


@pytest.mark.covers("S3-036")
def test_the_network_serves_a_better_plan_for_some_days_and_the_bill_stays(office: Office) -> None:
    office.load(**sections(plans=PLANS))
    subscription = office.subscribe(office.register(), "home")
    office.do(AddComponent(subscription=subscription, spec=Login(username="ana")))

    done = office.do(
        StartTemporaryPlan(subscription=subscription, plan="fast", until=march(10)), today=march(1)
    )
    office.clock.move_to(march(10))
    office.provider.tick(actor=ANA)

    def speed() -> int | None:
        (placed,) = office.provider.network.placements(subscription, actor=ANA)
        assert isinstance(placed.wanted, Login)
        return placed.wanted.download_kbit

    assert [move.fields for move in done.moves] == [("download_kbit", "upload_kbit")]
    assert speed() == 512
    office.close(april(1))
    assert office.owed(subscription)["2012-03"] == "100.00"
    assert office.findings() == []


@pytest.mark.covers("S3-041")
def test_a_pause_out_of_season_is_refused_and_leaves_nothing(
    office: Office, subscription: SubscriptionId
) -> None:
    office.load(seasonal={"min_days": 10, "months": [12, 1, 2]})
    office.clock.move_to(march(1))
    before = office.dump()

    with pytest.raises(RefusedError, match="All its days lie in the months 1, 2, 12"):
        office.do(Pause(subscription=subscription, cause=HoldCause.SEASONAL, until=march(20)))

    assert office.dump() == before
