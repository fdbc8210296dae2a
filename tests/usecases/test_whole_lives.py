"""Contracts, combos, transfers, tasks, holds and payments in any order: the books stay sound.

A normal run takes a sample. ``ISPCORE_WHOLE_LIVES=500 pytest tests/usecases/test_whole_lives.py`` runs many.
"""

import os
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from attrs import field, frozen, mutable
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ispcore.catalog import Serves
from ispcore.contracts import (
    AcceptContract,
    AcceptedBy,
    AddToCombo,
    ChangeInCombo,
    EditContract,
    OpenContract,
    RefuseContract,
    RemoveFromCombo,
    RenewContract,
)
from ispcore.errors import IspcoreError
from ispcore.plans import (
    Block,
    BooksGo,
    Cancel,
    ChangeDiscount,
    ChangePlan,
    ChangePrice,
    Discount,
    EnableProvisionally,
    EndKind,
    EndTemporaryPlan,
    Exempt,
    GrantBonus,
    JoinContract,
    MigrateTechnology,
    OpenDebt,
    PaidDays,
    Pause,
    Resume,
    Retract,
    StartTemporaryPlan,
    Suspend,
    Transfer,
    Unblock,
    Unpause,
    WithdrawCancellation,
)
from ispcore.usecases import RecordPayment
from ispcore.values import ContractNumber, CustomerId, Money, SubscriptionId
from tests.catalogues import brl
from tests.contracts.agreed import TEMPLATES
from tests.providers import ANA, Office, open_office

LIVES = int(os.environ.get("ISPCORE_WHOLE_LIVES", "0"))
_SAMPLE = 12
BEGIN = date(2012, 2, 1)
HASH = "0" * 64
LEAVING = {"penalty": {"fixed": "90.00"}, "benefit": "90.00"}
MONTHS = {"name": "", "months": 12, "number": "{series}"}
CONTRACTS: dict[str, Any] = {
    "home": TEMPLATES["home"] | {"number": "{series}"},
    "strict": MONTHS
    | {
        "acceptance": "before_enabling",
        "fidelity_months": 6,
        "penalty": {"fixed": "90.00"},
        "benefit": "90.00",
    },
    "fixed": MONTHS | {"combo": {"pricing": "fixed", "price": "180.00"}},
    "off": MONTHS | {"combo": {"pricing": "discount", "percent": "15"}},
}
for _code, _entry in CONTRACTS.items():
    _entry["name"] = _code


@frozen
class Step:
    """Something that happens some days after the step before; ``pick`` and ``other`` choose among things."""

    kind: str
    days: int
    pick: int
    other: int


@mutable
class Story:
    """A provider with two customers, and what there is so far."""

    office: Office
    customers: list[CustomerId] = field(factory=list)
    subscriptions: list[SubscriptionId] = field(factory=list)
    contracts: list[ContractNumber] = field(factory=list)
    payments: int = 0
    done: Counter[str] = field(factory=Counter)

    @property
    def today(self) -> date:
        """The day that it is."""
        return self.office.clock.now().date()

    def one(self, pick: int) -> SubscriptionId:
        """Return one of the subscriptions; 0 is the newest."""
        return self.subscriptions[-1 - pick % len(self.subscriptions)]

    def contract(self, pick: int) -> ContractNumber:
        """Return the number of one of the contracts, or of none."""
        return self.contracts[pick % len(self.contracts)] if self.contracts else ContractNumber("none")


def opens(story: Story, step: Step) -> Any:
    customer = story.customers[step.pick % 2]
    plan = ("adsl", "fibre", "in-advance")[step.other % 3]
    terms: dict[str, Any] = {"contract": story.contract(step.other)} if step.pick % 3 == 0 else {}
    story.subscriptions.append(story.office.subscribe(customer, plan, on=story.today, **terms))


def agrees(story: Story, step: Step) -> Any:
    template = list(CONTRACTS)[step.other % len(CONTRACTS)]
    command = OpenContract(customer=story.customers[step.pick % 2], template=template)
    story.contracts.append(story.office.provider.do(command, actor=ANA).contract)


def pays(story: Story, step: Step) -> Any:
    story.payments += 1
    return RecordPayment(
        customer=story.customers[step.pick % 2],
        amount=Money(1 + step.other * 1117, brl("0.00").currency),
        paid_on=story.today,
        provider="bank",
        provider_id=str(story.payments),
        company=("net", "media")[step.pick % 2],
    )


