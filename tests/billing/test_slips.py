"""Which slips there should be, and what is done about those that stand."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import count

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from ispcore.billing import (
    DebitKind,
    ReceivableBalance,
    Slip,
    SlipChanges,
    SlipDraft,
    SlipState,
    SlipWishes,
    debit_line,
    is_outdated,
    merged,
    slip_changes,
    slip_debits,
    slip_state,
    withdrawn,
)
from ispcore.errors import InvalidValueError
from ispcore.plans import Gathering, SlipTerms
from ispcore.values import Money, SlipId, SubscriptionId
from tests.billing.owing import MARCH_10, after, asked, owed
from tests.catalogues import brl

ON = date(2026, 3, 1)
APRIL_10 = date(2026, 4, 10)


def changes(
    balances: Iterable[ReceivableBalance], *standing: Slip, on: date = ON, **wishes: object
) -> SlipChanges:
    return slip_changes(balances, standing, on, SlipWishes(**wishes))  # type: ignore[arg-type] # of each its own


def slip_of(draft: SlipDraft, number: int = 1, on: date = ON) -> Slip:
    lines = (*draft.lines, *map(debit_line, slip_debits(draft, on, count(number * 10))))
    return Slip(SlipId(number), draft.group, draft.due_on, on, lines, SlipState.OPEN)


def standing(*balances: ReceivableBalance, number: int = 1) -> Slip:
    (draft,) = changes(balances).issue
    return slip_of(draft, number)


def terms(of: int = 104, **slips: object) -> dict[SubscriptionId, SlipTerms]:
    return {SubscriptionId(of): SlipTerms(**slips)}  # type: ignore[arg-type] # of each its own


# --- grouping


def test_amounts_of_one_company_method_and_due_day_go_on_one_slip() -> None:
    found = changes([owed(1, "60.00"), owed(2, "40.00", of=105)])

    assert asked(found) == [("10/03", "100.00")]


@pytest.mark.parametrize("apart", [{"company": "media"}, {"method": "card"}, {"due": date(2026, 3, 11)}])
def test_another_company_method_or_due_day_makes_another_slip(apart: dict[str, object]) -> None:
    found = changes([owed(1, "60.00"), owed(2, "40.00", **apart)])  # type: ignore[arg-type] # of each its own

    assert sorted(amount for _, amount in asked(found)) == ["40.00", "60.00"]


@pytest.mark.covers("S0-030")
def test_a_separate_slip_of_a_subscription_is_apart_from_the_others_and_together_with_its_own() -> None:
    both = [owed(number, "10.00", of=105, separate=True) for number in (1, 2)]

    found = changes([*both, owed(3, "40.00", of=104)])

    assert sorted(amount for _, amount in asked(found)) == ["20.00", "40.00"]


def test_unified_subscriptions_go_together_by_the_month_due_on_the_first_of_their_days() -> None:
    unified = {**terms(104, unified_from=MARCH_10), **terms(105, unified_from=MARCH_10)}
    early, late = owed(1, "60.00"), owed(2, "40.00", of=105, due=date(2026, 3, 25))

    found = changes([late, early, owed(3, "7.00", due=date(2026, 4, 1))], terms=unified)

    assert asked(found) == [("10/03", "100.00"), ("01/04", "7.00")]


@pytest.mark.covers("S3-046")
def test_what_is_due_before_the_day_of_unification_is_not_unified() -> None:
    unified = {**terms(104, unified_from=date(2026, 3, 11)), **terms(105, unified_from=date(2026, 3, 11))}

    found = changes([owed(1, "60.00"), owed(2, "40.00", of=105, due=date(2026, 3, 25))], terms=unified)

    assert asked(found) == [("10/03", "60.00"), ("25/03", "40.00")]


def test_what_is_left_out_of_mass_generation_gets_its_slip_by_hand() -> None:
    left_out = terms(104, in_mass=False)

    assert changes([owed(1)], terms=left_out).is_empty
    assert asked(changes([owed(1)], terms=left_out, by_hand=True)) == [("10/03", "100.00")]


def test_what_is_due_later_than_asked_for_waits() -> None:
    assert asked(changes([owed(1), owed(2, due=APRIL_10)], due_by=MARCH_10)) == [("10/03", "100.00")]


def test_only_what_is_open_is_asked_for() -> None:
    partly = owed(1, "100.00", payment=3_000)

    (draft,) = changes([partly, owed(2, "50.00", credit=5_000)]).issue

    assert [(line.amount, line.paid_before, line.owed) for line in draft.lines] == [
        (brl("70.00"), brl("30.00"), brl("100.00"))
    ]


# --- the fee


def test_a_fee_is_asked_for_where_the_method_has_one() -> None:
    (draft,) = changes([owed(1), owed(2, "9.00")], fees={"slip": brl("2.50")}).issue
    (fee,) = slip_debits(draft, ON, count(7))

    assert (fee.kind, fee.amount, fee.about, fee.due_on) == (
        DebitKind.SLIP_FEE,
        brl("2.50"),
        draft.own[0].receivable.id,
        MARCH_10,
    )
    assert fee.key.item == "slip_fee:7"
    assert slip_of(draft).amount == brl("111.50")


@pytest.mark.parametrize(
    "wishes", [{"exempt": True}, {"fees": {"card": brl("2.50")}}, {"fees": {"slip": brl("0.00")}}]
)
def test_no_fee_for_the_exempt_for_other_methods_and_for_nothing(wishes: dict[str, object]) -> None:
    (draft,) = changes([owed(1)], **{"fees": {"slip": brl("2.50")}, **wishes}).issue  # type: ignore[arg-type] # of each its own

    assert draft.fee is None


def test_a_fee_that_is_open_already_is_not_asked_for_again() -> None:
    (draft,) = changes([owed(1), owed(2, "2.50", kind=DebitKind.SLIP_FEE)], fees={"slip": brl("2.50")}).issue

    assert draft.fee is None


# --- what stands


def test_issuing_again_issues_nothing() -> None:
    both = [owed(1), owed(2)]

    assert changes(both, standing(*both)).is_empty


def test_a_payment_of_a_part_leaves_the_slip_as_it_is() -> None:
    slip = standing(owed(1), owed(2))

    assert changes([owed(1, payment=4_000), owed(2)], slip).is_empty


@pytest.mark.parametrize("source", ["credit", "waiver", "agreement", "write_off"])
def test_what_lowers_an_amount_replaces_its_slip_with_the_rest(source: str) -> None:
    slip = standing(owed(1), owed(2))

    found = changes([after(owed(1), **{source: 10_000}), after(owed(2), **{source: 1})], slip)

    assert asked(found) == [("10/03", "99.99")]
    assert (found.ended, found.issue[0].replaces) == ((slip.id,), (slip.id,))


def test_a_replaced_slip_costs_no_second_fee() -> None:
    fees = {"slip": brl("2.50")}
    (draft,) = changes([owed(1)], fees=fees).issue
    (fee,) = slip_debits(draft, ON, count(1))
    slip = slip_of(evolve(draft, own=(owed(1), after(fee)), fee=None))

    found = changes([owed(1, waiver=1_000), after(fee)], slip, fees=fees)

    assert asked(found) == [("10/03", "92.50")]
    assert found.issue[0].fee is None


def test_a_fee_of_which_nothing_else_is_left_is_let_go_with_its_slip() -> None:
    fee = owed(2, "2.50", kind=DebitKind.SLIP_FEE, about=owed(1).receivable)
    slip = standing(owed(1), fee)

    found = changes([owed(1, credit=10_000), fee], slip)

    assert (found.issue, found.ended, found.waived) == ((), (slip.id,), (fee,))


def test_a_slip_of_which_nothing_is_open_stays_as_it_ended() -> None:
    slip = standing(owed(1))

    assert changes([owed(1, credit=10_000)], slip).is_empty


def test_a_payment_from_before_the_slip_that_is_taken_back_replaces_it() -> None:
    slip = standing(owed(1, payment=4_000))

    found = changes([owed(1, payment=4_000, reversal=4_000)], slip)

    assert asked(found) == [("10/03", "100.00")]


def test_a_new_amount_leaves_a_slip_that_stands_alone() -> None:
    slip = standing(owed(1, "60.00"))

    found = changes([owed(1, "60.00"), owed(2, "40.00")], slip)

    assert (asked(found), found.ended) == ([("10/03", "40.00")], ())


@pytest.mark.parametrize(
    ("settled", "state"),
    [
        ({}, SlipState.OPEN),
        ({"payment": 1}, SlipState.PARTLY_PAID),
        ({"payment": 10_000}, SlipState.PAID),
        ({"payment": 1, "write_off": 9_999}, SlipState.PAID),
        ({"waiver": 10_000}, SlipState.CANCELLED),
    ],
)
def test_the_state_of_a_slip_is_a_fold_of_its_amounts(settled: dict[str, int], state: SlipState) -> None:
    slip = standing(owed(1))
    balances = {slip.lines[0].receivable: after(owed(1), **settled)}

    assert slip_state(None, slip.lines, balances) is state
    assert slip_state(SlipState.REPLACED, slip.lines, balances) is SlipState.REPLACED


def test_what_waits_for_money_is_open_or_partly_paid() -> None:
    assert [state for state in SlipState if state.waits] == [SlipState.OPEN, SlipState.PARTLY_PAID]


# --- gathering


def test_the_next_slip_gathers_what_is_overdue_and_the_old_slip_is_replaced() -> None:
    old = owed(1, "60.00", due=date(2026, 2, 10))
    slip = standing(old)

    found = changes([old, owed(2, "40.00")], slip, terms=terms(gathers=Gathering()))

    assert asked(found) == [("10/03", "100.00")]
    assert (found.ended, found.issue[0].replaces) == ((slip.id,), (slip.id,))
    assert [line.gathered for line in found.issue[0].lines] == [False, True]
    assert changes(
        [old, owed(2, "40.00")], slip_of(found.issue[0], 2), terms=terms(gathers=Gathering())
    ).is_empty


def test_what_the_old_slip_asked_for_beside_goes_on_a_slip_of_its_own() -> None:
    fee = owed(1, "60.00", due=date(2026, 2, 10))
    sale = owed(2, "15.00", due=date(2026, 2, 10), kind=DebitKind.SALE)
    slip = standing(fee, sale)

    found = changes([fee, sale, owed(3, "40.00")], slip, terms=terms(gathers=Gathering()))

    assert asked(found) == [("10/02", "15.00"), ("10/03", "100.00")]
    assert [draft.replaces for draft in found.issue] == [(slip.id,), (slip.id,)]


def test_the_fee_of_the_old_slip_goes_where_its_amount_goes() -> None:
    old = owed(1, "60.00", due=date(2026, 2, 10))
    fee = owed(2, "2.50", due=date(2026, 2, 10), kind=DebitKind.SLIP_FEE, about=old.receivable)

    found = changes(
        [old, fee, owed(3, "40.00")],
        standing(old, fee),
        terms=terms(gathers=Gathering()),
        fees={"slip": brl("2.50")},
    )

    (draft,) = found.issue
    assert (len(draft.gathered), draft.fee, found.waived) == (2, brl("2.50"), ())


@pytest.mark.covers("S3-059", "S3-060")
@pytest.mark.parametrize(
    "other",
    [
        owed(1, "60.00", due=date(2026, 2, 10), kind=DebitKind.SALE),
        owed(1, "60.00", due=date(2026, 2, 10), of=105),
        owed(1, "60.00", due=date(2026, 2, 10), company="media"),
        owed(1, "60.00", due=date(2026, 2, 9)),
        owed(1, "60.00", due=date(2026, 3, 1)),
    ],
    ids=["another kind", "another subscription", "another company", "too long ago", "not overdue yet"],
)
def test_what_is_not_asked_for_is_not_gathered(other: ReceivableBalance) -> None:
    found = changes([other, owed(2, "40.00")], terms=terms(gathers=Gathering(months=1)))

    assert [len(draft.gathered) for draft in found.issue] == [0, 0]


def test_what_is_overdue_and_on_no_slip_is_gathered_and_gets_none_of_its_own() -> None:
    old, other = owed(1, "60.00", due=date(2026, 2, 10)), owed(2, "5.00", due=date(2026, 2, 10), of=105)

    found = changes([old, other, owed(3, "40.00")], terms=terms(gathers=Gathering()))

    assert asked(found) == [("10/02", "5.00"), ("10/03", "100.00")]


def test_of_two_new_slips_the_first_due_gathers() -> None:
    old = owed(1, "60.00", due=date(2026, 2, 10))

    found = changes([old, owed(2, "40.00", due=APRIL_10), owed(3, "30.00")], terms=terms(gathers=Gathering()))

    assert asked(found) == [("10/03", "90.00"), ("10/04", "40.00")]


def test_fine_and_interest_of_what_is_gathered_are_asked_for_where_they_are_wanted() -> None:
    old = owed(1, "60.00", due=date(2026, 2, 10))

    def late(one: ReceivableBalance, on: date) -> tuple[Money, Money]:
        assert (one, on) == (old, ON)
        return brl("1.20"), brl("0.38")

    plain = changes([old, owed(2)], terms=terms(gathers=Gathering()), late=late)
    (draft,) = changes([old, owed(2)], terms=terms(gathers=Gathering(interest=True)), late=late).issue
    raised = list(slip_debits(draft, ON, count(1)))

    assert plain.issue[0].late == ()
    assert [(one.kind, one.amount, one.about, one.through) for one in raised] == [
        (DebitKind.FINE, brl("1.20"), old.receivable.id, ON),
        (DebitKind.INTEREST, brl("0.38"), old.receivable.id, ON),
    ]
    assert slip_of(draft).amount == brl("161.58")
    assert [line.gathered for line in slip_of(draft).lines] == [False, True, True, True]


def test_interest_bears_no_interest_and_nothing_is_raised_of_nothing() -> None:
    old = owed(1, "60.00", due=date(2026, 2, 10))
    fine = owed(2, "1.20", due=date(2026, 2, 20), kind=DebitKind.FINE, about=old.receivable)

    (draft,) = changes(
        [old, fine, owed(3)],
        terms=terms(gathers=Gathering(interest=True)),
        late=lambda one, _: (brl("0.00"), brl("0.38") if one == old else brl("9.99")),
    ).issue

    assert [(one.kind, one.amount) for one in draft.late] == [(DebitKind.INTEREST, brl("0.38"))]
    assert draft.gathered == (old, fine)


def test_nobody_gathers_nothing_or_for_no_time() -> None:
    with pytest.raises(InvalidValueError, match="gathers nothing"):
        Gathering(kinds=())
    with pytest.raises(InvalidValueError, match="Use 1 to 120"):
        Gathering(months=0)


# --- properties

AMOUNTS = st.builds(
    owed,
    st.integers(1, 10_000),
    st.integers(1, 10**6).map(lambda minor: str(brl("0.01").amount * minor)),
    due=st.dates(date(2026, 1, 1), date(2026, 6, 30)),
    of=st.sampled_from([104, 105, 106]),
    company=st.sampled_from(["main", "media"]),
    method=st.sampled_from(["slip", "card"]),
    kind=st.sampled_from([DebitKind.FEE, DebitKind.SALE, DebitKind.SLIP_FEE]),
    separate=st.booleans(),
)
TERMS = st.builds(
    SlipTerms,
    st.none() | st.dates(date(2026, 1, 1), date(2026, 6, 30)),
    st.booleans(),
    st.none() | st.just(Gathering((DebitKind.FEE, DebitKind.SALE), interest=True)),
)
WISHES = st.builds(
    SlipWishes,
    st.dictionaries(st.sampled_from([SubscriptionId(104), SubscriptionId(105)]), TERMS),
    st.sampled_from([{}, {"slip": brl("2.50")}]),
    late=st.sampled_from([None, lambda _one, _on: (brl("0.02"), brl("0.01"))]),
)
LATER = st.sampled_from([{}, {"payment": 1}, {"payment": 10**9}, {"credit": 1}, {"waiver": 10**9}])


class Books:
    """The amounts and slips of one customer, changed as a database would be."""

    def __init__(self, balances: Iterable[ReceivableBalance]) -> None:
        self.balances = {one.receivable.id: one for one in balances}
        self.slips: dict[SlipId, Slip] = {}
        self._numbers = count(1)
        self._debits = count(100_000)

    def apply(self, found: SlipChanges, on: date) -> None:
        for number in found.ended:
            del self.slips[number]
        for one in found.waived:
            self.settle(one, waiver=one.open.minor)
        for draft in found.issue:
            raised = list(slip_debits(draft, on, self._debits))
            self.balances |= {one.id: after(one) for one in raised}
            number = SlipId(next(self._numbers))
            lines = (*draft.lines, *map(debit_line, raised))
            self.slips[number] = Slip(number, draft.group, draft.due_on, on, lines, SlipState.OPEN)

    def settle(self, one: ReceivableBalance, **settled: int) -> None:
        left = {name: min(minor, one.open.minor) for name, minor in settled.items()}
        before = {"payment": one.paid.minor, "credit": one.credited.minor}
        for name, minor in left.items():
            before[name] = before.get(name, 0) + minor
        self.balances[one.receivable.id] = after(one, **before)


@given(st.lists(AMOUNTS, max_size=8), WISHES, st.lists(LATER, min_size=8, max_size=8), st.integers(0, 120))
def test_an_amount_stands_on_one_slip_at_most_lines_sum_and_twice_is_once(
    amounts: list[ReceivableBalance], wishes: SlipWishes, later: list[dict[str, int]], days: int
) -> None:
    books = Books(amounts[: len(amounts) // 2])
    for on, more in ((ON, ()), (ON + timedelta(days), amounts[len(amounts) // 2 :])):
        books.balances.update(
            {one.receivable.id: one for one in more if one.receivable.id not in books.balances}
        )
        books.apply(slip_changes(books.balances.values(), books.slips.values(), on, wishes), on)

        stands = [line.receivable for slip in books.slips.values() for line in slip.lines]
        assert len(stands) == len(set(stands))
        for one in books.balances.values():
            left_out = not wishes.of(one).in_mass
            assert left_out or one.open.minor == 0 or one.receivable.id in stands
        for slip in books.slips.values():
            assert slip.amount.minor == sum(line.amount.minor for line in slip.lines)
            assert not is_outdated(slip, books.balances)
        assert slip_changes(books.balances.values(), books.slips.values(), on, wishes).is_empty
        for one, settled in zip(list(books.balances.values()), later, strict=False):
            books.settle(one, **settled)


# --- by hand


def test_two_slips_are_put_together_with_one_fee() -> None:
    known = [owed(1), owed(2, "2.50", kind=DebitKind.SLIP_FEE), owed(3, "40.00", due=APRIL_10)]
    late_fee = owed(4, "2.50", kind=DebitKind.SLIP_FEE, due=APRIL_10)
    first, second = standing(*known[:2]), standing(known[2], late_fee, number=2)

    found = merged([first, second], {one.receivable.id: one for one in (*known, late_fee)}, APRIL_10)

    assert asked(found) == [("10/04", "142.50")]
    assert (found.ended, found.issue[0].replaces) == ((1, 2), (1, 2))
    assert found.waived == (late_fee,)


def test_a_slip_that_is_cancelled_lets_its_own_fee_go() -> None:
    fee = owed(2, "2.50", kind=DebitKind.SLIP_FEE)
    slip = standing(owed(1), fee)

    found = withdrawn(slip, {one.receivable.id: one for one in (owed(1), fee)})

    assert (found.issue, found.ended, found.waived) == ((), (slip.id,), (fee,))
    assert slip.customer == owed(1).receivable.customer
