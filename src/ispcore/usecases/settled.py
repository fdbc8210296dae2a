"""Writing down that debts were settled by somebody, with who, when and why."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.billing import Allocation, Holder, Receivable, ReceivableBalance, SourceKind
from ispcore.errors import RefusedError
from ispcore.usecases.desk import Desk, Writing, begin
from ispcore.usecases.payment_stores import Settlement
from ispcore.values import Money, PaymentId, check_length, total

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ispcore.timeline import Actor
    from ispcore.usecases.ports import UnitOfWork

LONGEST_REASON = 200


@frozen
class Settled:
    """What was settled, who settled it and why, and what was raised instead."""

    settlements: tuple[Settlement, ...]
    allocations: tuple[Allocation, ...]
    raised: tuple[Receivable, ...] = ()


@frozen
class Settling:
    """One command about debts being written down."""

    desk: Desk
    writing: Writing
    reason: str

    @staticmethod
    def begin(desk: Desk, actor: Actor, permission: str, reason: str) -> Settling:
        """Begin to write a command down, if *actor* may give it and says why."""
        actor.require(permission)
        if not reason.strip() or not reason.isprintable():
            raise RefusedError(
                "It needs a reason.", rule="reason-required", hint="Say why, in one line of text."
            )
        check_length("reason", reason, LONGEST_REASON)
        return Settling(desk, begin(desk, actor), reason)

    def day(self, work: UnitOfWork, on: date | None) -> date:
        """Return the day it counts from: today unless another one is given."""
        return on or self.desk.today_of(work.catalogue.current())

    def settlement(  # noqa: PLR0913 - all of it is what is noted
        self,
        work: UnitOfWork,
        kind: SourceKind,
        holder: Holder,
        amount: Money,
        on: date,
        *,
        number: int | None = None,
        payment: PaymentId | None = None,
    ) -> Settlement:
        """Note who settled how much of whose, and why."""
        number = work.accounts.new_number() if number is None else number
        settlement = Settlement(
            id=f"{kind.value}:{number}",
            kind=kind,
            holder=holder,
            amount=amount,
            on=on,
            reason=self.reason,
            at=self.desk.clock.now(),
            actor=self.writing.actor.id,
            command_id=self.writing.command_id,
            payment=payment,
        )
        work.payments.note(settlement)
        return settlement

    def put(
        self, work: UnitOfWork, kind: SourceKind, amounts: Mapping[ReceivableBalance, Money], on: date
    ) -> Settled:
        """Put *amounts* to receivables, noted once for each company."""
        noted: list[Settlement] = []
        put: list[Allocation] = []
        for holder, some in by_holder(amounts).items():
            whole = total([amounts[one] for one in some], amounts[some[0]].currency)
            settlement = self.settlement(work, kind, holder, whole, on)
            noted.append(settlement)
            put += [
                Allocation(kind, settlement.id, holder, one.receivable.id, amounts[one], on) for one in some
            ]
        work.accounts.put(put)
        return Settled(tuple(noted), tuple(put))


def by_holder(some: Iterable[ReceivableBalance]) -> dict[Holder, list[ReceivableBalance]]:
    """Return receivables by whose balance they could be paid from."""
    found: dict[Holder, list[ReceivableBalance]] = {}
    for one in some:
        target, currency = one.receivable.target, one.receivable.amount.currency.code
        found.setdefault(Holder(one.receivable.customer, target.company, currency), []).append(one)
    return found
