"""One customer's books, kept in memory: commands recorded, cycles closed, payments put down, again and again.

Nothing in here decides an amount; it only keeps what the library returns, as a store would.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from ispcore.billing import (
    Allocation,
    Books,
    Charge,
    ChargeKey,
    Closing,
    CustomerBooks,
    Explanation,
    Holder,
    Issued,
    OpenAmounts,
    Payment,
    Receivable,
    ReceivableBalance,
    SourceKind,
    Terms,
    close_customer,
    explain,
    terms_of,
)
from ispcore.catalog import Catalogue
from ispcore.plans import (
    ChangePlan,
    Cycle,
    Event,
    OpeningCommand,
    Subscribe,
    SubscriptionCommand,
    Timeline,
    check_compositions,
    decide,
    decide_opening,
    fold,
    fold_with,
)
from ispcore.timeline import Fact, Retracted, voided_by
from ispcore.values import ChargeId, Money, PaymentId, SubscriptionId, zero
from tests.catalogues import CATALOGUE, CUSTOMER, START, SUBSCRIPTION, brl, facts_of, setting


class KeptBooks:
    """The books of one customer; ``catalogue`` may be exchanged at any time."""

    def __init__(self, catalogue: Catalogue = CATALOGUE) -> None:
        """Begin with a customer who has no subscription yet."""
        self.catalogue = catalogue
        self.timelines: dict[SubscriptionId, Timeline] = {}
        self.closed: dict[SubscriptionId, dict[Cycle, Terms]] = defaultdict(dict)
        self.closed_through: dict[SubscriptionId, date | None] = {}
        self.dirty_from: dict[SubscriptionId, date | None] = {}
        self.partly: dict[SubscriptionId, dict[Cycle, date]] = defaultdict(dict)
        self.charges: list[Charge] = []
        self.receivables: dict[ChargeId, Receivable] = {}
        self.allocations: list[Allocation] = []
        self._read = catalogue
        self._terms: dict[tuple[Cycle, str, frozenset[str]], Terms] = {}

    # --- recording

    def open(self, plan: str = "adsl", on: date = START, **terms: Any) -> SubscriptionId:
        """Open an enabled subscription, paid by slip on day 10 unless *terms* say otherwise."""
        usual = {"status": "enabled", "charge_method": "slip", "due_day": 10}
        return self.record(Subscribe(customer=CUSTOMER, plan=plan, on=on, **{**usual, **terms}))

    def record(
        self, command: OpeningCommand | SubscriptionCommand, today: date | None = None
    ) -> SubscriptionId:
        """Decide *command* on *today*, by default its own day, and return the subscription that goes on."""
        today = today or command.on
        assert today is not None
        if isinstance(command, OpeningCommand):
            event = decide_opening(command, setting(today, catalogue=self.catalogue))
            return self._opened([event], today)
        number = command.subscription
        known = setting(
            today,
            catalogue=self.catalogue,
            closed_through=self.closed_through.get(number) or self.dirty_from.get(number),
            successor=self._next_number(),
        )
        decision = decide(command, self.timelines[number], known)
        fresh = facts_of(
            decision.events,
            after=self.timelines[number].last_sequence,
            subscription=number,
            at=known,
            reason=command.reason,
        )
        after = fold_with(self.timelines[number], fresh)
        check_compositions(self.timelines[number], after, self.catalogue)
        self.timelines[number] = after
        self._touch(number, fresh)
        return self._opened(decision.successor, today) if isinstance(command, ChangePlan) else number

    def recorded(self, number: SubscriptionId, facts: Iterable[Fact[Any]]) -> None:
        """Take over *facts* as they are."""
        self.timelines[number] = fold(facts)

    def _next_number(self) -> SubscriptionId:
        return SubscriptionId(SUBSCRIPTION + len(self.timelines))

    def _opened(self, events: Iterable[Event], today: date) -> SubscriptionId:
        number = self._next_number()
        self.recorded(number, facts_of(events, subscription=number, at=setting(today)))
        return number

    def _touch(self, number: SubscriptionId, fresh: Iterable[Fact[Any]]) -> None:
        through = self.closed_through.get(number)
        first = min(day for fact in fresh for day in self._days_of(number, fact))
        if through is not None and first < through:
            self.dirty_from[number] = min(first, self.dirty_from.get(number) or first)

    def _days_of(self, number: SubscriptionId, fact: Fact[Any]) -> Iterator[date]:
        """Yield the days that *fact* changes, among them those of the facts that it voids."""
        if not isinstance(fact.payload, Retracted):
            yield fact.effective_on
        for sequence in voided_by(fact.payload):
            yield from self._days_of(number, self.timelines[number].fact(sequence))

    # --- closing

    def account(self) -> CustomerBooks:
        """Return the books as the library takes them."""
        return CustomerBooks(
            customer=CUSTOMER,
            books=tuple(self.kept(number) for number in self.timelines),
            open=tuple(self.open_amounts()),
            balances=self.balances(),
        )

    def kept(self, number: SubscriptionId) -> Books:
        """Return one subscription's side of the books."""
        mine = [charge for charge in self.charges if charge.key.subscription == number]
        net = self.net(mine)
        return Books(
            timeline=self.timelines[number],
            closed_through=self.closed_through.get(number),
            dirty_from=self.dirty_from.get(number),
            closed=dict(self.closed[number]),
            partly=dict(self.partly[number]),
            issued={
                charge.key: Issued(net[charge.key], charge.description, charge.target) for charge in mine
            },
        )

    def preview(self, on: date, *, open_cycles: bool = False) -> Closing:
        """Return what a closing on that day would append."""
        return close_customer(self.account(), self.catalogue, self.terms, on, open_cycles=open_cycles)

    def terms(self, cycle: Cycle, policy: str, offers: frozenset[str]) -> Terms:
        """Return today's terms for *cycle*."""
        if self._read is not self.catalogue:
            self._read, self._terms = self.catalogue, {}
        question = (cycle, policy, offers)
        if question not in self._terms:
            self._terms[question] = terms_of(self.catalogue, cycle, policy, offers)
        return self._terms[question]

    def close(self, on: date, *, open_cycles: bool = False) -> Closing:
        """Close on that day, and keep what was appended."""
        closing = self.preview(on, open_cycles=open_cycles)
        for one in closing.subscriptions:
            for cycle in (*one.closed, *one.repinned):
                self.closed[one.subscription][cycle.cycle] = cycle.terms
                self.partly[one.subscription].pop(cycle.cycle, None)
                if cycle.through is not None:
                    self.partly[one.subscription][cycle.cycle] = cycle.through
            self.closed_through[one.subscription] = one.closed_through
            self.dirty_from[one.subscription] = one.dirty_from
        self.charges += closing.entries
        self.receivables.update({receivable.id: receivable for receivable in closing.receivables})
        self.allocations += closing.allocations
        return closing

    # --- reading

    def net(self, charges: Iterable[Charge] | None = None) -> dict[ChargeKey, Money]:
        """Return what was issued less what was taken back, by key, of all *charges* or of these."""
        found: dict[ChargeKey, int] = defaultdict(int)
        currency = self.catalogue.currency
        for charge in self.charges if charges is None else charges:
            found[charge.key] += charge.signed_minor
        return {key: Money(minor, currency) for key, minor in found.items()}

    def nets(self) -> dict[tuple[SubscriptionId, str, str, date], str]:
        """Return nets other than zero by subscription, item, line and first day of the cycle, as text."""
        return {
            (key.subscription, key.item, key.line, key.cycle.period.start): str(net.amount)
            for key, net in self.net().items()
            if not net.is_zero
        }

    def by_cycle(self, number: SubscriptionId = SUBSCRIPTION) -> dict[str, str]:
        """Return the nets of a subscription by month of the cycle's closing day, as text, zeros too."""
        found: dict[str, Money] = {}
        for key, net in self.net().items():
            if key.subscription == number:
                month = f"{key.cycle.closing_day:%Y-%m}"
                found[month] = found.get(month, zero("BRL")) + net
        return {month: str(found[month].amount) for month in sorted(found)}

    def explain(self, charge: Charge) -> Explanation:
        """Return how *charge* came about."""
        number = charge.key.subscription
        terms = self.closed[number][charge.key.cycle]
        return explain(charge, self.timelines[number].recorded, terms, self.charges)

    # --- money

    def pay(
        self, amount: str, on: date, *, company: str = "net", towards: Iterable[Receivable] | None = None
    ) -> tuple[Allocation, ...]:
        """Put a payment *towards* receivables, by default all of *company*, the first due first."""
        number = len({one.source for one in self.allocations if one.source_kind is SourceKind.PAYMENT})
        name = f"p{number + 1}"
        payment = Payment(PaymentId(name), CUSTOMER, company, brl(amount), on, "bank", name)
        mine = [one for one in self.receivables.values() if one.target.company == company]
        amounts = OpenAmounts(self.account().open, self.balances().items())
        by_due = sorted(mine, key=lambda one: (one.due_on, one.id)) if towards is None else towards
        made = tuple(amounts.settle_payment(payment, by_due))
        self.allocations += made
        return made

    def open_amounts(self) -> Iterator[tuple[Receivable, int]]:
        """Yield each receivable with what is open of it, in minor units."""
        put: dict[ChargeId | None, int] = defaultdict(int)
        for one in self.allocations:
            put[one.receivable] += one.amount.minor
        for receivable in self.receivables.values():
            yield receivable, receivable.amount.minor - put[receivable.id]

    def open_amount(self, receivable: Receivable) -> int:
        """Return what is open of *receivable*, in minor units."""
        return self.standing(receivable.id).open.minor

    def standing(self, receivable: ChargeId) -> ReceivableBalance:
        """Return a receivable with what was put to it."""
        mine = [one for one in self.allocations if one.receivable == receivable]
        credited = sum(one.amount.minor for one in mine if one.source_kind is SourceKind.CREDIT)
        paid = sum(one.amount.minor for one in mine if one.source_kind is not SourceKind.CREDIT)
        one = self.receivables[receivable]
        return ReceivableBalance.of(one, {SourceKind.PAYMENT: paid, SourceKind.CREDIT: credited})

    def balances(self) -> dict[Holder, int]:
        """Return the balances by holder, in minor units."""
        found: dict[Holder, int] = defaultdict(int)
        for allocation in self.allocations:
            found[allocation.holder] += allocation.balance_minor
        return dict(found)
