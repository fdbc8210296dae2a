"""An office where customers pay late: a policy with stages, and a book of notices that a test hands over."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from attrs import evolve, field, frozen

from ispcore.billing import StageNotice
from ispcore.notices import Bill
from ispcore.plans import HoldCause
from ispcore.usecases import LateRun
from ispcore.usecases.ports import UnitOfWork
from ispcore.values import ChargeId, CustomerId, SubscriptionId
from tests.catalogues import START, february
from tests.providers import ANA, Office

LADDER = [
    {"code": "told", "action": "notify", "days": 5, "template": "late"},
    {"code": "slow", "action": "reduce", "days": 10},
    {"code": "stop", "action": "block", "days": 15, "anchor": "notice", "after": "told"},
    {"code": "end", "action": "propose_cancellation", "days": 60, "anchor": "stage", "after": "stop"},
]


@frozen
class Book:
    """Keeps what is asked for, and hands it over at once unless it is ``shut``."""

    shut: bool = False
    asked: dict[str, StageNotice] = field(factory=dict)
    told: dict[CustomerId, dict[tuple[str, str], date]] = field(factory=dict)

    def handed_over(
        self, work: UnitOfWork, customers: Sequence[CustomerId]
    ) -> Mapping[CustomerId, Mapping[tuple[str, str], date]]:
        """Return what was handed over."""
        return {one: self.told[one] for one in customers if one in self.told}

    def news(self, work: UnitOfWork, notices: Sequence[StageNotice]) -> frozenset[CustomerId]:
        """Return whose notices were not asked for."""
        return frozenset(one.customer for one in notices if one.id not in self.asked)

    def ask(self, work: UnitOfWork, notices: Sequence[StageNotice]) -> None:
        """Keep the notices, and hand over those that were not asked for before."""
        for one in notices:
            if one.id not in self.asked:
                self.asked[one.id] = one
                if not self.shut:
                    self.told.setdefault(one.customer, {})[one.subject, one.stage] = one.on

    def bills(self, work: UnitOfWork, customers: Sequence[CustomerId], on: date) -> tuple[Bill, ...]:
        """Remind nobody: these tests are about stages."""
        return ()

    def waits(self, work: UnitOfWork, customer: CustomerId) -> bool:
        """Say that nothing waits: it is handed over at once, or never."""
        return False

    def keep(self, work: UnitOfWork, customer: CustomerId, notices: Sequence[StageNotice]) -> None:
        """Withdraw nothing."""


class LateOffice:
    """A provider with one customer whose first bill, of 20.69, is due on Saturday, 10 March 2012."""

    def __init__(self, office: Office, *, shut: bool = False, **policy: Any) -> None:
        """Load the policy, and bill February to a new customer."""
        self.office, self.book = office, Book(shut)
        desk = office.provider._desk
        office.provider._desk = evolve(desk, notices=self.book)
        office.load(late={"standard": {"stages": LADDER, **policy}})
        self.customer = office.register()
        self.subscription = office.subscribe(self.customer)
        office.close(february(29))

    def run(self, day: date) -> LateRun:
        """Do the daily run on that day, which becomes today; what was decided must stand."""
        self.office.clock.move_to(day)
        return self.office.provider.late.run(actor=ANA)

    def do(self, command: Any, day: date | None = None) -> Any:
        """Give a command, on a day that becomes today."""
        if day is not None:
            self.office.clock.move_to(day)
        return self.office.provider.do(command, actor=ANA)

    def pay(self, day: date, amount: str = "20.69", name: str = "p1") -> None:
        """Pay on a day, which becomes today."""
        self.office.clock.move_to(day)
        self.office.pay(self.customer, amount, name)

    def held(self, subscription: SubscriptionId | None = None) -> list[str]:
        """Return the holds that stand today, as words."""
        view = self.office.provider.subscription(subscription or self.subscription, actor=ANA)
        state = view.timeline.on(self.office.clock.now().date())
        assert state is not None
        return [
            f"{one.kind.value} {'late' if one.cause is HoldCause.AUTOMATIC else one.cause.value}"
            for one in state.holds
        ]

    @property
    def receivable(self) -> ChargeId:
        """The name of the first receivable that is open."""
        return next(iter(self.office.open_amounts(self.customer)))


__all__ = ["LADDER", "START", "Book", "LateOffice"]
