"""Whatever is paid, taken back, let go and closed, in any order: every cent stays in one place.

A normal run takes a sample. ``ISPCORE_MONEY_LIVES=2000 pytest tests/usecases/test_money_lives.py`` runs many.
"""

import os
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from attrs import frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ispcore.catalog import SpareCents
from ispcore.errors import IspcoreError
from ispcore.plans import ChangePrice, Resume, Suspend
from ispcore.usecases import RecordPayment, Refund, Renegotiate, ReversePayment, Waive, WriteOff
from ispcore.values import CustomerId, Money, PaymentId, SubscriptionId
from tests.catalogues import brl
from tests.providers import ANA, Office, open_office

LIVES = int(os.environ.get("ISPCORE_MONEY_LIVES", "0"))
_SAMPLE = 15
BEGIN = date(2012, 2, 1)
LATE = {
    "standard": {
        "charges": {"fine_percent": "2", "interest_percent": "1"},
        "order": "interest_first",
    }
}
KINDS = (
    *("close", "close", "pay", "pay", "pay company", "pay one", "pay late for nothing"),
    *("reverse", "reverse", "refund", "write off", "waive", "renegotiate", "price", "pause"),
)


@frozen
class Step:
    """Something that happens some days after the step before."""

    kind: str
    days: int
    pick: int
    cents: int


steps = st.lists(
    st.builds(Step, st.sampled_from(KINDS), st.integers(0, 25), st.integers(0, 9), st.integers(1, 25_000)),
    min_size=3,
    max_size=25,
)


def live(office: Office, life: list[Step]) -> CustomerId:
    customer = office.register()
    subscription = office.subscribe(customer, "fibre", on=BEGIN)
    today, paid = BEGIN + timedelta(days=28), 0
    office.close(today)
    for step in life:
        today += timedelta(days=step.days)
        office.clock.move_to(today)
        with suppress(IspcoreError):  # what a rule forbids does not happen
            if step.kind == "close":
                office.provider.close(today, actor=ANA)
            else:
                office.provider.do(command(office, step, customer, subscription, paid), actor=ANA)
                paid += step.kind.startswith("pay")
        if step.kind in {"close", "reverse"}:
            assert_sound(office, customer)
    assert_sound(office, customer)
    return customer


def command(office: Office, step: Step, customer: CustomerId, subscription: SubscriptionId, paid: int) -> Any:
    today = office.clock.now().date()
    amount = Money(step.cents, brl("0.00").currency)
    names = sorted(office.open_amounts(customer))
    one = names[step.pick % len(names) : step.pick % len(names) + 1] if names else []
    company = ("net", "media")[step.pick % 2]
    because: dict[str, Any] = {"reason": "so it is"}
    match step.kind:
        case "reverse":
            return ReversePayment(payment=PaymentId(f"bank:{step.pick % max(paid, 1)}"), **because)
        case "refund":
            return Refund(customer=customer, company=company, amount=amount, **because)
        case "write off":
            return WriteOff(receivables=tuple(one), **because)
        case "waive":
            return (
                Waive(receivable=one[0], amount=amount, **because)
                if one
                else WriteOff(receivables=(), **because)
            )
        case "renegotiate":
            spare = SpareCents.FIRST if step.pick % 2 else SpareCents.LAST
            first_due = today + timedelta(days=step.pick)
            return Renegotiate(
                customer=customer,
                instalments=1 + step.pick,
                first_due=first_due,
                spare_cents=spare,
                with_late=step.pick > 2,
                **because,
            )
        case "price":
            since = today - timedelta(days=step.pick * 5)
            return ChangePrice(subscription=subscription, price=brl("130.00") + amount, on=since)
        case "pause":
            kind = Suspend if step.pick % 2 else Resume
            return kind(subscription=subscription, on=today, **({"reason": "moved"} if step.pick % 2 else {}))
        case _:
            more: dict[str, Any] = {"company": company}
            if step.kind == "pay one":
                more = {"receivables": tuple(one)}
            return RecordPayment(
                customer=customer,
                amount=amount,
                paid_on=today - timedelta(days=step.pick % 4),
                provider="bank",
                provider_id=str(paid),
                waive_late=step.kind == "pay late for nothing",
                **more,
            )


def assert_sound(office: Office, customer: CustomerId) -> None:
    """Find every cent that was asked for in one place, and every cent that came in one place."""
    seen = office.provider.customer(customer, actor=ANA)
    for one in seen.receivables:
        places = (one.open, one.paid, one.credited, one.renegotiated, one.written_off)
        assert all(part.minor >= 0 for part in places), one
        assert sum(part.minor for part in places) == one.receivable.amount.minor
    assert all(amount.minor >= 0 for amount in seen.balances.values())
    assert office.findings() == []


def money_of(office: Office, customer: CustomerId) -> int:
    """Return what came less what was paid out, in cents."""
    with office.database.reading() as work:
        payments = {one.id: one.amount.minor for one in work.ledger.payments(customer)}
        settlements = work.payments.settlements(customer)
    gone = sum(one.amount.minor for one in settlements if one.kind.value in {"reversal", "refund"})
    return sum(payments.values()) - gone


def came_in(office: Office, customer: CustomerId) -> int:
    """Return what ever came, in cents."""
    with office.database.reading() as work:
        return sum(one.amount.minor for one in work.ledger.payments(customer))


def lived(life: list[Step]) -> None:
    with open_office() as office:
        office.load(late=LATE)
        customer = live(office, life)
        seen = office.provider.customer(customer, actor=ANA)
        with office.database.reading() as work:
            puts = work.ledger.allocations(customer)
        returned = sum(
            one.amount.minor for one in puts if one.source_kind.value == "return" and one.receivable is None
        )
        credited = sum(one.amount.minor for one in puts if one.source_kind.value == "credit")
        lowered = sum(one.credited.minor for one in seen.receivables)
        waived = sum(one.amount.minor for one in puts if one.source_kind.value == "waiver")
        waived -= sum(one.amount.minor for one in puts if one.source_kind.value == "unwaived")
        paid = sum(one.paid.minor for one in seen.receivables)
        kept = sum(amount.minor for amount in seen.balances.values())
        # What came, and what was credited without lowering a debt, paid something or is kept.
        assert kept <= came_in(office, customer)
        assert money_of(office, customer) + returned + credited + waived - lowered == paid + kept


@settings(max_examples=LIVES or _SAMPLE, deadline=None, suppress_health_check=list(HealthCheck))
@given(steps)
def test_every_cent_stays_in_one_place(life: list[Step]) -> None:
    lived(life)
