"""Commands about slips that were issued: make one anew, put two together, take one back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar, TypeAlias

from attrs import evolve, field, frozen

from ispcore.billing import SlipChanges, SlipState, merged, remade, withdrawn
from ispcore.errors import RefusedError
from ispcore.usecases.desk import Desk, begin
from ispcore.usecases.issue_slips import stamp_of
from ispcore.usecases.make_slips import SlipsMade, accounts, make
from ispcore.values import SlipId, as_tuple, check_types

if TYPE_CHECKING:
    from ispcore.billing import Slip
    from ispcore.timeline import Actor
    from ispcore.usecases.make_slips import SlipAccount
    from ispcore.usecases.ports import UnitOfWork

_PAIR = 2


@frozen(kw_only=True)
class RegenerateSlip:
    """Make a slip anew with what is still open of it, due on another day if one is given."""

    permission: ClassVar[str] = "slips.change"
    slip: SlipId
    due_on: date | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse fields of another type."""
        check_types(self)


@frozen(kw_only=True)
class MergeSlips:
    """Put two slips together on a new one, due when the earlier one was, unless another day is given."""

    permission: ClassVar[str] = "slips.change"
    slips: tuple[SlipId, ...] = field(converter=as_tuple)
    due_on: date | None = None

    def __attrs_post_init__(self) -> None:
        """Refuse fields of another type."""
        check_types(self)


@frozen(kw_only=True)
class CancelSlip:
    """Take a slip back; what is open of it waits for another one, its own fee is let go."""

    permission: ClassVar[str] = "slips.change"
    slip: SlipId

    def __attrs_post_init__(self) -> None:
        """Refuse fields of another type."""
        check_types(self)


SlipCommand: TypeAlias = RegenerateSlip | MergeSlips | CancelSlip


def change_slips(desk: Desk, command: SlipCommand, *, actor: Actor) -> SlipsMade:
    """Carry out a command about slips.

    Raises:
        NotFoundError: there is no such slip.
        RefusedError: it waits for no money any more, or the slips do not go together.
    """
    actor.require(command.permission)
    writing = begin(desk, actor)
    with desk.database.writing() as work:
        on = desk.today_of(work.catalogue.current())
        if isinstance(command, MergeSlips):
            _check_pair([work.slips.get(number) for number in command.slips])
        slips, account = _looked_up(
            work, command.slips if isinstance(command, MergeSlips) else (command.slip,)
        )
        changes = _decided(command, slips, account, on)
        return make(work, [(account, changes)], on, stamp_of(writing))


def _looked_up(work: UnitOfWork, numbers: tuple[SlipId, ...]) -> tuple[list[Slip], SlipAccount]:
    """Return the slips as they stand when their customer's turn has come, with the customer's account."""
    customer = work.slips.get(numbers[0]).customer
    (account,) = accounts(work, [customer], by_hand=True)
    slips = [work.slips.get(number) for number in numbers]
    for slip in slips:
        _check_waits(slip)
    return slips, account


def _decided(command: SlipCommand, slips: list[Slip], account: SlipAccount, on: date) -> SlipChanges:
    if isinstance(command, CancelSlip):
        return withdrawn(slips[0], account.balances)
    due_on = command.due_on or min(slip.due_on for slip in slips)
    if command.due_on is not None and due_on < on:
        raise RefusedError(
            f"A slip that is made on {on} cannot be due on {due_on}.",
            rule="due-before-issue",
            hint=f"Give {on} or a later day.",
        )
    if isinstance(command, MergeSlips):
        return merged(slips, account.balances, due_on)
    draft = remade(slips[0], account.balances)
    assert draft is not None  # noqa: S101 - it waits for money
    return SlipChanges((evolve(draft, due_on=due_on),), (slips[0].id,))


def _check_waits(slip: Slip) -> None:
    if slip.state.waits:
        return
    ended = {
        SlipState.PAID: ("it is paid", "A paid slip stays as it is."),
        SlipState.REPLACED: (f"slip {slip.replaced_by} took its place", f"Name slip {slip.replaced_by}."),
        SlipState.CANCELLED: ("it was cancelled", "What is open of it gets a slip when slips are issued."),
    }
    why, hint = ended[slip.state]
    message = f"Slip {slip.id} cannot be changed: {why}."
    raise RefusedError(message, rule=f"slip-{slip.state.value}", hint=hint)


def _check_pair(slips: list[Slip]) -> None:
    if len(slips) != _PAIR:
        raise RefusedError(
            f"{len(slips)} slips cannot be put together at once.", rule="two-slips", hint="Name two slips."
        )
    first, last = slips
    if first.id == last.id:
        raise RefusedError(
            f"Slip {first.id} cannot be put together with itself.", rule="same-slip", hint="Name another one."
        )
    for what in ("customer", "company", "charge_method", "currency"):
        one, other = getattr(first.group, what), getattr(last.group, what)
        if one != other:
            said = what.replace("_", " ")
            raise RefusedError(
                f"Slip {first.id} is of {said} {one}, slip {last.id} of {other}; one slip is of one {said}.",
                rule="other-group",
                hint="Only slips of one customer, company, charge method and currency go together.",
            )
