"""Which slips there should be, and the difference to those that stand.

Amounts that stand on no slip are grouped by company, charge method and due day; a subscription that wants a
separate slip is apart, unified ones go together by the month. A new slip may gather what is overdue: then the
slip on which that stood is replaced. Nobody pays the fee of a slip again because it is replaced.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from attrs import evolve, field, frozen

from ispcore.billing.entries import ReceivableBalance
from ispcore.billing.slips import Slip, SlipGroup, is_fee, is_outdated, line_for
from ispcore.catalog import DebitKind
from ispcore.plans import PLAIN_SLIPS, SlipTerms
from ispcore.values import Money, SlipId, SubscriptionId, add_months, as_tuple

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from ispcore.billing.slips import SlipLine
    from ispcore.values import ChargeId

LateAmountsOf: TypeAlias = Callable[[ReceivableBalance, date], tuple[Money, Money]]
"""Gives the fine and the interest to ask for of an overdue amount up to a day, beyond what was asked for."""

_FOLLOWING = {DebitKind.SLIP_FEE, DebitKind.FINE, DebitKind.INTEREST}
"""What goes where the amount goes that it is about."""


@frozen
class SlipWishes:
    """How one customer's slips are made.

    ``fees`` are by charge method; ``by_hand`` includes the subscriptions that mass generation leaves out,
    and amounts due after ``due_by`` wait for another day.
    """

    terms: Mapping[SubscriptionId, SlipTerms] = field(factory=dict)
    fees: Mapping[str, Money] = field(factory=dict)
    exempt: bool = False
    by_hand: bool = False
    due_by: date | None = None
    late: LateAmountsOf | None = None

    def of(self, balance: ReceivableBalance) -> SlipTerms:
        """Return how slips of the subscription of an amount are made."""
        return self.terms.get(balance.receivable.key.subscription, PLAIN_SLIPS)


@frozen
class LateDebit:
    """A fine or interest to raise of an overdue amount that a slip gathers."""

    about: ReceivableBalance
    kind: DebitKind
    amount: Money


@frozen
class SlipDraft:
    """A slip that there should be: what it asks for, and which slips it takes the place of.

    A ``fee`` and ``late`` debits are raised when it is issued, and stand on it too.
    """

    group: SlipGroup
    due_on: date
    own: tuple[ReceivableBalance, ...] = field(converter=as_tuple)
    gathered: tuple[ReceivableBalance, ...] = field(default=(), converter=as_tuple)
    replaces: tuple[SlipId, ...] = field(default=(), converter=as_tuple)
    fee: Money | None = None
    late: tuple[LateDebit, ...] = field(default=(), converter=as_tuple)

    @property
    def lines(self) -> tuple[SlipLine, ...]:
        """The lines of what is there already."""
        gathered = (line_for(balance, gathered=True) for balance in self.gathered)
        return (*(line_for(balance) for balance in self.own), *gathered)


@frozen
class SlipChanges:
    """What is to be done so that a customer's slips are as they should be.

    ``ended`` names the slips that stand no more; ``waived`` are fees of slips that are asked for no more.
    """

    issue: tuple[SlipDraft, ...] = field(default=(), converter=as_tuple)
    ended: tuple[SlipId, ...] = field(default=(), converter=as_tuple)
    waived: tuple[ReceivableBalance, ...] = field(default=(), converter=as_tuple)

    @property
    def is_empty(self) -> bool:
        """Whether everything is as it should be."""
        return not (self.issue or self.ended or self.waived)


def slip_changes(
    balances: Iterable[ReceivableBalance], standing: Iterable[Slip], on: date, wishes: SlipWishes
) -> SlipChanges:
    """Return what makes one customer's slips what they should be, the first due first.

    *balances* are what is open, and everything that is on a slip of those *standing*.
    """
    known = {balance.receivable.id: balance for balance in balances}
    slips = {slip.id: slip for slip in standing}
    kept_on = {line: slip.id for slip in slips.values() for line in slip.receivables}
    free = [one for one in known.values() if one.open.minor > 0 and one.receivable.id not in kept_on]
    wanted = list(desired_slips(free, known.values(), on, wishes))
    taken = {one.receivable.id for draft in wanted for one in draft.gathered}
    robbed = {kept_on[name] for name in taken if name in kept_on}
    outdated = {slip.id for slip in slips.values() if is_outdated(slip, known)}
    ended = sorted(robbed | outdated)
    moot = [one for number in outdated for one in _moot_fees(slips[number], known)]
    gone = taken | {one.receivable.id for one in moot}
    drafts = [_replacing(draft, kept_on) for draft in wanted]
    drafts += [draft for number in ended if (draft := remade(slips[number], known, without=gone)) is not None]
    found = tidied(drafts, ended)
    return evolve(found, waived=(*found.waived, *moot))


def desired_slips(
    free: Iterable[ReceivableBalance],
    known: Iterable[ReceivableBalance],
    on: date,
    wishes: SlipWishes,
) -> Iterator[SlipDraft]:
    """Yield the slips that should be made of the amounts that are *free*, the first due first.

    Those due on the day *on* or later may gather what is overdue of everything *known*.
    """
    mine = [one for one in free if _is_wanted(one, wishes)]
    groups: dict[object, list[ReceivableBalance]] = defaultdict(list)
    for one in sorted(mine, key=_in_order):
        groups[_together(one, wishes)].append(one)
    drafts = sorted((_draft(members) for members in groups.values()), key=_by_due_day)
    overdue = {one.receivable.id: one for one in known if one.open.minor > 0 and one.receivable.due_on < on}
    gathering = [_gathering(draft, overdue, on, wishes) for draft in drafts if draft.due_on >= on]
    taken = {one.receivable.id for draft in gathering for one in draft.gathered}
    late = (_without(draft, taken) for draft in drafts if draft.due_on < on)
    for draft in [*(draft for draft in late if draft is not None), *gathering]:
        yield _with_fee(draft, wishes)


def remade(
    slip: Slip, known: Mapping[ChargeId, ReceivableBalance], without: Collection[ChargeId] = ()
) -> SlipDraft | None:
    """Return the slip that takes the place of *slip*, with what is still open; None where nothing is."""
    left = [
        (line, known[line.receivable])
        for line in slip.lines
        if line.receivable not in without and known[line.receivable].open.minor > 0
    ]
    if not left:
        return None
    own = [balance for line, balance in left if not line.gathered]
    gathered = [balance for line, balance in left if line.gathered]
    return SlipDraft(slip.group, slip.due_on, own, gathered, (slip.id,))


def _is_wanted(one: ReceivableBalance, wishes: SlipWishes) -> bool:
    soon = wishes.due_by is None or one.receivable.due_on <= wishes.due_by
    return soon and (wishes.by_hand or wishes.of(one).in_mass)


def _in_order(one: ReceivableBalance) -> tuple[date, str]:
    return one.receivable.due_on, one.receivable.id


def _by_due_day(draft: SlipDraft) -> tuple[date, str]:
    return draft.due_on, draft.own[0].receivable.id


def _together(one: ReceivableBalance, wishes: SlipWishes) -> object:
    """Return what is equal of amounts that go on one slip."""
    receivable, since = one.receivable, wishes.of(one).unified_from
    group, due_on = SlipGroup.of(receivable), receivable.due_on
    if receivable.separate_slip:
        return group, due_on, receivable.key.subscription
    if since is not None and since <= due_on:
        return group, (due_on.year, due_on.month)
    return group, due_on


def _draft(members: list[ReceivableBalance]) -> SlipDraft:
    """Return the slip of some amounts in order: due on the first day that one is, so that none is late."""
    first = members[0].receivable
    return SlipDraft(SlipGroup.of(first), first.due_on, members)


def _gathering(
    draft: SlipDraft, overdue: dict[ChargeId, ReceivableBalance], on: date, wishes: SlipWishes
) -> SlipDraft:
    """Return *draft* with what its subscriptions gather; that is taken out of what is *overdue*."""
    asking = {one.receivable.key.subscription: wishes.of(one) for one in draft.own}
    found = {name: one for name, one in overdue.items() if _is_gathered(one, draft, asking)}
    found |= {name: one for name, one in overdue.items() if _follows(one, found)}
    for name in found:
        del overdue[name]
    gathered = sorted(found.values(), key=_in_order)
    late = [debit for one in gathered for debit in _late(one, asking, on, wishes.late)]
    return evolve(draft, gathered=gathered, late=late)


def _is_gathered(
    one: ReceivableBalance, draft: SlipDraft, asking: Mapping[SubscriptionId, SlipTerms]
) -> bool:
    receivable = one.receivable
    terms = asking.get(receivable.key.subscription)
    if terms is None or terms.gathers is None or receivable.kind not in terms.gathers.kinds:
        return False
    months = terms.gathers.months
    recent = months is None or receivable.due_on >= add_months(draft.due_on, -months)
    group = draft.group
    payee = (receivable.target.company, receivable.amount.currency.code)
    return recent and payee == (group.company, group.currency)


def _follows(one: ReceivableBalance, gathered: Mapping[ChargeId, ReceivableBalance]) -> bool:
    return one.receivable.kind in _FOLLOWING and one.receivable.about in gathered


def _late(
    one: ReceivableBalance,
    asking: Mapping[SubscriptionId, SlipTerms],
    on: date,
    late: LateAmountsOf | None,
) -> Iterator[LateDebit]:
    """Yield the fine and interest to ask for of a gathered amount, where its subscription wants them."""
    terms = asking.get(one.receivable.key.subscription, PLAIN_SLIPS)
    wanted = terms.gathers is not None and terms.gathers.interest
    if late is None or not wanted or one.receivable.kind in _FOLLOWING:
        return
    fine, interest = late(one, on)
    for kind, amount in ((DebitKind.FINE, fine), (DebitKind.INTEREST, interest)):
        if amount.minor > 0:
            yield LateDebit(one, kind, amount)


def _without(draft: SlipDraft, taken: Collection[ChargeId]) -> SlipDraft | None:
    left = [one for one in draft.own if one.receivable.id not in taken]
    return evolve(draft, own=left) if left else None


def _with_fee(draft: SlipDraft, wishes: SlipWishes) -> SlipDraft:
    """Return *draft* with the fee that its charge method asks for, unless one is on it already."""
    fee = wishes.fees.get(draft.group.charge_method)
    if fee is None or fee.minor <= 0 or wishes.exempt or any(is_fee(one) for one in draft.own):
        return draft
    return evolve(draft, fee=fee)


def _replacing(draft: SlipDraft, kept_on: Mapping[ChargeId, SlipId]) -> SlipDraft:
    names = (one.receivable.id for one in draft.gathered)
    return evolve(draft, replaces=sorted({kept_on[name] for name in names if name in kept_on}))


def tidied(drafts: Iterable[SlipDraft], ended: Iterable[SlipId]) -> SlipChanges:
    """Return the changes, without a second fee on one slip."""
    found, waived = [], []
    for draft in drafts:
        surplus = [one for one in draft.own if is_fee(one)][1:]
        waived += surplus
        found.append(evolve(draft, own=[one for one in draft.own if one not in surplus]))
    return SlipChanges(sorted(found, key=lambda draft: draft.due_on), tuple(ended), waived)


def _moot_fees(slip: Slip, known: Mapping[ChargeId, ReceivableBalance]) -> list[ReceivableBalance]:
    """Return the open fees of a slip of which all else was let go, and nothing was paid."""
    lines = [(line, known[line.receivable]) for line in slip.lines]
    others = [(line, one) for line, one in lines if not is_fee(one)]
    if any(one.open.minor > 0 or one.paid > line.paid_before for line, one in others):
        return []
    return [one for _, one in lines if is_fee(one) and one.open.minor > 0]


def merged(slips: Iterable[Slip], known: Mapping[ChargeId, ReceivableBalance], due_on: date) -> SlipChanges:
    """Return what puts *slips*, which wait for money and are of one group, together on one."""
    each = [draft for slip in slips if (draft := remade(slip, known)) is not None]
    whole = evolve(
        each[0],
        due_on=due_on,
        own=[one for draft in each for one in draft.own],
        gathered=[one for draft in each for one in draft.gathered],
        replaces=[number for draft in each for number in draft.replaces],
    )
    return tidied([whole], whole.replaces)


def withdrawn(slip: Slip, known: Mapping[ChargeId, ReceivableBalance]) -> SlipChanges:
    """Return what cancels *slip*: its own fee is let go, the rest waits for another slip."""
    own = [known[line.receivable] for line in slip.lines if not line.gathered]
    return SlipChanges((), (slip.id,), [one for one in own if is_fee(one) and one.open.minor > 0])
