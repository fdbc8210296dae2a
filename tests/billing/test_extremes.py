"""What commands let in can be billed: the first and the last day, the highest price, the longest time."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from ispcore.catalog import Trial, TrialKind
from ispcore.errors import IspcoreError
from ispcore.plans import (
    AddItem,
    Annul,
    Block,
    Cancel,
    CancelOn,
    ChangeBillingTerms,
    ChangeDiscount,
    ChangeItem,
    ChangePlan,
    ChangePrice,
    ChangeStatus,
    Command,
    CustomiseComposition,
    Discount,
    EndItem,
    ImportSubscription,
    OpeningCommand,
    Pause,
    PriceStart,
    RestoreComposition,
    Resume,
    Retract,
    Subscribe,
    SubscriptionCommand,
    Suspend,
    Unpause,
)
from ispcore.values import FIRST_DAY, LAST_DAY, ItemId
from tests.books import KeptBooks
from tests.catalogues import CUSTOMER, DOCUMENT, SUBSCRIPTION, brl, catalogue, line
from tests.mangling import fuzzed, in_time

pytestmark = pytest.mark.endurance

PLANS = sorted(DOCUMENT["plans"])
SINCE_2000 = catalogue(
    **{
        section: {
            code: {**offer, "versions": [{**offer["versions"][0], "from": "2000-01-01"}]}
            for code, offer in DOCUMENT[section].items()
        }
        for section in ("plans", "services")
    }
)

days = (
    st.sampled_from(
        [FIRST_DAY, LAST_DAY, date(2000, 1, 1), date(2012, 2, 29), date(2012, 12, 31), date(2199, 1, 1)]
    )
    | st.dates(date(2011, 11, 1), date(2012, 9, 30))
    | st.dates(date(2012, 2, 1), date(2012, 5, 31))
)
prices = st.sampled_from(["0.00", "0.01", "100.00", "9999999999.99", "10000000000.00"]).map(brl)
high = st.sampled_from(["130.00", "9999999999.99"]).map(brl)
percents = st.sampled_from(
    ["0", "100", "0.000000001", "99.9999999999999999999999999999999999999", "1E-50", "0E-900"]
)
discounts = (
    st.none()
    | st.builds(Discount, percent=percents.map(Decimal), cycles=st.none() | st.sampled_from([1, 2, 1200]))
    | st.builds(Discount, amount=prices, until=st.none() | days)
)
compositions = st.none() | st.lists(
    st.sampled_from(["0.00", "0.01", "33.33", "9999999999.99"]), max_size=4
).map(lambda values: tuple(line(f"line-{n}", value) for n, value in enumerate(values)))
closing_days = st.none() | st.sampled_from([0, 1, 7, 8, 28, 29, 30, 31, 32])
names = st.sampled_from(["plan", "mailbox", "visit"]).map(ItemId)


def opening(kind: type[OpeningCommand], **more: Any) -> st.SearchStrategy[OpeningCommand]:
    return st.builds(
        kind,
        customer=st.just(CUSTOMER),
        plan=st.just("fibre") | st.sampled_from(PLANS),
        on=st.just(date(2012, 1, 9)) | days,
        status=st.sampled_from([None, "enabled", "enabled", "trial", "locked"]),
        price=st.none() | high,
        discount=st.none() | discounts,
        lines=st.none() | compositions,
        advance=st.sampled_from([None, True, False]),
        closing_day=st.none() | closing_days,
        anchor_on=st.none() | st.none() | days,
        due_day=st.sampled_from([5, 10, 25]),
        charge_method=st.just("slip"),
        **more,
    )


def to(kind: type[SubscriptionCommand], **more: Any) -> st.SearchStrategy[SubscriptionCommand]:
    return st.builds(kind, subscription=st.just(SUBSCRIPTION), on=st.none() | days, **more)


openings = opening(
    Subscribe,
    trial=st.none() | st.sampled_from([Trial(), Trial(TrialKind.DAYS, 3660), Trial(TrialKind.CYCLE)]),
) | opening(
    ImportSubscription,
    system=st.just("old"),
    foreign_id=st.just("7"),
    billed_through=st.none() | days,
    status_since=st.none() | st.none() | days,
    activated_on=st.none() | st.none() | days,
)
plain = Subscribe(
    customer=CUSTOMER,
    plan="fibre",
    on=date(2012, 1, 9),
    status="enabled",
    price=brl("130.00"),
    charge_method="slip",
    due_day=10,
)
commands = st.one_of(
    to(Suspend),
    to(Resume),
    to(Pause, until=st.none() | days),
    to(Unpause),
    to(Block, until=st.none() | days),
    to(ChangeStatus, status=st.sampled_from(["trial", "locked", "enabled", "admin_suspended"])),
    to(Cancel, reason=st.just("moved"), when=st.sampled_from(CancelOn)),
    to(Annul),
    to(ChangePrice, price=prices, item=names, start=st.sampled_from(PriceStart), rescale=st.booleans()),
    to(ChangeDiscount, discount=discounts, item=names),
    to(AddItem, service=st.sampled_from(["mailbox", "visit"]), price=st.none() | prices, discount=discounts),
    to(ChangeItem, item=names, price=st.none() | prices, discount=discounts),
    to(EndItem, item=names),
    to(CustomiseComposition, lines=compositions.map(lambda lines: lines or ()), item=names),
    to(RestoreComposition, item=names),
    to(ChangeBillingTerms, advance=st.sampled_from([None, True, False]), closing_day=closing_days),
    to(
        ChangePlan,
        plan=st.sampled_from(PLANS),
        price=st.none() | prices,
        lines=compositions,
        closing_day=closing_days,
        anchor_on=st.none() | days,
    ),
    to(Retract, fact=st.integers(1, 6)),
)


def given_to(books: KeptBooks, command: Command, today: date) -> bool:
    """Tell whether *command* was accepted; only errors of ispcore refuse one."""
    try:
        books.record(command, today)  # type: ignore[arg-type]  # drawn as what it is
    except IspcoreError:
        return False
    return True


def no_problems(books: KeptBooks, on: date) -> list[str]:
    closing = books.close(on)
    assert books.preview(on).entries == ()
    return [str(problem) for problem in closing.problems]


@fuzzed(share=8)
@given(
    st.just(plain) | st.just(evolve(plain, advance=True)) | openings,
    st.lists(
        st.tuples(commands, st.dates(date(2012, 2, 1), date(2012, 6, 1)), st.booleans()),
        min_size=3,
        max_size=9,
    ),
)
def test_whatever_commands_let_in_is_billed_without_a_problem(
    first: OpeningCommand, later: list[tuple[SubscriptionCommand, date, bool]]
) -> None:
    books = KeptBooks(SINCE_2000)
    if not given_to(books, first, date(2012, 2, 1)):
        return
    problems = []
    with in_time():
        for command, today, closes in sorted(later, key=lambda step: step[1]):
            given_to(books, command, today)
            if closes:
                problems += no_problems(books, today)
        problems += no_problems(books, date(2012, 8, 31)) + no_problems(books, date(2015, 8, 1))

    assert problems == []
