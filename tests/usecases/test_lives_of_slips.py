"""Random lives of customers' slips: whatever is done in whatever order, the books and the slips agree."""

import os
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ispcore.billing import DebitKind, Slip, SlipState
from ispcore.errors import RefusedError
from ispcore.plans import Cancel, Gathering, SetSlipTerms, SlipTerms
from ispcore.values import CustomerId, SlipId, SubscriptionId, add_months
from tests.catalogues import brl
from tests.providers import ANA, Office, open_office

FIRST = date(2012, 2, 29)
LIVES = int(os.environ.get("ISPCORE_SLIP_LIVES", "1"))
FEE = {"slip": {"name": "Boleto", "slip_fee": "2.50"}}
ACTIONS = ("close", "issue", "pay", "regenerate", "merge", "cancel", "terms", "end", "book")


class Life:
    """A small provider to which things happen; what a rule refuses leaves no trace."""

    def __init__(self, office: Office) -> None:
        self.office, self.month, self.payments = office, 0, 0
        office.load(charge_methods=FEE)
        for plan, day in (("adsl", 10), ("in-advance", 20)):
            customer = office.register()
            office.subscribe(customer, plan, due_day=day)
            office.subscribe(customer, due_day=day, separate_slip=day == 20)
        office.close(FIRST)

    @property
    def today(self) -> date:
        return self.office.clock.now().date()

    @property
    def slips(self) -> tuple[Slip, ...]:
        return self.office.provider.slips.list(actor=ANA)

    def do(self, action: str, choice: int) -> None:
        act: Callable[[int], object] = getattr(self, f"_{action}")
        with suppress(RefusedError):
            act(choice)

    def _close(self, _: int) -> None:
        self.month += 1
        self.office.close(add_months(FIRST, self.month))

    def _issue(self, choice: int) -> None:
        customer = CustomerId(choice % 3) if choice % 3 else None
        self.office.provider.slips.issue(self.today, actor=ANA, customer=customer)

    def _pay(self, choice: int) -> None:
        self.payments += 1
        self.office.pay(CustomerId(1 + choice % 2), f"{1 + choice}.00", f"p{self.payments}", company="net")

    def _regenerate(self, choice: int) -> None:
        self.office.provider.slips.regenerate(self._one(choice), actor=ANA)

    def _merge(self, choice: int) -> None:
        self.office.provider.slips.merge(self._one(choice), self._one(choice + 1), actor=ANA)

    def _cancel(self, choice: int) -> None:
        self.office.provider.slips.cancel(self._one(choice), actor=ANA)

    def _terms(self, choice: int) -> None:
        gathers = Gathering((DebitKind.FEE,), interest=True) if choice % 2 else None
        slips = SlipTerms(FIRST if choice % 3 else None, choice % 5 > 0, gathers)
        self.office.do(SetSlipTerms(subscription=SubscriptionId(1 + choice % 4), slips=slips))

    def _end(self, choice: int) -> None:
        of = SubscriptionId(1 + choice % 4)
        self.office.do(Cancel(subscription=of, on=date(2012, 2, 24 + choice % 4), reason="moved"))

    def _book(self, choice: int) -> None:
        self.office.provider.slips.book(CustomerId(1 + choice % 2), 1 + choice % 3, actor=ANA)

    def _one(self, choice: int) -> SlipId:
        found = self.slips
        if not found:
            raise RefusedError("There is no slip yet.", rule="none")
        return found[choice % len(found)].id


def lived(actions: list[tuple[str, int]]) -> None:
    with open_office() as office:
        life = Life(office)
        for action, choice in actions:
            life.do(action, choice)
        life.do("issue", 0)
        standing = [
            slip for slip in life.slips if slip.state not in {SlipState.REPLACED, SlipState.CANCELLED}
        ]
        on = Counter(name for slip in standing for name in slip.receivables)
        assert set(on.values()) <= {1}
        for slip in life.slips:
            assert slip.amount == sum((line.amount for line in slip.lines), brl("0.00"))
        assert office.provider.slips.issue(life.today, actor=ANA).issued == 0
        assert office.findings() == []


STEPS = st.lists(st.tuples(st.sampled_from(ACTIONS), st.integers(0, 59)), max_size=8)


@settings(max_examples=10)
@given(STEPS)
def test_whatever_happens_no_amount_stands_on_two_slips_and_the_books_agree(
    steps: list[tuple[str, int]],
) -> None:
    lived(steps)


@pytest.mark.endurance
@settings(max_examples=LIVES)
@given(st.lists(st.tuples(st.sampled_from(ACTIONS), st.integers(0, 59)), max_size=40))
def test_long_lives_of_slips(steps: list[tuple[str, int]]) -> None:
    lived(steps)
