"""How the chapters about money know of one another: slips, documents, disputes, notices.

Each of them asks through a small port; here the ports are answered from the same database, in the transaction
of whoever asks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.billing import FREEZING, PrincipalChange, SlipState
from ispcore.errors import NotFoundError
from ispcore.notices import About, Bill, NoticeKind, ReachedStage, SubjectOfNotice, desired_notices
from ispcore.usecases.late_amounts import late_amounts
from ispcore.usecases.money_rules import MoneyRules, PayableSlip
from ispcore.usecases.notices import NOT_WANTED, ask_for, opening
from ispcore.values import FIRST_DAY, ChargeId, CustomerId, SlipId, total, zero

if TYPE_CHECKING:
    from ispcore.billing import LateAmountsOf, ReceivableBalance, StageNotice
    from ispcore.catalog import Catalogue
    from ispcore.usecases.desk import Desk
    from ispcore.usecases.make_slips import LateSource
    from ispcore.usecases.ports import UnitOfWork
    from ispcore.values import Money


def payable_slip(work: UnitOfWork, slip: SlipId) -> PayableSlip | None:
    """Return what a payment must know of a slip; money for a replaced one is for what stood on it."""
    try:
        found = work.slips.get(slip)
    except NotFoundError:
        return None
    return PayableSlip(
        found.id,
        found.customer,
        found.group.company,
        found.receivables,
        cancelled=found.state is SlipState.CANCELLED,
    )


def frozen_by_documents(work: UnitOfWork, ids: Sequence[ChargeId]) -> Mapping[ChargeId, str]:
    """Return which receivables stand on a document that forbids a discount, and on which."""
    return {
        receivable: str(document.id)
        for receivable, document in work.documents.standing(ids).items()
        if document.state in FREEZING
    }


def frozen_by_disputes(
    work: UnitOfWork, ids: Sequence[ChargeId]
) -> Mapping[ChargeId, tuple[PrincipalChange, ...]]:
    """Return which parts of receivables are contested: nothing is charged for them until that is resolved."""
    found: dict[ChargeId, tuple[PrincipalChange, ...]] = {}
    customers = {one.receivable.customer for one in work.slips.balances(ids).values()}
    for state in work.customers.states(sorted(customers)).values():
        for receivable, amount in state.disputes.items():
            if receivable in ids:
                found[receivable] = (PrincipalChange(FIRST_DAY, amount.minor),)
    return found


MONEY = MoneyRules(slip=payable_slip, issued=frozen_by_documents, disputed=frozen_by_disputes)
"""What payments know of slips, documents and disputes."""


def late_on_slips(desk: Desk) -> LateSource:
    """Return what tells fine and interest of the overdue amounts that slips gather."""

    def source(work: UnitOfWork, customers: Sequence[CustomerId], catalogue: Catalogue) -> LateAmountsOf:  # noqa: ARG001 - the port's
        nothing = zero(catalogue.currency)

        def amounts(one: ReceivableBalance, on: date) -> tuple[Money, Money]:
            asked = late_amounts(desk, work, [one], on).asked.get(one.receivable.id)
            return (nothing, nothing) if asked is None else (asked.fine, asked.interest)

        return amounts

    return source


@frozen
class StageNotices:
    """Asks for the notices of stages among those that customers get, and knows which were handed over."""

    def handed_over(
        self, work: UnitOfWork, customers: Sequence[CustomerId]
    ) -> Mapping[CustomerId, Mapping[tuple[str, str], date]]:
        """Return by customer on which day the notice of a subject and a stage was handed over."""
        known = work.notices.handed_over(customers)
        return dict.fromkeys(customers, known)

    def ask(self, work: UnitOfWork, notices: Sequence[StageNotice]) -> None:
        """Have *notices* handed over; one that was asked for is not asked for again.

        Those of these customers that wait, and are not due any more, are withdrawn.
        """
        by_customer: dict[CustomerId, list[StageNotice]] = {}
        for one in notices:
            by_customer.setdefault(one.customer, []).append(one)
        policy = work.catalogue.current().notices
        for customer, mine in by_customer.items():
            reached = [
                ReachedStage(bill=bill, stage=one.stage, template=one.template)
                for one in mine
                if (bill := _bill(work, one)) is not None
            ]
            desired = desired_notices((), reached, policy, mine[0].on)
            ask_for(work, [customer], desired, {NoticeKind.STAGE})

    def waits(self, work: UnitOfWork, customer: CustomerId) -> bool:
        """Tell whether a notice of a stage was asked for, and not handed over yet."""
        return bool(work.notices.waiting([customer], {NoticeKind.STAGE}))

    def keep(self, work: UnitOfWork, customer: CustomerId, notices: Sequence[StageNotice]) -> None:
        """Withdraw every notice of a stage that waits, but *notices*: what it is about was settled."""
        wanted = {(one.subject, one.stage) for one in notices}
        waiting = work.notices.waiting([customer], {NoticeKind.STAGE})
        gone = [one.id for one in waiting if (one.about.id, one.step) not in wanted]
        work.notices.withdraw(gone, NOT_WANTED)


STAGE_NOTICES = StageNotices()


def _bill(work: UnitOfWork, notice: StageNotice) -> Bill | None:
    """Return what a late customer is told of: the slip, or the receivable that is on none."""
    subject = ChargeId(notice.subject)
    slip = work.slips.of_receivables([subject]).get(subject)
    names = [subject] if slip is None else list(slip.receivables)
    owed = [one for one in work.slips.balances(names).values() if one.open.minor > 0]
    if not owed:
        return None
    number = f"{owed[0].receivable.due_on:%Y%m%d}-{notice.customer}" if slip is None else str(slip.id)
    return _told(work, notice, owed, number)


def _told(work: UnitOfWork, notice: StageNotice, owed: Sequence[ReceivableBalance], number: str) -> Bill:
    catalogue = work.catalogue.current()
    subscriptions = sorted({one.receivable.key.subscription for one in owed})
    own = work.notices.terms(subscriptions)
    return Bill(
        customer=notice.customer,
        subscription=subscriptions[0] if len(subscriptions) == 1 else None,
        about=About(SubjectOfNotice.RECEIVABLE, notice.subject),
        number=number,
        due_on=min(one.receivable.due_on for one in owed),
        amount=total([one.open for one in owed], catalogue.currency),
        opening=opening(catalogue, own[subscriptions[0]].unit, notice.on),
        terms=[own[one].terms for one in subscriptions],
    )
