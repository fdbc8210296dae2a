"""Reading kinds of contracts and commissions from the catalogue's document."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ispcore.catalog.combos import read_combo
from ispcore.catalog.contracts import (
    MOST_INSTALMENTS,
    MOST_MONTHS,
    Acceptance,
    Commission,
    ContractTemplate,
    NumberPattern,
    PenaltyRule,
    TermEnd,
)
from ispcore.catalog.formula import Formula
from ispcore.errors import InvalidValueError
from ispcore.values import DECIMAL, FLAG, PROSE, TEXT, Kind, Rounding, money, one_of, shown, whole

if TYPE_CHECKING:
    from ispcore.values import Currency, Table

_NO_CAP = "none"
_PENALTY = PenaltyRule()
_MOST_PERCENT = 1000


def _percent(value: object) -> Decimal:
    number = DECIMAL.parse(value)
    if not 0 <= number <= _MOST_PERCENT:
        raise InvalidValueError(f"{shown(value)} is not between 0 and {_MOST_PERCENT}.")
    return number


def _cap(value: object) -> Decimal | None:
    return None if value == _NO_CAP else _percent(value)


_PERCENT = Kind(_percent, Decimal(0))
_CAP: Kind[Decimal | None] = Kind(_cap, None)
_FORMULA: Kind[Formula | None] = Kind(lambda value: Formula.parse(TEXT.parse(value)), None)
_NUMBER: Kind[NumberPattern | None] = Kind(lambda value: NumberPattern.parse(TEXT.parse(value)), None)


def read_contract(code: str, entry: Table, currency: Currency) -> ContractTemplate:
    """Return the kind of contract that *entry* describes."""
    months = entry.get("months", whole(1, MOST_MONTHS), default=None)
    template = ContractTemplate(
        code=code,
        name=entry.get("name", TEXT),
        service=entry.get("service", TEXT, default=""),
        months=months,
        fidelity_months=entry.get("fidelity_months", whole(0, MOST_MONTHS), default=0),
        price_rise_months=entry.get("price_rise_months", whole(0, MOST_MONTHS), default=0),
        most_fidelity_person=entry.get("most_fidelity_person", whole(0, MOST_MONTHS), default=MOST_MONTHS),
        most_fidelity_company=entry.get("most_fidelity_company", whole(0, MOST_MONTHS), default=MOST_MONTHS),
        renewal=entry.get("renewal", one_of(TermEnd), default=TermEnd.NONE),
        renews_fidelity=entry.get("renews_fidelity", FLAG, default=False),
        acceptance=entry.get("acceptance", one_of(Acceptance), default=Acceptance.NONE),
        penalty=_penalty(entry.table("penalty"), currency),
        benefit=entry.get("benefit", money(currency), default=None),
        combo=read_combo(entry.table("combo"), currency),
        installation_fee=entry.get("installation_fee", money(currency), default=None),
        instalments=entry.get("instalments", whole(1, MOST_INSTALMENTS), default=1),
        order_service=entry.get("order_service", TEXT, default=""),
        number=entry.get("number", _NUMBER, default=None),
        text=entry.get("text", PROSE, default=""),
    )
    if months is not None and template.fidelity_months > months:
        entry.problem(
            f"A fidelity of {template.fidelity_months} months is longer than a term of {months}.",
            at="fidelity_months",
        )
    return template


def _penalty(table: Table, currency: Currency) -> PenaltyRule:
    fixed = table.get("fixed", money(currency), default=None)
    formula = table.get("formula", _FORMULA, default=None)
    if fixed is not None and formula is not None:
        table.problem("A penalty is a fixed value or a formula, not both.", at="fixed")
        fixed = None
    rule = PenaltyRule(
        fixed=fixed,
        formula=formula,
        most_percent=table.get("most_percent", _CAP, default=_PENALTY.most_percent),
        exempting=table.refer_many("exempting", "reasons"),
        regret_days=table.get("regret_days", whole(0, 366), default=0),
        pauses_stop=table.get("pauses_stop", FLAG, default=True),
        rounding=table.get("rounding", one_of(Rounding), default=_PENALTY.rounding),
        instalments=table.get("instalments", whole(1, MOST_INSTALMENTS), default=1),
    )
    table.close()
    return rule


def read_commission(code: str, entry: Table, currency: Currency) -> Commission:
    """Return the commission that *entry* describes."""
    return Commission(
        code=code,
        name=entry.get("name", TEXT),
        fixed=entry.get("fixed", money(currency), default=None),
        percent_of_monthly=entry.get("percent_of_monthly", _PERCENT, default=Decimal(0)),
        percent_of_installation=entry.get("percent_of_installation", _PERCENT, default=Decimal(0)),
    )
