"""A life, told to a provider in memory: a catalogue, one customer, commands and closings on their days.

Nothing is computed in here: what is found is read from the books, and from what they explain.
"""

import sqlite3
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache
from typing import Any

from ispcore.app import Provider
from ispcore.billing import Charge, EntryKind, Explanation
from ispcore.customers import PersonDetails, PersonKind, RegisterCustomer
from ispcore.errors import IspcoreError
from ispcore.plans import OpeningCommand, Subscribe, SubscriptionCommand, Timeline
from ispcore.storage import SqlDatabase
from ispcore.storage.database import Session
from ispcore.usecases import Recorded, RecordPayment, Run
from ispcore.values import ChargeId, Money, SubscriptionId
from tests.cases.outcome import Row
from tests.providers import ANA, MovableClock, address

_BOOKED = {"account": "sales", "company": "net", "document_type": "bill"}
_LONG_AGO = date(2010, 1, 1)
ONE_DAY = timedelta(days=1)

Offers = Mapping[str, str | Mapping[str, Any]]
"""Plans or services by code: a price, or whatever a catalogue says of one."""


class Life:
    """One customer of a provider that sells *plans*, all under the same policy unless they name another."""

    def __init__(
        self,
        plans: str | Offers,
        *,
        services: Offers | None = None,
        zone: str = "UTC",
        currency: str = "USD",
        policies: Mapping[str, Mapping[str, Any]] | None = None,
        late: Mapping[str, Any] | None = None,
        sections: Mapping[str, Any] | None = None,
        **policy: Any,
    ) -> None:
        """Load the catalogue; a bare price is that of the plan ``base``, *policy* is the usual one.

        *late* is how those are treated who pay late, *sections* is what else the catalogue has.
        """
        self.clock = MovableClock(_LONG_AGO)
        database = SqlDatabase("sqlite://")
        with database.reading() as work:
            _driver(work).deserialize(_empty())
        self.provider = Provider(database, clock=self.clock)
        self.currency = currency
        self.subscriptions: list[SubscriptionId] = []
        self._closed_on: date | None = None
        permits = sorted(services or {})
        offered = {"base": plans} if isinstance(plans, str) else plans
        document = {
            "currency": currency,
            "use_statuses": "integrator",
            "companies": {"net": {"name": "Net"}},
            "charge_methods": {"slip": {"name": "Slip"}},
            "document_types": {"bill": {"name": "Bill"}},
            "accounts": {"sales": {"name": "Sales"}},
            "reasons": {"moved": {"description": "Moved"}},
            "policies": {"standard": policy, **(policies or {})},
            "late": {} if late is None else {"standard": late},
            "services": {code: _offer(code, offer) for code, offer in (services or {}).items()},
            "plans": {code: _offer(code, offer, permits=permits) for code, offer in offered.items()},
            "units": {
                "here": {
                    "name": "Here",
                    "plans": sorted(offered),
                    "charge_methods": ["slip"],
                    "zone": zone,
                }
            },
            **(sections or {}),
        }
        try:
            self.provider.load_catalogue(document, actor=ANA)
        except IspcoreError:
            self.provider.close_database()
            raise
        register = RegisterCustomer(
            details=PersonDetails(name="Ana"), kind=PersonKind.PERSON, addresses=(address("home", "Here"),)
        )
        self.customer = self.provider.do(register, actor=ANA).customer

    def end(self) -> None:
        """Let go of the database, in which nothing may be wrong, and nothing left to issue."""
        try:
            findings = list(self.provider.check(actor=ANA))
            assert not findings, findings
            assert self._closed_on is None or self.close(self._closed_on).issued_nothing
        finally:
            self.provider.close_database()

    # --- what happens

    def subscribe(
        self, on: date | None, plan: str = "base", command: type[OpeningCommand] = Subscribe, **more: Any
    ) -> SubscriptionId:
        """Open an enabled subscription on that day, or now where the clock was set to an instant."""
        usual = {"status": "enabled", "charge_method": "slip", "due_day": 10}
        if on is not None:
            self.clock.move_to(on)
        recorded = self._do(command(customer=self.customer, plan=plan, on=on, **{**usual, **more}))
        return recorded.subscription

    def do(self, command: type[SubscriptionCommand], today: date | None = None, **fields: Any) -> Recorded:
        """Give a command to the latest subscription today."""
        if today is not None:
            self.clock.move_to(today)
        return self._do(command(**{"subscription": self.subscriptions[-1], **fields}))

    def _do(self, command: OpeningCommand | SubscriptionCommand) -> Recorded:
        recorded = self.provider.do(command, actor=ANA)
        for number in (recorded.subscription, recorded.successor):
            if number is not None and number not in self.subscriptions:
                self.subscriptions.append(number)
        return recorded

    def at(self, instant: str) -> None:
        """Set the clock to an instant."""
        self.clock.instant = datetime.fromisoformat(instant)

    def close(self, first: date | str, *more: date | str) -> Run:
        """Close on each of the days, and return the last run."""
        runs = [self._close(as_day(day)) for day in (first, *more)]
        return runs[-1]

    def _close(self, day: date) -> Run:
        self.clock.move_to(day)
        run = self.provider.close(day, actor=ANA)
        assert not run.problems, run.problems
        self._closed_on = day
        return run

    def pay(self, amount: str, on: date) -> None:
        """Record a payment."""
        self.clock.move_to(on)
        paid = RecordPayment(
            customer=self.customer,
            amount=self.money(amount),
            paid_on=on,
            provider="bank",
            provider_id=f"{on}",
        )
        self.provider.do(paid, actor=ANA)

    def money(self, amount: str) -> Money:
        """Return an amount in the catalogue's currency."""
        return Money.of(amount, self.currency)

    # --- what is found

    def timeline(self) -> Timeline:
        """Return the latest subscription's timeline."""
        return self.provider.subscription(self.subscriptions[-1], actor=ANA).timeline

    def entries(self) -> list[Charge]:
        """Return the entries of all subscriptions in the order in which they were issued."""
        found = [
            charge
            for number in self.subscriptions
            for charge in self.provider.subscription(number, actor=ANA).charges
        ]
        return sorted(found, key=lambda charge: (charge.issued_on, charge.key.subscription, charge.fact))

    def explain(self, charge: ChargeId) -> Explanation:
        """Return how an entry came about."""
        explanation = self.provider.explain(charge, actor=ANA)
        assert explanation.agrees
        return explanation

    def total(self, day: date | str) -> Row:
        """Return what the closing of that day issued, less what it took back."""
        return Row(sum(charge.signed_minor for charge in self.entries() if charge.issued_on == as_day(day)))

    def totals(self, *days: str) -> dict[str, Row]:
        """Return the totals of several days, by day."""
        return {f"total {day}": self.total(day) for day in days}

    def by_item(self, day: date) -> dict[str, Row]:
        """Return what the closing of that day issued, less what it took back, by item."""
        found: dict[str, int] = defaultdict(int)
        for charge in self.entries():
            if charge.issued_on == day:
                found[charge.key.item] += charge.signed_minor
        return {item: Row(amount) for item, amount in found.items() if amount}

    def balance(self) -> int:
        """Return the customer's balance in cents."""
        return sum(
            amount.minor for amount in self.provider.customer(self.customer, actor=ANA).balances.values()
        )

    def rows(
        self, *kinds: str, issued_on: date | None = None, item: str = "plan", plan: int | None = None
    ) -> dict[str, Row]:
        """Return the fragments that were charged (recurring) and the days taken back (repair) of an *item*.

        They are named by kind and first day. *kinds*, *issued_on* and *plan*, the how-manieth subscription,
        leave others out.
        """
        seen: dict[object, Explanation] = {}
        rows: dict[str, Row] = {}
        number = None if plan is None else self.subscriptions[plan]
        for charge in self.entries():
            if charge.key.item != item or number not in (None, charge.key.subscription):
                continue
            explanation = self.explain(charge.id)
            for name, row in _rows(explanation, seen.get(charge.key)):
                if (not kinds or name.split()[0] in kinds) and issued_on in (None, charge.issued_on):
                    assert name not in rows
                    rows[name] = row
            seen[charge.key] = explanation
        return rows


