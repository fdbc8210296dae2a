"""Brazilian practice with who leaves before the term is over: in proportion, never more than the benefit."""

from datetime import date, timedelta
from typing import Any

from ispcore.catalog import Formula, PenaltyRule
from ispcore.contracts import Leaving, OpenContract, penalty
from ispcore.plans import Annul, Cancel
from ispcore.usecases import Refund
from ispcore.values import Money, add_months, total
from tests.cases.outcome import Outcome
from tests.cases.playing import Begin, plays
from tests.cases.reading import Case
from tests.providers import ANA

_IN_PROPORTION = "benefit * remaining_months / term_months"
_BY_DAYS = "benefit * remaining_days / term_days"
_ANY_DAY = date(2026, 1, 15)
"""Where a case tells months and no days."""


def _asked(case: Case, formula: str, leaving: Leaving, **more: Any) -> Outcome:
    found = penalty(PenaltyRule(formula=Formula.parse(formula), **more), leaving)
    told = {
        "penalty": str(found.amount.amount),
        "uncapped": str(found.uncapped.amount),
        "term_end": str(found.ends_on),
        "term_days": int(found.values["term_days"]),
        "remaining_days": int(found.values["remaining_days"]),
    }
    return Outcome(case.expected, {name: told[name] for name in case.expected})


def _leaving(case: Case, *, elapsed: int = 0, **more: Any) -> Leaving:
    start = case.day() if "start" in case.inputs else _ANY_DAY
    nothing = Money.of("0.00", "BRL")
    usual: dict[str, Any] = {
        "benefit": Money.of(case.inputs["benefit"], "BRL"),
        "term_months": case.inputs["term_months"],
        "starts_on": start,
        "on": add_months(start, elapsed) + timedelta(days=1),
        "monthly_price": Money.of(case.inputs.get("monthly_price", "0.00"), "BRL"),
        "installation_fee": nothing,
        "installation_unpaid": nothing,
    }
    return Leaving(**usual | more)


@plays("pen-01", "pen-02", "pen-03", "pen-04")
def by_months(case: Case, begin: Begin) -> Outcome:
    elapsed = case.inputs["term_months"] - case.inputs["remaining_months"]
    return _asked(case, case.inputs["formula"], _leaving(case, elapsed=elapsed))


@plays("pen-05")
def an_exempting_reason(case: Case, begin: Begin) -> Outcome:
    reason = case.inputs["reason"]
    elapsed = case.inputs["term_months"] - case.inputs["remaining_months"]
    leaving = _leaving(case, elapsed=elapsed, reason=reason)
    return _asked(case, _IN_PROPORTION, leaving, exempting=frozenset({reason}))


@plays("pen-06")
def by_days(case: Case, begin: Begin) -> Outcome:
    return _asked(case, _BY_DAYS, _leaving(case, on=case.day("cancelled_on")))


@plays("pen-07")
def a_regret(case: Case, begin: Begin) -> Outcome:
    signed, left = case.day("signed_on"), case.day("cancelled_on")
    rule = {"formula": _IN_PROPORTION, "regret_days": 7}
    months = case.inputs["term_months"]
    contract = {"name": "Away from the shop", "months": months, "fidelity_months": months, "penalty": rule}
    agreed = contract | {"benefit": case.inputs["benefit"], "installation_fee": case.inputs["paid"]}
    life = begin("99.90", currency="BRL", sections={"contracts": {"remote": agreed}})
    life.clock.move_to(signed)
    opening = OpenContract(customer=life.customer, template="remote", number="1")
    life.provider.do(opening, actor=ANA)
    subscription = life.subscribe(signed, contract="1")
    life.provider.charging.open_cycle(subscription, signed, actor=ANA)
    life.pay(case.inputs["paid"], signed)
    life.clock.move_to(left)
    tried = life.provider.cancellation(Cancel(subscription=subscription, reason="moved"), actor=ANA)
    penalties = [one.amount for one in tried.proportional if "Penalty" in one.description]
    life.do(Annul, on=signed)
    life.close(left)
    refund: dict[str, Any] = {"company": "net", "amount": life.money(case.inputs["paid"]), "reason": "regret"}
    life.provider.do(Refund(customer=life.customer, **refund), actor=ANA)
    found = {"penalty": str(total(penalties, life.money("0").currency).amount), "refund": case.inputs["paid"]}
    assert life.balance() == 0
    return Outcome(case.expected, found)
