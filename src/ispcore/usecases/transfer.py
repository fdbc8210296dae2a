"""Hand a subscription over to another customer, with what is open of it where that was agreed.

Both sides are written in one transaction. Money that moves is billed up to the day first, so that days which
the one who hands over does not owe any more are credited before; what is open then is put in the same amounts
to the receiver, company by company.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from ispcore.billing import (
    Allocation,
    DebitKind,
    Receivable,
    ReceivableBalance,
    SlipChanges,
    SourceKind,
    numbered,
    slip_changes,
    withdrawn,
)
from ispcore.contracts import OpenContract
from ispcore.customers import CustomerEvent
from ispcore.customers.facts import BillingDefaultsSet
from ispcore.errors import InvalidValueError, NotFoundError
from ispcore.plans import BooksGo, OpenDebt, Transfer
from ispcore.usecases.change_subscription import carry_out, to_change
from ispcore.usecases.close_one import closed_alone
from ispcore.usecases.contracts import opened_contract
from ispcore.usecases.customer_facts import record_on_customer
from ispcore.usecases.desk import begin
from ispcore.usecases.issue_slips import stamp_of
from ispcore.usecases.make_slips import accounts, make
from ispcore.usecases.memberships import check_accepted, check_no_combo, contract_for
from ispcore.usecases.open_subscription import Recorded, at_installation, defaults_of
from ispcore.usecases.serve_customer import registered
from ispcore.usecases.settled import LONGEST_REASON, Settling, by_holder
from ispcore.values import CustomerId, check_length, total

if TYPE_CHECKING:
    from datetime import date

    from ispcore.plans import Timeline
    from ispcore.timeline import Actor
    from ispcore.usecases.desk import Desk, Writing
    from ispcore.usecases.ports import UnitOfWork
    from ispcore.usecases.rows import SubscriptionRow
    from ispcore.values import ChargeId, SubscriptionId


@frozen
class TransferRecorded(Recorded):
    """What a transfer left: of both sides, and what of the debt moved.

    ``customer`` is the receiver. ``moved`` is what the receiver owes since then, each in the place of
    what was open of one amount.
    """

    customer: CustomerId | None = None
    moved: tuple[Receivable, ...] = ()


def transfer(
    desk: Desk, command: Transfer, *, actor: Actor, expected_version: int | None = None
) -> TransferRecorded:
    """Hand a subscription over.

    Raises:
        RefusedError, NotFoundError, InvalidValueError: as the decision says; nothing is saved.
        UnbillableError: its debt is to move and it cannot be billed up to the day.
        ConcurrentChangeError: the subscription is not of *expected_version* any more.
    """
    actor.require(command.permission)
    check_length("name of who agreed", command.agreed_by, LONGEST_REASON // 2)
    writing = begin(desk, actor, command.note)
    with desk.database.reading() as work:
        _, row = work.subscriptions.get(command.subscription)
    with desk.database.writing() as work:
        # Both, in one order, before anything else asks for one of them.
        work.accounts.turns(sorted({row.customer, command.customer or row.customer}))
        known = to_change(work, command, expected_version)
        command = _addressed(work, _with_receiver(work, writing, command))
        command = _in_contract(work, writing, command)
        receiver = command.customer
        recorded = carry_out(work, writing, command, known)
        assert receiver is not None  # noqa: S101 - it was decided
        assert recorded.successor is not None  # noqa: S101 - as it always leaves one
        _set_defaults(work, writing, receiver, recorded.successor)
        moved = _settled(work, writing, command, known, recorded.successor)
    return TransferRecorded(
        recorded.subscription,
        recorded.facts,
        recorded.voided,
        recorded.successor,
        recorded.moves,
        recorded.notices,
        customer=receiver,
        moved=moved,
    )


def _with_receiver(work: UnitOfWork, writing: Writing, command: Transfer) -> Transfer:
    """Return *command* with the number of its receiver, who is registered first where they are new."""
    if command.newcomer is None:
        return command
    if command.customer is not None:
        raise InvalidValueError(
            "A transfer names a customer and registers one too.", hint="Name the customer, or register one."
        )
    writing.actor.require(command.newcomer.permission)
    return evolve(command, customer=registered(work, writing, command.newcomer).customer, newcomer=None)


def _addressed(work: UnitOfWork, command: Transfer) -> Transfer:
    """Return *command* with the receiver's address of installation, where it names none."""
    if command.customer is None or command.address is not None:
        return command
    customer, _ = work.customers.get(command.customer)
    return at_installation(command, customer)