def hands_over(story: Story, step: Step) -> Any:
    more: dict[str, Any] = {"contract_template": "home"} if step.other % 4 == 0 else {}
    return Transfer(
        subscription=story.one(step.pick),
        customer=story.customers[step.other % 2],
        paid_days=list(PaidDays)[step.other % 2],
        debt=list(OpenDebt)[step.pick % 2],
        books=list(BooksGo)[step.other % 2],
        agreed_by="Bia",
        **more,
    )


def schedules(story: Story, step: Step) -> Any:
    one: dict[str, Any] = {"subscription": story.one(step.pick)}
    on = story.today + timedelta(days=1 + step.other)
    command: Any = [
        Suspend(**one, on=on),
        Resume(**one, on=on),
        Cancel(**one, on=on, reason="moved"),
        ChangePlan(**one, on=on, plan="fibre"),
        Transfer(**one, on=on, customer=story.customers[step.other % 2]),
    ][step.other % 5]
    story.office.provider.tasks.add(command, actor=ANA)


def through(story: Story, step: Step) -> Any:
    states = (story.office.provider.subscription(one, actor=ANA).timeline.last for one in story.subscriptions)
    members = [state for state in states if state.combo is not None]
    if not members:
        return None
    state = members[step.pick % len(members)]
    return ChangeInCombo(
        contract=ContractNumber(state.contract or ""),
        command=ChangePrice(subscription=state.id, price=brl(f"{90 + step.other}.00")),
    )


def closes(story: Story, _: Step) -> Any:
    story.office.provider.close(story.today, actor=ANA)


def ticks(story: Story, _: Step) -> Any:
    story.office.provider.tick(story.today, actor=ANA)


Act = Callable[[Story, Step], Any]
_YES: dict[str, Any] = {"how": AcceptedBy.OTHER, "by": "Ana", "document_hash": HASH}
ACTS: dict[str, Act] = {
    "open": opens,
    "agree": agrees,
    "pay": pays,
    "transfer": hands_over,
    "schedule": schedules,
    "price in combo": through,
    "close": closes,
    "tick": ticks,
    "join": lambda story, step: JoinContract(
        subscription=story.one(step.pick), contract=story.contract(step.other)
    ),
    "edit": lambda story, step: EditContract(
        contract=story.contract(step.pick), fidelity_months=step.other % 13, contract_note="x" * step.other
    ),
    "renew": lambda story, step: RenewContract(contract=story.contract(step.pick), starts_on=story.today),
    "accept": lambda story, step: AcceptContract(contract=story.contract(step.pick), **_YES),
    "refuse": lambda story, step: RefuseContract(contract=story.contract(-1 - step.pick % 3)),
    "add": lambda story, step: AddToCombo(
        contract=story.contract(step.other), subscription=story.one(step.pick)
    ),
    "take out": lambda story, step: RemoveFromCombo(
        contract=story.contract(step.other), subscription=story.one(step.pick)
    ),
    "cancel": lambda story, step: Cancel(
        subscription=story.one(step.pick), reason="moved", on=story.today + timedelta(days=step.other % 7)
    ),
    "withdraw": lambda story, step: WithdrawCancellation(subscription=story.one(step.pick)),
    "retract": lambda story, step: Retract(subscription=story.one(step.pick + 2), fact=2 + step.other % 2),
    "plan": lambda story, step: ChangePlan(
        subscription=story.one(step.pick), plan=("fibre", "adsl")[step.other % 2]
    ),
    "migrate": lambda story, step: MigrateTechnology(subscription=story.one(step.pick), plan="fibre"),
    "taste": lambda story, step: StartTemporaryPlan(
        subscription=story.one(step.pick),
        plan=("in-advance", "adsl")[step.pick % 2],
        until=story.today + timedelta(days=1 + step.other),
    ),
    "end taste": lambda story, step: EndTemporaryPlan(subscription=story.one(step.pick)),
    "provisionally": lambda story, step: EnableProvisionally(subscription=story.one(step.pick)),
    "discount": lambda story, step: ChangeDiscount(
        subscription=story.one(step.pick), discount=Discount(amount=brl(f"{step.other}.00"))
    ),
    "suspend": lambda story, step: Suspend(subscription=story.one(step.pick)),
    "resume": lambda story, step: Resume(subscription=story.one(step.pick)),
    "pause": lambda story, step: Pause(subscription=story.one(step.pick)),
    "unpause": lambda story, step: Unpause(subscription=story.one(step.pick)),
    "block": lambda story, step: Block(subscription=story.one(step.pick)),
    "unblock": lambda story, step: Unblock(subscription=story.one(step.pick)),
    "bonus": lambda story, step: GrantBonus(
        subscription=story.one(step.pick), until=story.today + timedelta(days=1 + step.other)
    ),
    "exempt": lambda story, step: Exempt(
        subscription=story.one(step.pick), until=story.today + timedelta(days=1 + step.other)
    ),
}
OFTEN = ("close", "close", "tick", "open", "agree", "add", "transfer", "cancel", "pay", "join")
steps = st.lists(
    st.builds(
        Step, st.sampled_from([*ACTS, *OFTEN]), st.integers(0, 12), st.integers(0, 11), st.integers(0, 11)
    ),
    min_size=10,
    max_size=40,
)