@cache
def _empty() -> bytes:
    """Return a database of today's schema that holds nothing: to make one takes longer than most lives."""
    database = SqlDatabase("sqlite://")
    database.migrate()
    with database.reading() as work:
        image = _driver(work).serialize()
    database.close()
    return image


def _driver(work: Session) -> sqlite3.Connection:
    raw = work.connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw


def _offer(code: str, offer: str | Mapping[str, Any], **usual: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"price": offer} if isinstance(offer, str) else dict(offer)
    version = {"from": _LONG_AGO.isoformat(), **_BOOKED}
    versions = given.pop("versions") if "versions" in given else [{"price": given.pop("price")}]
    return {"name": code, **usual, **given, "versions": [{**version, **one} for one in versions]}


def _rows(now: Explanation, before: Explanation | None) -> Iterator[tuple[str, Row]]:
    if now.charge.kind is EntryKind.CHARGE and before is None:
        for part in now.parts:
            days, weight = part.fragment.period, part.fragment.weight
            yield f"recurring {days.start}", Row(part.cents, days.end, Fraction(weight, part.weight_of))
        return
    assert before is not None
    gone = sorted(_days(before) - _days(now)) or sorted(_days(before))
    whole, kind = before.parts[0].weight_of, "repair" if now.charge.signed_minor < 0 else "more"
    share = Fraction(_weight(before) - _weight(now), whole)
    yield f"{kind} {gone[0]}", Row(now.charge.signed_minor, gone[-1] + ONE_DAY, share)


def _days(explanation: Explanation) -> set[date]:
    periods = [part.fragment.period for part in explanation.parts]
    return {period.start + n * ONE_DAY for period in periods for n in range(period.days)}


def _weight(explanation: Explanation) -> int:
    return sum(part.fragment.weight for part in explanation.parts)


def as_day(day: date | str) -> date:
    """Return a day that may be written."""
    return date.fromisoformat(day) if isinstance(day, str) else day
