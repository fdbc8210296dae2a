"""Reading the policies about late payers from the catalogue's document."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ispcore.catalog.dated import Dated, read_dated
from ispcore.catalog.late import (
    AllocationOrder,
    Anchor,
    CountFrom,
    DayBasis,
    LateAction,
    LateCharges,
    LatePolicy,
    LateScope,
    Stage,
)
from ispcore.errors import InvalidValueError
from ispcore.values import CODE, DECIMAL, FLAG, TEXT, Kind, Rounding, money, one_of, shown, whole

if TYPE_CHECKING:
    from ispcore.values import Currency, Table

_PLAIN, _CHARGES = LatePolicy(), LateCharges()
_LONGEST = 3660
_HUNDRED = Decimal(100)


def _percent(value: object) -> Decimal:
    number = DECIMAL.parse(value)
    if not 0 <= number <= _HUNDRED:
        raise InvalidValueError(f"{shown(value)} is not between 0 and 100.")
    return number


_PERCENT = Kind(_percent, Decimal(0))


def read_late_policy(table: Table, currency: Currency) -> tuple[Dated[LatePolicy], ...]:
    """Return the versions of a policy; one that is written without versions holds since ever."""
    return read_dated(table, lambda version: _policy(version, currency))


def _policy(table: Table, currency: Currency) -> LatePolicy:
    return LatePolicy(
        charges=_charges(table.table("charges"), currency),
        stages=_stages(table),
        scope=table.get("scope", one_of(LateScope), default=_PLAIN.scope),
        order=table.get("order", one_of(AllocationOrder), default=_PLAIN.order),
        restore_days=table.get("restore_days", whole(0, 31), default=_PLAIN.restore_days),
        least=table.get("least", money(currency), default=None),
    )


def _charges(table: Table, currency: Currency) -> LateCharges:
    charges = LateCharges(
        fine_percent=table.get("fine_percent", _PERCENT, default=_CHARGES.fine_percent),
        interest_percent=table.get("interest_percent", _PERCENT, default=_CHARGES.interest_percent),
        day_basis=table.get("day_basis", one_of(DayBasis), default=_CHARGES.day_basis),
        count_from=table.get("count_from", one_of(CountFrom), default=_CHARGES.count_from),
        business_days=table.get("business_days", FLAG, default=_CHARGES.business_days),
        rounding=table.get("rounding", one_of(Rounding), default=_CHARGES.rounding),
        grace_days=table.get("grace_days", whole(0, _LONGEST), default=_CHARGES.grace_days),
        most_percent=table.get("most_percent", _PERCENT, default=None),
        least=table.get("least", money(currency), default=None),
    )
    table.close()
    return charges


def _stages(table: Table) -> tuple[Stage, ...]:
    found: list[Stage] = []
    for row in table.rows("stages"):
        stage = Stage(
            code=row.get("code", CODE),
            action=row.get("action", one_of(LateAction)),
            days=row.get("days", whole(0, _LONGEST)),
            anchor=row.get("anchor", one_of(Anchor), default=Anchor.DUE),
            after=row.get("after", CODE, default=None),
            notice=row.get("notice", CODE, default=None),
            strict=row.get("strict", FLAG, default=False),
            template=row.get("template", TEXT, default=None),
        )
        row.close()
        if row.clean:
            _check(row, stage, found)
        found.append(stage)
    return tuple(found)


def _check(row: Table, stage: Stage, earlier: list[Stage]) -> None:
    known = {one.code: one for one in earlier}
    if stage.code in known:
        row.problem(f"Another stage is called {stage.code!r} too.", at="code")
    if (stage.anchor in {Anchor.NOTICE, Anchor.STAGE}) is (stage.after is None):
        row.problem(
            "A stage that is counted from a notice or a stage names it, and no other does.",
            "Write its code as 'after'.",
            at="after",
        )
    for name, place in ((stage.after, "after"), (stage.notice, "notice")):
        if name is not None and name not in known:
            hint = f"Before it stand: {', '.join(known) or 'none'}."
            row.problem(f"There is no earlier stage {name!r}.", hint, at=place)
    told = [stage.notice, stage.after if stage.anchor is Anchor.NOTICE else None]
    for name in told:
        if name in known and known[name].action is not LateAction.NOTIFY:
            row.problem(f"The stage {name!r} tells nobody anything.", "Name one whose action is 'notify'.")
