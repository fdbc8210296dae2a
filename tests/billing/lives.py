"""Random lives of subscriptions: what a clerk might do in a year, in any order, wisely or not.

A step that a rule refuses is simply not taken, so whatever remains is a possible life.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from attrs import evolve, frozen
from hypothesis import strategies as st
from tests.books import KeptBooks
from tests.catalogues import DOCUMENT, brl, catalogue, line

from ispcore.catalog import Trial, TrialKind
from ispcore.errors import InvalidValueError, NotFoundError, RefusedError
from ispcore.plans import (
    AddItem,
    Annul,
    Block,
    Cancel,
    ChangeBillingTerms,
    ChangeDiscount,
    ChangeItem,
    ChangePlan,
    ChangePrice,
    CustomiseComposition,
    Delete,
    Discount,
    EndItem,
    Pause,
    PriceStart,
    RestoreComposition,
    Resume,
    Retract,
    SubscriptionCommand,
    Suspend,
    Unpause,
    cycle_holding,
)
from ispcore.values import ItemId, Money

_PERMITS = {"permits": ["mailbox", "visit"]}
CATALOGUE = catalogue(
    plans={plan: {**DOCUMENT["plans"][plan], **_PERMITS} for plan in ("adsl", "no-last-day")}
)
"""The usual catalogue, but both plans of these lives permit additional services."""

SPRING = date(2012, 1, 20)
"""No life starts before."""


def cents(number: int) -> Money:
    return Money(number, brl("0.00").currency)


def _customised(number: int, **to: Any) -> CustomiseComposition:
    lines = (line("a", str(cents(number % 4000).amount)), line("b", str(cents(number % 37).amount)))
    return CustomiseComposition(lines=lines[number % 2 :], **to)


def _moved(number: int, **to: Any) -> ChangePlan:
    if number % 2:
        to["drop"] = {ItemId("mailbox")}
    return ChangePlan(plan="no-last-day", price=cents(number), **to)


KINDS: dict[str, Callable[..., SubscriptionCommand]] = {
    "suspend": lambda _, **to: Suspend(**to),
    "resume": lambda _, **to: Resume(**to),
    "pause": lambda _, **to: Pause(**to),
    "pause for days": lambda n, **to: Pause(until=to["on"] + timedelta(days=1 + n % 40), **to),
    "unpause": lambda _, **to: Unpause(**to),
    "block": lambda _, **to: Block(**to),
    "price": lambda n, **to: ChangePrice(price=cents(n), rescale=n % 2 == 0, **to),
    "price from the next cycle": lambda n, **to: ChangePrice(
        price=cents(n), start=PriceStart.NEXT_CYCLE, **to
    ),
    "discount in value": lambda n, **to: ChangeDiscount(discount=Discount(amount=cents(n % 3000)), **to),
    "discount in percent": lambda n, **to: ChangeDiscount(
        discount=Discount(percent=Decimal(n % 10001).scaleb(-2)), **to
    ),
    "no discount": lambda _, **to: ChangeDiscount(discount=None, **to),
    "add mailbox": lambda n, **to: AddItem(service="mailbox", price=cents(n % 2000), **to),
    "add visit": lambda n, **to: AddItem(service="visit", price=cents(n), **to),
    "mailbox price": lambda n, **to: ChangeItem(item=ItemId("mailbox"), price=cents(n % 2000), **to),
    "end mailbox": lambda _, **to: EndItem(item=ItemId("mailbox"), **to),
    "customise": _customised,
    "back to default": lambda _, **to: RestoreComposition(**to),
    "in advance": lambda _, **to: ChangeBillingTerms(advance=True, **to),
    "in arrears": lambda _, **to: ChangeBillingTerms(advance=False, **to),
    "change plan": _moved,
    "cancel": lambda _, **to: Cancel(reason="moved", **to),
    "annul": lambda _, **to: Annul(**to),
    "delete": lambda _, **to: Delete(note="twice", **to),
    "retract": lambda n, **to: Retract(fact=2 + n % 7, **to),
    "retract the last": lambda _, **to: Retract(fact=0, **to),
}
_NOW = {"retract", "retract the last"}
_ENDS = {"change plan", "cancel", "annul", "delete"}
_OTHERWISE = {
    "suspend": "resume",
    "pause": "unpause",
    "pause for days": "unpause",
    "customise": "back to default",
    "add mailbox": "mailbox price",
    "cancel": "retract the last",
    "annul": "retract the last",
}
"""What is tried when the state does not admit a step."""


@frozen
class Step:
    """A command some days after the step before, perhaps dated back."""

    kind: str
    after: int
    back: int
    number: int


@frozen
class Life:
    """How a subscription begins, and what is done to it."""

    start: date
    closing_day: int
    advance: bool
    price: Money
    trial: int
    steps: tuple[Step, ...]

    @property
    def last_closing(self) -> date:
        """A closing day after everything."""
        return cycle_holding(date(2012, 12, 5), self.closing_day).closing_day


_prices = st.sampled_from([0, 1, 2, 30, 999, 1001, 3100, 9999, 10000]) | st.integers(0, 20000)


def lives(*, steps: int = 8, kinds: Iterable[str] = tuple(KINDS)) -> st.SearchStrategy[Life]:
    """Return lives with up to that many *steps* of these *kinds*."""
    known = sorted(kinds)
    step = st.builds(
        Step,
        kind=st.sampled_from([kind for kind in known if kind not in _ENDS]) | st.sampled_from(known),
        after=st.sampled_from([0, 1]) | st.integers(0, 40),
        back=st.just(0) | st.integers(0, 60),
        number=_prices,
    )
    return st.builds(
        Life,
        start=st.integers(0, 45).map(lambda days: SPRING + timedelta(days=days)),
        closing_day=st.sampled_from([31, 15, 1, 30]),
        advance=st.booleans(),
        price=_prices.map(cents),
        trial=st.sampled_from([0, 0, 3, 20]),
        steps=st.lists(step, min_size=steps // 2, max_size=steps).map(tuple),
    )


def begin(life: Life) -> KeptBooks:
    """Return books with the life's subscription, opened."""
    books = KeptBooks(CATALOGUE)
    books.open(
        "adsl",
        life.start,
        closing_day=life.closing_day,
        advance=life.advance,
        price=life.price,
        trial=Trial(TrialKind.DAYS, life.trial) if life.trial else None,
    )
    return books


def live(books: KeptBooks, life: Life, *, closing: bool = False) -> None:
    """Take the steps of *life*, *closing* after each of them or never."""
    today = life.start
    for step in life.steps:
        today += timedelta(days=step.after)
        take(books, step, today)
        if closing:
            books.close(today)


def take(books: KeptBooks, step: Step, today: date) -> None:
    """Take one step of the latest subscription, unless a rule refuses it."""
    number = max(books.timelines)
    timeline = books.timelines[number]
    on = today if step.kind in _NOW else max(today - timedelta(days=step.back), timeline.last.started_on)
    command = KINDS[step.kind](step.number, subscription=number, on=on)
    if step.kind == "retract the last":
        command = Retract(subscription=number, fact=timeline.last_sequence, on=on)
    try:
        books.record(command, today)
    except (RefusedError, NotFoundError, InvalidValueError):
        if step.kind in _OTHERWISE:
            take(books, evolve(step, kind=_OTHERWISE[step.kind]), today)


def lived(life: Life, *, closing: bool = False) -> KeptBooks:
    """Return books after the whole of *life* and its last closing."""
    books = begin(life)
    live(books, life, closing=closing)
    books.close(life.last_closing)
    return books