def _in_contract(work: UnitOfWork, writing: Writing, command: Transfer) -> Transfer:
    """Return *command* with the contract that the receiver's side belongs to, made first where it is new."""
    if command.customer is None:
        return command
    if command.contract_template is not None:
        if command.contract is not None:
            raise InvalidValueError(
                "A transfer names a contract and a template for one.", hint="Name the one or the other."
            )
        opening = OpenContract(customer=command.customer, template=command.contract_template)
        made = opened_contract(work, writing, opening).contract
        contract = contract_for(work, command.customer, made)
        check_no_combo(contract)
        check_accepted(contract, None, work.subscriptions.get(command.subscription)[0].last)
        return evolve(command, contract=made, contract_template=None)
    if command.contract is not None:
        if work.contracts.find(command.contract) is None:
            raise NotFoundError("contract", command.contract)
        contract = contract_for(work, command.customer, command.contract)
        check_no_combo(contract)
        check_accepted(contract, None, work.subscriptions.get(command.subscription)[0].last)
    return command


def _set_defaults(
    work: UnitOfWork, writing: Writing, receiver: CustomerId, successor: SubscriptionId
) -> None:
    """Let the first subscription of the receiver set how they are charged."""
    customer, version = work.customers.get(receiver)
    if defaults_of(customer) is None:
        timeline, _ = work.subscriptions.get(successor)
        terms, on = timeline.last.terms, timeline.last.started_on
        payload = BillingDefaultsSet(terms.charge_method, terms.due_day)
        record_on_customer(work, writing, (receiver, version), (on, CustomerEvent(payload)))


def _settled(
    work: UnitOfWork,
    writing: Writing,
    command: Transfer,
    known: tuple[Timeline, SubscriptionRow],
    successor: SubscriptionId,
) -> tuple[Receivable, ...]:
    """Do what the options say about debts and payment books, and return what the receiver owes by it."""
    options, (_, row) = command.options, known
    timeline, _ = work.subscriptions.get(successor)
    on = timeline.last.started_on
    raised: tuple[Receivable, ...] = ()
    if options.debt is OpenDebt.MOVES:
        closed_alone(work, row.id, on)
        owing = [one for one in _open(work, row) if one.open.minor > 0]
        names = {one.receivable.id for one in owing}
        raised = _moved(work, writing, command, owing, successor, on)
        _take_off_slips(work, writing, row.customer, names, on)
    if options.books is BooksGo.CANCELLED:
        _take_books_back(work, writing, row, on)
    return raised


def _open(work: UnitOfWork, row: SubscriptionRow) -> list[ReceivableBalance]:
    every = work.accounts.open([row.customer])[row.customer]
    return [one for one in every if one.receivable.key.subscription == row.id]


def _moved(  # noqa: PLR0913, PLR0917 - both sides of what is written
    work: UnitOfWork,
    writing: Writing,
    command: Transfer,
    owing: list[ReceivableBalance],
    successor: SubscriptionId,
    on: date,
) -> tuple[Receivable, ...]:
    """Put what is open to the receiver: the same amounts, due on the same days, booked the same."""
    assert command.customer is not None  # noqa: S101 - it was decided
    said = f"moved to customer {command.customer}, agreed by {command.agreed_by}"
    settling = Settling(writing.desk, writing, said)
    raised: list[Receivable] = []
    for holder, some in by_holder(owing).items():
        number = work.accounts.new_number()
        amount = total([one.open for one in some], some[0].open.currency)
        settlement = settling.settlement(work, SourceKind.TRANSFER, holder, amount, on, number=number)
        work.accounts.put(
            [
                Allocation(SourceKind.TRANSFER, settlement.id, holder, one.receivable.id, one.open, on)
                for one in some
            ]
        )
        for n, one in enumerate(some, start=1):
            theirs = evolve(
                one.receivable,
                key=evolve(one.receivable.key, subscription=successor),
                customer=command.customer,
                amount=one.open,
                issued_on=on,
                about=None,
                through=None,
            )
            raised.append(numbered(theirs, DebitKind.TRANSFER, number, str(n)))
    work.accounts.raise_all(raised)
    return tuple(raised)


def _take_off_slips(
    work: UnitOfWork, writing: Writing, customer: CustomerId, gone: set[ChargeId], on: date
) -> None:
    """Take slips that ask for what is *gone* back, or make them anew without it."""
    (account,) = accounts(work, [customer])
    slips = [slip for slip in account.standing if not gone.isdisjoint(slip.receivables)]
    on_them = {name: account.balances[name] for slip in slips for name in slip.receivables}
    changes = slip_changes(on_them.values(), slips, on, account.wishes)
    if not changes.is_empty:
        make(work, [(account, changes)], on, stamp_of(writing))


def _take_books_back(work: UnitOfWork, writing: Writing, row: SubscriptionRow, on: date) -> None:
    """Take the slips of payment books back that ask for the subscription."""
    (account,) = accounts(work, [row.customer])
    known = account.balances
    its = {name for name, one in known.items() if one.receivable.key.subscription == row.id}
    slips = [slip for slip in account.standing if slip.book and not its.isdisjoint(slip.receivables)]
    found = [withdrawn(slip, known) for slip in slips]
    ended, waived = [each.ended for each in found], [each.waived for each in found]
    changes = SlipChanges((), chain.from_iterable(ended), chain.from_iterable(waived))
    if not changes.is_empty:
        make(work, [(account, changes)], on, stamp_of(writing))
