"""Random lives of subscriptions: what a clerk might do in a year or two, in any order, wisely or not.

A life has its own billing policies and its own catalogue, whose prices change too. A step that a rule refuses
is simply not taken, so whatever remains is a possible life.
"""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from attrs import evolve, frozen
from hypothesis import strategies as st

from ispcore.billing import Closing
from ispcore.catalog import BillingPolicy, Catalogue, Existing, OpenInstalments, SpareCents, Trial, TrialKind
from ispcore.errors import InvalidValueError, NotFoundError, RefusedError
from ispcore.plans import (
    AddBillingEvent,
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
    CustomiseComposition,
    Delete,
    Discount,
    Enable,
    EnableProvisionally,
    EndItem,
    EventKind,
    ImportSubscription,
    Pause,
    PriceStart,
    RestoreComposition,
    Resume,
    Retract,
    SubscriptionCommand,
    Suspend,
    Unpause,
    WithdrawCancellation,
)
from ispcore.values import ItemId, Money
from tests.billing.life_policies import catalogue_of, new_version, policies
from tests.books import KeptBooks
from tests.catalogues import CUSTOMER, brl, line

SPRING = date(2012, 1, 20)
"""No life starts before."""

_AFTER = 100
"""Days after the last step by which every fact and every closing of a life lies in the past."""


def cents(number: int) -> Money:
    return Money(number, brl("0.00").currency)


def _customised(number: int, **to: Any) -> CustomiseComposition:
    lines = (line("a", str(cents(number % 4000).amount)), line("b", str(cents(number % 37).amount)))
    return CustomiseComposition(lines=lines[number % 2 :], **to)


def _moved(number: int, **to: Any) -> ChangePlan:
    if number % 2:
        to["drop"] = {ItemId("mailbox")}
    price = None if number % 3 == 0 else cents(number)
    return ChangePlan(plan="other", price=price, closing_day=12 if number % 5 == 0 else None, **to)


def _discount(number: int, **to: Any) -> ChangeDiscount:
    ends = [{}, {"cycles": 1 + number % 3}, {"until": to["on"] + timedelta(days=1 + number % 70)}][number % 3]
    return ChangeDiscount(discount=Discount(percent=Decimal(number % 10001).scaleb(-2), **ends), **to)


def _mailbox(number: int, **to: Any) -> AddItem:
    return AddItem(service="mailbox", price=None if number % 2 else cents(number % 2000), **to)


