"""Transfers through the facade: who owes what afterwards, and that no cent is made or lost by it."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ispcore.billing import SlipState
from ispcore.customers import PersonDetails, PersonKind, RegisterCustomer
from ispcore.errors import InvalidValueError, NotPermittedError, RefusedError
from ispcore.plans import AddComponent, BooksGo, Exempt, OpenDebt, PaidDays, Transfer, TransferProfile
from ispcore.timeline import Actor, SubjectKind
from ispcore.values import CustomerId
from tests.homes import LOGIN, sections
from tests.providers import ANA, Office, address, open_office

MARCH_1, MARCH_11 = date(2012, 3, 1), date(2012, 3, 11)
MOVES: dict[str, Any] = {"debt": OpenDebt.MOVES, "agreed_by": "Bia"}
BIA = RegisterCustomer(
    kind=PersonKind.PERSON, details=PersonDetails(name="Bia"), addresses=(address("home", "Londrina"),)
)


def owing(office: Office, customer: CustomerId) -> int:
    """What is open of a customer's receivables less their balances, in cents."""
    view = office.provider.customer(customer, actor=ANA)
    return sum(one.open.minor for one in view.receivables) - sum(one.minor for one in view.balances.values())


@pytest.mark.covers("S2-066", "S2-021", "S3-039")
def test_who_receives_it_may_be_registered_in_the_same_transaction(office: Office) -> None:
    subscription = office.subscribe(office.register())

    done = office.provider.do(Transfer(subscription=subscription, newcomer=BIA, **MOVES), actor=ANA)

    assert done.successor is not None
    assert done.customer is not None
    seen = office.provider.customer(done.customer, actor=ANA)
    assert seen.customer.details.name == "Bia"
    assert office.provider.subscription(done.successor, actor=ANA).row.customer == done.customer
    assert (seen.customer.charge_method, seen.customer.due_day) == ("slip", 10)
    assert office.findings() == []


def test_nobody_is_registered_by_a_transfer_that_is_refused(office: Office) -> None:
    subscription = office.subscribe(office.register())
    before = office.dump()

    with pytest.raises(RefusedError):
        office.do(Transfer(subscription=subscription, newcomer=BIA, due_day=7))
    with pytest.raises(InvalidValueError, match="names a customer and registers one too"):
        office.do(Transfer(subscription=subscription, newcomer=BIA, customer=CustomerId(1)))
    with pytest.raises(NotPermittedError, match=r"customer\.register"):
        office.do(
            Transfer(subscription=subscription, newcomer=BIA), actor=Actor("clerk", {"subscription.transfer"})
        )

    assert office.dump() == before


@pytest.mark.covers("S0-103", "S2-019")
def test_by_default_who_made_a_debt_owes_it_and_paid_days_come_back_to_who_paid(office: Office) -> None:
    ana, bia = office.register("Ana"), office.register("Bia")
    old = office.subscribe(ana, "in-advance", on=MARCH_1)
    office.close(MARCH_1)
    office.pay(ana, "100.00")

    new = office.do(Transfer(subscription=old, customer=bia), today=MARCH_11).successor
    office.close(MARCH_11)

    assert new is not None
    assert (office.owed(old), office.owed(new)) == ({"2012-03": "32.26"}, {"2012-03": "67.74"})
    assert office.balances(ana) == {"net": "67.74"}
    assert sorted(office.open_amounts(bia).values()) == ["67.74"]
    assert office.findings() == []


def test_carried_days_are_neither_credited_nor_billed_again(office: Office) -> None:
    ana, bia = office.register("Ana"), office.register("Bia")
    old = office.subscribe(ana, "in-advance", on=MARCH_1)
    office.close(MARCH_1)

    carried = Transfer(subscription=old, customer=bia, paid_days=PaidDays.CARRIED)
    new = office.do(carried, today=MARCH_11).successor
    office.close(date(2012, 4, 1))

    assert new is not None
    assert (office.owed(old), office.owed(new)) == ({"2012-03": "100.00"}, {"2012-04": "100.00"})
    assert office.findings() == []


@pytest.mark.covers("S2-071", "S3-042")
def test_a_debt_that_moves_is_owed_by_who_agreed_on_the_day_it_was_due(office: Office) -> None:
    ana, bia = office.register("Ana"), office.register("Bia")
    old = office.subscribe(ana, "in-advance", on=MARCH_1)
    office.close(MARCH_1)

    office.clock.move_to(MARCH_11)
    command = Transfer(subscription=old, customer=bia, profile=TransferProfile.INTEGRATOR, agreed_by="Bia")
    done = office.provider.do(command, actor=ANA)

    # Of the 100.00 of March 67.74 lie after the day: they are credited first, and bill themselves to Bia.
    assert [(str(one.amount.amount), one.due_on) for one in done.moved] == [("32.26", date(2012, 3, 10))]
    assert office.open_amounts(ana) == {}
    assert owing(office, bia) == 3226
    (noted,) = office.provider.payments.settlements(ana, actor=ANA)
    assert noted.reason == "moved to customer 2, agreed by Bia"
    assert office.findings() == []


