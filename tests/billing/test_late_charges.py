"""Fine and interest of what is paid late."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from ispcore.billing import (
    Allocation,
    Holder,
    LateAmounts,
    Principal,
    PrincipalChange,
    SourceKind,
    day_to_pay,
    days_late,
    late_charges,
    over_asked,
)
from ispcore.catalog import CountFrom, DayBasis, LateCharges
from ispcore.values import CustomerId, Money, PlainCalendar, Rounding
from tests.billing.test_settled import receivable
from tests.catalogues import brl

DUE = date(2026, 11, 10)
FRIDAY = date(2026, 11, 13)
SATURDAY = date(2026, 11, 14)
MONDAY = date(2026, 11, 16)
CALENDAR = PlainCalendar()
USUAL = LateCharges(fine_percent=Decimal(2), interest_percent=Decimal(1))
NONE = LateAmounts.none(brl("0.00").currency)


def charged(
    on: date,
    charges: LateCharges = USUAL,
    *,
    amount: str = "3000.00",
    due_on: date = DUE,
    changes: tuple[PrincipalChange, ...] = (),
    so_far: LateAmounts | None = None,
) -> tuple[str, str]:
    principal = Principal(brl(amount), due_on, changes)
    found = late_charges(principal, charges, CALENDAR, on=on, so_far=so_far)
    return str(found.fine.amount), str(found.interest.amount)


def amounts(fine: str, interest: str) -> LateAmounts:
    return LateAmounts(brl(fine), brl(interest))


def test_ten_days_are_a_third_of_a_month() -> None:
    assert charged(date(2026, 11, 20)) == ("60.00", "10.00")


def test_who_pays_on_the_day_pays_nothing_more() -> None:
    assert charged(DUE) == ("0.00", "0.00")
    assert charged(DUE - timedelta(days=40)) == ("0.00", "0.00")


@pytest.mark.parametrize(("rounding", "interest"), [(Rounding.HALF_UP, "0.17"), (Rounding.DOWN, "0.16")])
def test_the_fraction_of_a_cent_is_rounded_as_the_policy_says(rounding: Rounding, interest: str) -> None:
    charges = evolve(USUAL, rounding=rounding)

    assert charged(date(2026, 11, 15), charges, amount="100.00") == ("2.00", interest)


def test_a_day_of_an_actual_month_is_one_in_its_days() -> None:
    charges = evolve(USUAL, day_basis=DayBasis.ACTUAL)

    # 14 of 28 days of February and 31 of 31 of March.
    assert charged(date(2026, 3, 31), charges, due_on=date(2026, 2, 14), amount="100.00") == ("2.00", "1.50")


def test_what_is_due_on_a_saturday_may_be_paid_on_monday() -> None:
    assert day_to_pay(SATURDAY, USUAL, CALENDAR) == MONDAY
    assert charged(MONDAY, due_on=SATURDAY) == ("0.00", "0.00")
    assert charged(MONDAY, evolve(USUAL, business_days=False), due_on=SATURDAY) == ("60.00", "2.00")


@pytest.mark.parametrize(("count_from", "days"), [(CountFrom.NOMINAL, 3), (CountFrom.ROLLED, 1)])
def test_who_misses_the_rolled_day_pays_interest_from_the_day_that_the_policy_names(
    count_from: CountFrom, days: int
) -> None:
    charges = evolve(USUAL, count_from=count_from)

    assert days_late(SATURDAY, charges, CALENDAR, date(2026, 11, 17)) == days


def test_nothing_is_asked_for_in_the_days_of_grace_and_all_of_it_after_them() -> None:
    charges = evolve(USUAL, grace_days=5)

    assert charged(date(2026, 11, 15), charges) == ("0.00", "0.00")
    assert charged(date(2026, 11, 16), charges) == ("60.00", "6.00")


def test_what_was_paid_in_the_days_of_grace_bears_nothing() -> None:
    charges = evolve(USUAL, grace_days=5)
    paid = PrincipalChange(date(2026, 11, 15), 200_000)

    assert charged(date(2026, 11, 20), charges, changes=(paid,)) == ("20.00", "3.33")


def test_a_part_that_is_paid_late_bears_interest_through_its_day() -> None:
    paid = PrincipalChange(date(2026, 11, 20), 200_000)

    # 3000.00 for ten days, 1000.00 for three more; the fine is of what was late.
    assert charged(date(2026, 11, 23), changes=(paid,)) == ("60.00", "11.00")


def test_what_was_asked_for_before_is_not_asked_for_again() -> None:
    assert charged(date(2026, 11, 20), so_far=amounts("60.00", "7.00")) == ("0.00", "3.00")


def test_what_was_asked_for_is_never_taken_back_by_asking() -> None:
    assert charged(date(2026, 11, 20), so_far=amounts("90.00", "70.00")) == ("0.00", "0.00")


@pytest.mark.parametrize(
    ("never_owed", "over"),
    [("0.00", ("0.00", "0.00")), ("1500.00", ("30.00", "5.00")), ("3000.00", ("60.00", "10.00"))],
)
def test_what_was_asked_for_on_what_was_never_owed_was_too_much(
    never_owed: str, over: tuple[str, str]
) -> None:
    principal = Principal(brl("3000.00"), DUE, (PrincipalChange(date.min, brl(never_owed).minor),))

    found = over_asked(principal, USUAL, CALENDAR, on=date(2026, 11, 20), so_far=amounts("60.00", "10.00"))

    assert (str(found.fine.amount), str(found.interest.amount)) == over


def test_what_was_paid_since_and_a_milder_policy_take_nothing_back() -> None:
    paid = Principal(brl("3000.00"), DUE, (PrincipalChange(DUE + timedelta(days=1), 300_000),))
    mild = evolve(USUAL, fine_percent=Decimal(0))

    found = over_asked(paid, mild, CALENDAR, on=date(2026, 11, 20), so_far=amounts("60.00", "10.00"))

    assert found == NONE


def test_fine_and_interest_together_stay_below_the_cap() -> None:
    assert charged(date(2026, 11, 20), evolve(USUAL, most_percent=Decimal("2.1"))) == ("60.00", "3.00")
    assert charged(date(2026, 11, 20), evolve(USUAL, most_percent=Decimal(1))) == ("30.00", "0.00")


def test_a_trifle_is_not_asked_for() -> None:
    assert charged(date(2026, 11, 20), evolve(USUAL, least=brl("70.01"))) == ("0.00", "0.00")
    assert charged(date(2026, 11, 20), evolve(USUAL, least=brl("70.00"))) == ("60.00", "10.00")


def test_a_part_that_is_frozen_bears_no_interest_while_it_is() -> None:
    frozen_part = (
        PrincipalChange(date(2026, 11, 20), 300_000),
        PrincipalChange(date(2026, 12, 20), -300_000),
    )

    assert charged(date(2026, 12, 21), changes=frozen_part) == ("60.00", "11.00")


def put(kind: SourceKind, minor: int, on: date, source: str = "bank:1") -> Allocation:
    one = receivable()
    holder = Holder(CustomerId(1), "main", "BRL")
    return Allocation(kind, source, holder, one.id, Money(minor, one.amount.currency), on)


LATER = date(2026, 3, 20)
STILL_LATER = date(2026, 4, 10)


@pytest.mark.parametrize(
    ("puts", "changes"),
    [
        ([put(SourceKind.PAYMENT, 3000, LATER)], [(LATER, 3000)]),
        ([put(SourceKind.WAIVER, 3000, LATER)], [(LATER, 3000)]),
        ([put(SourceKind.CREDIT, 3000, LATER)], [(date.min, 3000)]),
        ([put(SourceKind.WAIVER, 3000, LATER, "customer:1#5")], [(date.min, 3000)]),
        (
            [put(SourceKind.PAYMENT, 3000, LATER), put(SourceKind.REVERSAL, 3000, STILL_LATER)],
            [(LATER, 3000), (LATER, -3000)],
        ),
        (
            [put(SourceKind.BALANCE, 3000, LATER), put(SourceKind.RETURN, 3000, STILL_LATER, "bank:1/1")],
            [(LATER, 3000), (LATER, -3000)],
        ),
        ([put(SourceKind.REVERSAL, 3000, STILL_LATER)], [(STILL_LATER, -3000)]),
        (
            # A credit of what had been let go: it was never owed, so nothing of it was let go.
            [
                put(SourceKind.WAIVER, 3000, LATER, "waiver:1"),
                put(SourceKind.CREDIT, 3000, STILL_LATER, "credit"),
                put(SourceKind.UNWAIVED, 3000, STILL_LATER, "credit"),
            ],
            [(LATER, 3000), (date.min, 3000), (LATER, -3000)],
        ),
    ],
)
def test_what_was_taken_back_was_never_owed_or_never_paid(
    puts: list[Allocation], changes: list[tuple[date, int]]
) -> None:
    found = Principal.of(receivable(), puts)

    assert [(one.on, one.minor) for one in found.changes] == changes


def test_only_what_was_put_to_the_receivable_and_what_is_frozen_makes_it_less() -> None:
    elsewhere = evolve(put(SourceKind.PAYMENT, 3000, LATER), receivable=None)
    disputed = PrincipalChange(LATER, 500)

    assert Principal.of(receivable(), [elsewhere], [disputed]).changes == (disputed,)


minors = st.integers(1, 10**7)
percents = st.decimals(0, 20, places=3)
policies = st.builds(
    LateCharges,
    fine_percent=percents,
    interest_percent=percents,
    day_basis=st.sampled_from(DayBasis),
    count_from=st.sampled_from(CountFrom),
    business_days=st.booleans(),
    rounding=st.sampled_from(Rounding),
    grace_days=st.integers(0, 10),
    most_percent=st.none() | percents,
    least=st.none() | st.builds(lambda minor: Money(minor, brl("0.00").currency), st.integers(0, 5000)),
)


@st.composite
def histories(draw: st.DrawFn) -> tuple[Principal, date]:
    """Return an amount with payments on some days, and a day."""
    amount = draw(minors)
    due_on = draw(st.dates(date(2024, 1, 1), date(2027, 12, 31)))
    days = sorted(draw(st.lists(st.integers(-5, 120), max_size=4)))
    left, changes = amount, []
    for day in days:
        part = draw(st.integers(0, left))
        left -= part
        changes.append(PrincipalChange(due_on + timedelta(days=day), part))
    on = due_on + timedelta(days=draw(st.integers(0, 150)))
    return Principal(Money(amount, brl("0.00").currency), due_on, changes), on


@given(histories(), policies, st.lists(st.integers(0, 150), max_size=5))
def test_asking_on_many_days_is_asking_once(
    history: tuple[Principal, date], charges: LateCharges, earlier: list[int]
) -> None:
    principal, on = history
    days = sorted({min(on, principal.due_on + timedelta(days=day)) for day in earlier} | {on})

    asked = NONE
    for day in days:
        more = late_charges(principal, charges, CALENDAR, on=day, so_far=asked)
        asked = LateAmounts(asked.fine + more.fine, asked.interest + more.interest)

    assert asked == late_charges(principal, charges, CALENDAR, on=on)


@given(histories(), policies, st.integers(0, 10**7))
def test_paying_in_two_parts_on_a_day_is_paying_at_once(
    history: tuple[Principal, date], charges: LateCharges, part: int
) -> None:
    principal, on = history
    at_once = late_charges(principal, charges, CALENDAR, on=on)

    first = evolve(principal, changes=(*principal.changes, PrincipalChange(on, part)))
    second = late_charges(first, charges, CALENDAR, on=on, so_far=at_once)

    assert second == NONE


@given(histories(), policies)
def test_nothing_is_negative_and_the_cap_holds(history: tuple[Principal, date], charges: LateCharges) -> None:
    principal, on = history

    found = late_charges(principal, charges, CALENDAR, on=on)

    assert found.fine.minor >= 0
    assert found.interest.minor >= 0
    if charges.most_percent is not None:
        assert found.total.minor <= principal.amount.minor * charges.most_percent / 100 + 1