def _event(number: int, **to: Any) -> AddBillingEvent:
    lines = (line("a", str(cents(number // 3).amount)), line("b", str(cents(number // 7).amount)))
    return AddBillingEvent(
        kind=tuple(EventKind)[number % 5],
        description="Router",
        amount=cents(number + 12),
        instalments=1 + number % 12,
        lines=lines[number % 3 :],
        spare=tuple(SpareCents)[number % 2],
        when_ended=tuple(OpenInstalments)[number // 2 % 2],
        **to,
    )


def _dated_event(number: int, **to: Any) -> AddBillingEvent:
    return _event(number, first_on=to["on"] + timedelta(days=number % 70), **to)


KINDS: dict[str, Callable[..., SubscriptionCommand]] = {
    "suspend": lambda _, **to: Suspend(**to),
    "resume": lambda _, **to: Resume(**to),
    "enable": lambda _, **to: Enable(**to),
    "enable provisionally": lambda _, **to: EnableProvisionally(**to),
    "status": lambda n, **to: ChangeStatus(status=("trial", "locked", "admin_suspended")[n % 3], **to),
    "pause": lambda _, **to: Pause(**to),
    "pause for days": lambda n, **to: Pause(until=to["on"] + timedelta(days=1 + n % 40), **to),
    "unpause": lambda _, **to: Unpause(**to),
    "block": lambda _, **to: Block(**to),
    "price": lambda n, **to: ChangePrice(price=cents(n), rescale=n % 2 == 0, **to),
    "price from the next cycle": lambda n, **to: ChangePrice(
        price=cents(n), start=PriceStart.NEXT_CYCLE, **to
    ),
    "discount in value": lambda n, **to: ChangeDiscount(discount=Discount(amount=cents(n % 3000)), **to),
    "discount in percent": _discount,
    "no discount": lambda _, **to: ChangeDiscount(discount=None, **to),
    "add mailbox": _mailbox,
    "add visit": lambda n, **to: AddItem(service="visit", price=cents(n), **to),
    "mailbox price": lambda n, **to: ChangeItem(item=ItemId("mailbox"), price=cents(n % 2000), **to),
    "end mailbox": lambda _, **to: EndItem(item=ItemId("mailbox"), **to),
    "billing event": _event,
    "billing event of a day": _dated_event,
    "customise": _customised,
    "back to default": lambda _, **to: RestoreComposition(**to),
    "in advance": lambda _, **to: ChangeBillingTerms(advance=True, **to),
    "in arrears": lambda _, **to: ChangeBillingTerms(advance=False, **to),
    "closing day": lambda n, **to: ChangeBillingTerms(closing_day=1 + n % 31, **to),
    "change plan": _moved,
    "cancel": lambda _, **to: Cancel(reason="moved", **to),
    "cancel at the cycle's end": lambda _, **to: Cancel(reason="moved", when=CancelOn.CYCLE_END, **to),
    "withdraw": lambda _, **to: WithdrawCancellation(**to),
    "annul": lambda _, **to: Annul(**to),
    "delete": lambda _, **to: Delete(note="twice", **to),
    "retract": lambda n, **to: Retract(fact=2 + n % 7, **to),
    "retract the last": lambda _, **to: Retract(fact=0, **to),
}
CATALOGUE_PRICE = "catalogue price"
"""The step that gives the plans and the mailbox another price in the catalogue."""

EVERY_KIND = (*KINDS, CATALOGUE_PRICE)
_BY_WHAT_WAS_BILLED = {"closing day", "billing event", CATALOGUE_PRICE}
MONTHLY_KINDS = tuple(kind for kind in EVERY_KIND if kind not in _BY_WHAT_WAS_BILLED)
"""The steps of which no decision depends on what was billed before."""

_NOW = {"retract", "retract the last", "withdraw"}
_ENDS = {"change plan", "cancel", "cancel at the cycle's end", "annul", "delete"}
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
    """A command some days after the step before, perhaps dated back, and the closing that follows it."""

    kind: str
    after: int
    back: int
    number: int
    closes: int | None


@frozen
class Life:
    """How a subscription begins, by which policies it is billed, and what is done to it."""

    start: date
    policy: BillingPolicy
    other: BillingPolicy
    closing_day: int | None
    price: Money | None
    trial: int
    imported: bool
    steps: tuple[Step, ...]

    @property
    def last_closing(self) -> date:
        """A closing day after everything: each cycle in which something happened is due, and the next."""
        longest = max(self.policy.every.commercial_days, self.other.every.commercial_days)
        lived = sum(step.after for step in self.steps)
        return self.start + timedelta(days=lived + _AFTER + 2 * longest)


_prices = st.sampled_from([0, 1, 2, 30, 999, 1001, 3100, 9999, 10000]) | st.integers(0, 20000)
_closes = st.sampled_from([0, None, 1, -30]) | st.integers(-60, 90)


def lives(
    *,
    steps: int = 8,
    kinds: Iterable[str] = EVERY_KIND,
    policy: st.SearchStrategy[BillingPolicy] | None = None,
) -> st.SearchStrategy[Life]:
    """Return lives with up to that many *steps* of these *kinds*, billed by any *policy*."""
    known = sorted(kinds)
    policy = policies() if policy is None else policy
    step = st.builds(
        Step,
        kind=st.sampled_from([kind for kind in known if kind not in _ENDS]) | st.sampled_from(known),
        after=st.sampled_from([0, 1]) | st.integers(0, 40),
        back=st.just(0) | st.integers(0, 60),
        number=_prices,
        closes=_closes,
    )
    return st.builds(
        Life,
        start=st.integers(0, 45).map(lambda days: SPRING + timedelta(days=days)),
        policy=policy,
        other=policy,
        closing_day=st.sampled_from([None, None, 31, 15]),
        price=st.none() | _prices.map(cents),
        trial=st.sampled_from([0, 0, 3, 20]),
        imported=st.sampled_from([False, False, False, True]),
        steps=st.lists(step, min_size=steps // 2, max_size=steps).map(tuple),
    )


def begin(life: Life) -> KeptBooks:
    """Return books with the life's subscription, opened."""
    books = KeptBooks(catalogue_of(life.policy, life.other))
    strict = life.policy.strict_composition
    terms: dict[str, Any] = {
        "closing_day": None if life.policy.every.weeks else life.closing_day,
        "price": None if strict else life.price,
        "status": None if life.policy.trial.kind is TrialKind.STATUS else "enabled",
    }
    if life.imported:
        command = ImportSubscription(
            customer=CUSTOMER,
            plan="first",
            on=life.start,
            system="old",
            foreign_id="7",
            billed_through=life.start - timedelta(days=1),
            charge_method="slip",
            due_day=10,
            **{**terms, "status": "enabled"},
        )
        books.record(command)
    else:
        trial = Trial(TrialKind.DAYS, life.trial) if life.trial else None
        books.open("first", life.start, trial=trial, **terms)
    return books


def live(books: KeptBooks, life: Life, *, closed: Callable[[date], Closing | None] | None = None) -> None:
    """Take the steps of *life*; *closed* is called for the closings between them, with their days."""
    today = life.start
    for step in life.steps:
        today += timedelta(days=step.after)
        take(books, step, today)
        if closed is not None and step.closes is not None:
            closed(today + timedelta(days=step.closes))


def take(books: KeptBooks, step: Step, today: date) -> None:
    """Take one step of the latest subscription, unless a rule refuses it."""
    if step.kind == CATALOGUE_PRICE:
        books.catalogue = _dearer(books.catalogue, step, today)
        return
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


def _dearer(known: Catalogue, step: Step, today: date) -> Catalogue:
    existing = tuple(Existing)[step.number % 3]
    return new_version(known, today - timedelta(days=step.back - 30), cents(step.number), existing)


def lived(life: Life, *, closing: bool = False) -> KeptBooks:
    """Return books after the whole of *life* and its last closing."""
    books = begin(life)
    live(books, life, closed=books.close if closing else None)
    books.close(life.last_closing)
    return books