@settings(max_examples=10, deadline=None)
@given(
    plan=st.sampled_from(["in-advance", "adsl", "fibre", "closing-15"]),
    day=st.integers(1, 45),
    paid=st.sampled_from(["0.01", "33.33", "100.00", "150.00"]),
    days=st.sampled_from(PaidDays),
)
def test_a_debt_that_moves_is_neither_more_nor_less_than_one_that_stays(
    plan: str, day: int, paid: str, days: PaidDays
) -> None:
    sums = []
    for debt in OpenDebt:
        with open_office() as office:
            ana, bia = office.register("Ana"), office.register("Bia")
            subscription = office.subscribe(ana, plan, on=MARCH_1)
            office.close(MARCH_1)
            office.pay(ana, paid, company="net")
            office.close(MARCH_1 + timedelta(days=day))
            options: dict[str, Any] = {"paid_days": days, "debt": debt, "agreed_by": "Bia"}
            office.do(Transfer(subscription=subscription, customer=bia, **options))
            office.close(date(2012, 5, 31))
            assert office.findings() == []
            sums.append(owing(office, ana) + owing(office, bia))

    assert sums[0] == sums[1]


@settings(max_examples=10, deadline=None)
@given(plan=st.sampled_from(["in-advance", "adsl", "fibre", "closing-15"]), day=st.integers(1, 45))
def test_both_sides_together_owe_what_one_would_to_a_cent_a_line_of_the_cycle_that_was_split(
    plan: str, day: int
) -> None:
    owed, lines = {}, 0
    for handed_over in (False, True):
        with open_office() as office:
            ana, bia = office.register("Ana"), office.register("Bia")
            subscription = office.subscribe(ana, plan, on=MARCH_1)
            office.close(MARCH_1 + timedelta(days=day))
            if handed_over:
                office.do(Transfer(subscription=subscription, customer=bia))
            office.close(date(2012, 5, 31))
            owed[handed_over] = owing(office, ana) + owing(office, bia)
            lines = len({charge.key.line for charge in office.charges(subscription)})

    assert abs(owed[True] - owed[False]) <= lines


@pytest.mark.covers("S2-069")
@pytest.mark.parametrize(("books", "left"), [(BooksGo.STAY, 3), (BooksGo.CANCELLED, 0)])
def test_slips_of_a_payment_book_stay_or_are_taken_back(office: Office, books: BooksGo, left: int) -> None:
    ana, bia = office.register("Ana"), office.register("Bia")
    old = office.subscribe(ana, on=MARCH_1)
    book = office.provider.slips.book(ana, 3, actor=ANA).book

    office.do(Transfer(subscription=old, customer=bia, books=books), today=MARCH_11)

    slips = office.provider.slips.print_book(book.id, actor=ANA).slips
    assert [slip.state for slip in slips].count(SlipState.OPEN) == left
    assert office.findings() == []


def test_no_slip_asks_for_a_debt_that_moved(office: Office) -> None:
    ana, bia = office.register("Ana"), office.register("Bia")
    old = office.subscribe(ana, "in-advance", on=MARCH_1)
    book = office.provider.slips.book(ana, 1, actor=ANA).book

    office.do(Transfer(subscription=old, customer=bia, **MOVES), today=MARCH_11)

    slips = office.provider.slips.print_book(book.id, actor=ANA).slips
    assert [slip.state for slip in slips] == [SlipState.CANCELLED]
    assert office.findings() == []


def test_the_history_says_to_whom_it_went_and_when(office: Office) -> None:
    ana, bia = office.register("Ana"), office.register("Bia")
    old = office.subscribe(ana)

    office.do(Transfer(subscription=old, customer=bia), today=date(2012, 3, 5))

    last = office.provider.history(SubjectKind.SUBSCRIPTION, old, actor=ANA)[-1]
    assert (last.kind, last.on) == ("Transferred", date(2012, 3, 5))
    assert last.detail == ("moved to customer 2, as subscription 2",)


def test_trying_it_out_shows_both_sides_and_saves_nothing(office: Office) -> None:
    ana, bia = office.register("Ana"), office.register("Bia")
    old = office.subscribe(ana, "in-advance", on=MARCH_1)
    office.close(MARCH_1)
    office.clock.move_to(MARCH_11)
    before = office.dump()

    found = office.provider.try_out(Transfer(subscription=old, customer=bia), actor=ANA, closing_on=MARCH_11)

    assert found.receiver is not None
    assert [str(one.amount.amount) for one in found.closing.entries] == ["67.74"]
    assert [str(one.amount.amount) for one in found.receiver.entries] == ["67.74"]
    assert office.dump() == before


def test_who_received_it_may_be_exempted(office: Office) -> None:
    ana, bia = office.register("Ana"), office.register("Bia")
    new = office.do(Transfer(subscription=office.subscribe(ana), customer=bia)).successor
    assert new is not None

    office.do(Exempt(subscription=new, until=date(2012, 4, 1)))

    assert office.findings() == []


def test_the_login_stays_on_its_device_and_nothing_is_taken_away(office: Office) -> None:
    office.load(**sections())
    old, bia = office.subscribe(office.register("Ana"), "home"), office.register("Bia")
    office.do(AddComponent(subscription=old, spec=LOGIN))
    before = office.provider.network.placements(old, actor=ANA)

    done = office.do(Transfer(subscription=old, customer=bia))

    assert done.successor is not None
    after = office.provider.network.placements(done.successor, actor=ANA)
    assert [(one.id, one.device, one.wanted, one.generation) for one in after] == [
        (one.id, one.device, one.wanted, one.generation) for one in before
    ]
    assert done.moves == ()
    assert office.findings() == []
