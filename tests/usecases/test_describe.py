"""What a fact says in words."""

from datetime import date, time
from decimal import Decimal

import pytest
from attrs import evolve

from ispcore.catalog import Speed
from ispcore.driver import Login, SecretRef
from ispcore.plans import (
    PLAN_ITEM,
    Cancel,
    CancelOn,
    ChangeBillingTerms,
    Component,
    Discount,
    EquipmentCollected,
    Gathering,
    Grid,
    SlipTerms,
    SpeedWindow,
    WithdrawCancellation,
    closing_grid,
    starting_grid,
)
from ispcore.plans.facts import (
    BillingTermsChanged,
    Cancelled,
    ComponentAdded,
    ComponentChanged,
    ComponentRemoved,
    DiscountChanged,
    PlanChanged,
    SlipTermsSet,
    SpeedSet,
    SpeedWindowsSet,
    Subscribed,
)
from ispcore.timeline import Retracted
from ispcore.usecases.describe import describe
from ispcore.values import ComponentId, Every, SubscriptionId
from tests.catalogues import CATALOGUE, SUBSCRIPTION, brl, do, february, march, subscribed

CANCELLED = CATALOGUE.status("cancelled")


def test_an_ordered_end_says_its_day_and_what_it_voids_and_a_withdrawal_what_comes_back() -> None:
    cancel = Cancel(subscription=SUBSCRIPTION, when=CancelOn.CYCLE_END, reason="moved")
    timeline = do(subscribed(), cancel, march(10))
    timeline = do(timeline, WithdrawCancellation(subscription=SUBSCRIPTION), march(11))

    assert [describe(fact.payload) for fact in timeline.recorded[1:]] == [
        ("ends on 2012-03-31",),
        ("voids fact 2",),
    ]


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        (Cancelled(CANCELLED), ()),
        (Cancelled(CANCELLED, (3, 4)), ("voids fact 3, 4",)),
        (Retracted((2,)), ("voids fact 2",)),
        (PlanChanged(CANCELLED, SubscriptionId(105)), ("goes on as subscription 105",)),
    ],
)
def test_an_end_says_what_it_voids_or_where_it_goes_on(payload: object, said: tuple[str, ...]) -> None:
    assert describe(payload) == said


def test_a_closing_day_says_whether_the_running_cycle_is_cut() -> None:
    terms = ChangeBillingTerms(subscription=SUBSCRIPTION, closing_day=15)
    cut = do(subscribed("cut"), terms, march(10), closed_through=march(1))

    assert describe(cut.facts[-1].payload) == ("closing_day 15", "the running cycle is cut")
    assert describe(BillingTermsChanged(closing_day=15, due_day=5)) == ("closing_day 15", "due_day 5")


@pytest.mark.parametrize(
    ("slips", "said"),
    [
        (SlipTerms(), ("plain slips",)),
        (SlipTerms(march(1), in_mass=False), ("slips unified from 2012-03-01", "slips on demand only")),
        (SlipTerms(gathers=Gathering()), ("slips gather overdue fee",)),
        (SlipTerms(gathers=Gathering(interest=True)), ("slips gather overdue fee", "with interest")),
    ],
)
def test_slip_terms_say_how_slips_are_made(slips: SlipTerms, said: tuple[str, ...]) -> None:
    assert describe(SlipTermsSet(slips)) == said


@pytest.mark.parametrize(
    ("discount", "said"),
    [
        (Discount(amount=brl("9.00")), "plan: 9.00 BRL"),
        (Discount(amount=brl("9.00"), until=date(2012, 6, 1)), "plan: 9.00 BRL until 2012-06-01"),
        (Discount(percent=Decimal(10), cycles=3), "plan: 10 % for 3 cycles"),
        (Discount(percent=Decimal(10), cycles=1), "plan: 10 % for 1 cycle"),
        (None, "plan: no discount"),
    ],
)
def test_a_discount_says_when_it_ends(discount: Discount | None, said: str) -> None:
    assert describe(DiscountChanged(PLAN_ITEM, discount)) == (said,)


@pytest.mark.parametrize(
    ("grid", "said"),
    [
        (Grid(day=15), "closing day 15"),
        (starting_grid(Every(), march(10)), "starting day 10"),
        (closing_grid(Every(months=3), 9, march(10)), "every quarter, closing day 9"),
        (starting_grid(Every(months=12), march(10)), "every year, starting day 10"),
        (closing_grid(Every(months=0, weeks=1), 7, march(10)), "every week to Sunday"),
        (starting_grid(Every(months=0, weeks=2), february(24)), "every 2 weeks from Friday"),
    ],
)
def test_an_opening_says_where_its_cycles_stand(grid: Grid, said: str) -> None:
    opening = subscribed().facts[0].payload.opening

    described = describe(Subscribed(evolve(opening, terms=evolve(opening.terms, grid=grid))))

    assert f"in arrears, {said}, due day 10, slip" in described


LOGIN = ComponentId("login")
ANA = Login(username="ana", password=SecretRef("s1"))


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        (
            ComponentAdded(Component(LOGIN, "104:login", ANA, date(2012, 3, 1))),
            ("login: login/ana", "resource 104:login"),
        ),
        (
            ComponentAdded(Component(LOGIN, "104:login", ANA, date(2012, 3, 1), access_point="tower")),
            ("login: login/ana", "resource 104:login", "at tower"),
        ),
        (ComponentChanged(LOGIN, ANA), ("login: login/ana",)),
        (ComponentChanged(LOGIN, ANA, "tower"), ("login: login/ana", "at tower")),
        (ComponentRemoved(LOGIN), ("login",)),
        (EquipmentCollected("ZTEG1"), ("ZTEG1",)),
        (SpeedSet(LOGIN, None), ("login: the plan's speed",)),
        (SpeedSet(LOGIN, Speed(512, 256)), ("login: 512/256 kbit/s",)),
        (SpeedSet(LOGIN, Speed(1, 2), date(2012, 3, 9)), ("login: 1/2 kbit/s", "until 2012-03-09")),
        (SpeedWindowsSet(LOGIN, ()), ("login: no windows",)),
        (
            SpeedWindowsSet(
                LOGIN,
                (
                    SpeedWindow(time(22), time(6), Speed(1, 2)),
                    SpeedWindow(time(12), time(13, 30), Speed(3, 4), (1, 7)),
                ),
            ),
            ("login: 1/2 kbit/s 22:00 to 06:00; 3/4 kbit/s 12:00 to 13:30 Mon Sun",),
        ),
    ],
)
def test_a_fact_of_a_component_says_what_it_is_and_no_secret(payload: object, said: tuple[str, ...]) -> None:
    assert describe(payload) == said
