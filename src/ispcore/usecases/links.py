"""How the chapters about money know of one another: slips, documents, disputes, notices.

Each of them asks through a small port; here the ports are answered from the same database, in the transaction
of whoever asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.billing import FREEZING, PrincipalChange, SlipState
from ispcore.errors import NotFoundError
from ispcore.notices import About, Bill, NoticeKind, ReachedStage, SubjectOfNotice, desired_notices, merge
from ispcore.usecases.late_amounts import late_amounts
from ispcore.usecases.money_rules import MoneyRules, PayableSlip
from ispcore.usecases.notices import NOT_WANTED, Telling, ask_for, bills_without_slip
from ispcore.values import FIRST_DAY, ChargeId, CustomerId, SlipId, zero

if TYPE_CHECKING:
    from ispcore.billing import LateAmounts, LateAmountsOf, ReceivableBalance, Slip, StageNotice
    from ispcore.catalog import Catalogue
    from ispcore.notices import Notice
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

    def source(work: UnitOfWork, customers: Sequence[CustomerId], catalogue: Catalogue) -> LateAmountsOf:
        nothing = zero(catalogue.currency)
        known: dict[date, Mapping[ChargeId, LateAmounts]] = {}

        def amounts(one: ReceivableBalance, on: date) -> tuple[Money, Money]:
            if on not in known:
                everything = work.accounts.open(customers)
                owed = [each for mine in everything.values() for each in mine]
                known[on] = late_amounts(desk, work, owed, on).asked
            asked = known[on].get(one.receivable.id)
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

    def news(self, work: UnitOfWork, notices: Sequence[StageNotice]) -> frozenset[CustomerId]:
        """Return the customers for whom something is to be asked for that was not, or to be withdrawn."""
        if not notices:
            return frozenset()
        waiting = work.notices.waiting(_customers(notices), {NoticeKind.STAGE})
        merged = merge(_desired(work, notices), waiting)
        gone = {one.customer for one in waiting if one.id in merged.withdraw}
        return frozenset(gone | {one.customer for one in work.notices.unasked(merged.ask)})

    def ask(self, work: UnitOfWork, notices: Sequence[StageNotice]) -> None:
        """Have *notices* handed over; one that was asked for is not asked for again.

        Those of these customers that wait, and are not due any more, are withdrawn.
        """
        if notices:
            ask_for(work, _customers(notices), _desired(work, notices), {NoticeKind.STAGE})

    def bills(self, work: UnitOfWork, customers: Sequence[CustomerId], on: date) -> Iterator[Bill]:
        """Yield what customers are reminded of: their slips, and what is on none.

        A slip goes by the first receivable on it, so that one made anew is not told of again.
        """
        everything = work.accounts.open(customers)
        open_now = [one for customer in customers for one in everything[customer]]
        slips = work.slips.of_receivables([one.receivable.id for one in open_now])
        telling = Telling.of(work, open_now, on)
        for slip, owed in _owed_by_slip(open_now, slips):
            about = About(SubjectOfNotice.SLIP, slip.receivables[0])
            yield telling.bill(about, str(slip.id), slip.due_on, owed)
        yield from bills_without_slip(telling, (one for one in open_now if one.receivable.id not in slips))

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


def _customers(notices: Sequence[StageNotice]) -> list[CustomerId]:
    return sorted({one.customer for one in notices})


def _desired(work: UnitOfWork, notices: Sequence[StageNotice]) -> tuple[Notice, ...]:
    """Return what customers get of these notices, as they stand now."""
    bills = _bills(work, notices)
    reached = [
        ReachedStage(bill=bills[one.subject], stage=one.stage, template=one.template)
        for one in notices
        if one.subject in bills
    ]
    return desired_notices((), reached, work.catalogue.current().notices, notices[0].on)


def _bills(work: UnitOfWork, notices: Sequence[StageNotice]) -> dict[str, Bill]:
    """Return by subject what late customers are told of: the slip, or the receivable that is on none."""
    subjects = {ChargeId(one.subject): one for one in notices}
    slips = work.slips.of_receivables(sorted(subjects))
    names = {subject: slips[subject].receivables if subject in slips else (subject,) for subject in subjects}
    balances = work.slips.balances(sorted({name for some in names.values() for name in some}))
    owed = {
        subject: [balances[name] for name in some if name in balances and balances[name].open.minor > 0]
        for subject, some in names.items()
    }
    telling = Telling.of(work, (each for some in owed.values() for each in some), notices[0].on)
    return {
        subject: telling.bill(
            About(SubjectOfNotice.RECEIVABLE, subject),
            _number(slips.get(subject), some[0]),
            min(one.receivable.due_on for one in some),
            some,
        )
        for subject, some in owed.items()
        if some
    }


def _number(slip: Slip | None, owed: ReceivableBalance) -> str:
    """Return what the customer knows it by."""
    receivable = owed.receivable
    return f"{receivable.due_on:%Y%m%d}-{receivable.customer}" if slip is None else str(slip.id)


def _owed_by_slip(
    open_now: Sequence[ReceivableBalance], slips: Mapping[ChargeId, Slip]
) -> list[tuple[Slip, list[ReceivableBalance]]]:
    found: dict[SlipId, tuple[Slip, list[ReceivableBalance]]] = {}
    for one in open_now:
        slip = slips.get(one.receivable.id)
        if slip is not None:
            found.setdefault(slip.id, (slip, []))[1].append(one)
    return list(found.values())