def live(story: Story, life: list[Step]) -> None:
    for step in life:
        story.office.clock.move_to(story.today + timedelta(days=step.days))
        with suppress(IspcoreError):  # what a rule forbids does not happen
            command = ACTS[step.kind](story, step)
            if command is not None:
                done = story.office.provider.do(command, actor=ANA)
                if (successor := getattr(done, "successor", None)) is not None:
                    story.subscriptions.append(successor)
            story.done[step.kind] += 1
        if step.kind in {"close", "tick", "transfer"}:
            assert_sound(story)
    story.office.provider.tick(story.today, actor=ANA)
    story.office.provider.close(story.today, actor=ANA)
    assert_sound(story)


def assert_sound(story: Story) -> None:
    """Nothing that is kept contradicts the facts, every cent is in one place, and what ended has ended."""
    assert story.office.findings() == []
    for number in story.contracts:
        assert_priced(story, number)
    for customer in story.customers:
        seen = story.office.provider.customer(customer, actor=ANA)
        for one in seen.receivables:
            places = (one.open, one.paid, one.credited, one.renegotiated, one.written_off)
            assert all(part.minor >= 0 for part in places), one
            assert sum(part.minor for part in places) == one.receivable.amount.minor
        assert all(amount.minor >= 0 for amount in seen.balances.values())
        for view in seen.subscriptions:
            assert_over(story, view)


def assert_priced(story: Story, number: ContractNumber) -> None:
    """The members of a combo cost its price together, or where that is dearer what they cost alone."""
    view = story.office.provider.contracts.show(number, actor=ANA)
    rule = view.contract.terms.combo
    if rule is None or rule.price is None or not view.members:
        return
    together, alone = (sum(getattr(one, name).minor for one in view.members) for name in ("to_pay", "alone"))
    assert together == (
        rule.price.minor if len(view.members) >= rule.least and rule.price.minor <= alone else alone
    )


def assert_over(story: Story, view: Any) -> None:
    """What was cancelled serves nothing any more, and its days are not billed after its end."""
    end = view.timeline.end
    if end is None or end.kind is not EndKind.CANCELLED or end.on > story.today:
        return
    assert view.timeline.final.serves in {Serves.OFF, Serves.REMOVED}
    net: Counter[date] = Counter()
    for charge in view.charges:
        if not charge.key.item.startswith("event:"):
            net[charge.key.cycle.period.start] += charge.signed_minor
    if view.row.closed_through is not None and view.row.dirty_from is None:
        assert all(amount == 0 for start, amount in net.items() if start > end.on)


def lived(life: list[Step]) -> Counter[str]:
    with open_office() as office:
        office.load(contracts=CONTRACTS, reasons={"breach": {"description": "We did not deliver"}})
        office.clock.move_to(BEGIN)
        story = Story(office)
        story.customers += [office.register("Ana"), office.register("Bia")]
        story.subscriptions.append(office.subscribe(story.customers[0], on=BEGIN))
        live(story, life)
        return story.done


@settings(
    max_examples=LIVES or _SAMPLE,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # making a life shorter takes minutes
)
@given(steps)
def test_whatever_happens_to_plans_and_contracts_the_books_stay_sound(life: list[Step]) -> None:
    lived(life)


def test_each_of_these_acts_can_happen() -> None:
    done: Counter[str] = Counter()
    for shift in range(3):
        life = [
            Step(kind, 1, pick + shift, pick * 3 + shift)
            for pick in range(3)
            for act in ACTS
            for kind in ("agree", "open", act)
        ]
        done += lived(life)

    assert set(ACTS) - set(done) <= {"provisionally"}
