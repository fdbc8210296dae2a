"""Slips and payment books through the facade: issued, changed, looked at."""

from datetime import date

import pytest
from attrs import evolve

from ispcore.billing import DebitKind, Slip, SlipState
from ispcore.customers import ExemptFromSlipFee
from ispcore.errors import InvalidValueError, NotFoundError, RefusedError
from ispcore.plans import Cancel, Gathering, SetSlipTerms, SlipTerms, Subscribe
from ispcore.usecases import CancelSlip, MergeSlips, PrintedBook, RegenerateSlip, SlipQuery
from ispcore.values import BookId, CustomerId, Money, SlipId, SubscriptionId
from tests.catalogues import brl, march
from tests.providers import ANA, Office

LEAP_DAY = date(2012, 2, 29)
MARCH_10 = march(10)
APRIL_10 = date(2012, 4, 10)
FEE = {"slip": {"name": "Boleto", "slip_fee": "2.50"}}


def issue(office: Office, on: date = LEAP_DAY, customer: CustomerId | None = None) -> list[str]:
    """Issue slips on that day, which becomes today; return what those that wait for money ask for."""
    office.clock.move_to(on)
    office.provider.slips.issue(on, actor=ANA, customer=customer)
    return [f"{slip.due_on:%d/%m} {slip.amount.amount}" for slip in waiting(office)]


def waiting(office: Office) -> list[Slip]:
    return [slip for slip in every(office) if slip.state.waits]


def every(office: Office) -> tuple[Slip, ...]:
    return office.provider.slips.list(actor=ANA)


def billed(office: Office, *due_days: int, on: date = LEAP_DAY) -> tuple[CustomerId, list[SubscriptionId]]:
    """Return a customer with a subscription for each due day, billed for the end of February."""
    customer = office.register()
    mine = [office.subscribe(customer, due_day=day) for day in due_days or (10,)]
    office.close(on)
    return customer, mine


def slip_terms(office: Office, subscription: SubscriptionId, **terms: object) -> None:
    slips = SlipTerms(**terms)  # type: ignore[arg-type] # of each its own
    office.do(SetSlipTerms(subscription=subscription, slips=slips))


# --- issuing


@pytest.mark.covers("S3-106")
def test_slips_are_issued_once_however_often_it_is_asked_for(office: Office) -> None:
    billed(office, 10, 10, 20)

    run = office.provider.slips.issue(LEAP_DAY, actor=ANA)
    again = office.provider.slips.issue(LEAP_DAY, actor=ANA)

    assert (run.customers, run.issued, run.amounts) == (1, 2, {"BRL": sum_of(office)})
    assert (again.customers, again.issued, again.amounts) == (0, 0, {})
    assert [slip.due_on for slip in every(office)] == [MARCH_10, march(20)]
    assert office.findings() == []


def sum_of(office: Office) -> object:
    first, *rest = (slip.amount for slip in every(office))
    return sum(rest, first)


@pytest.mark.covers("S0-030")
def test_a_subscription_with_a_separate_slip_is_asked_for_apart(office: Office) -> None:
    customer = office.register()
    for apart in (True, False, False):
        office.subscribe(customer, separate_slip=apart)
    office.close(LEAP_DAY)

    assert len(issue(office)) == 2
    assert sorted(len(slip.lines) for slip in waiting(office)) == [1, 2]


@pytest.mark.covers("S3-045", "S3-046")
def test_unified_subscriptions_share_a_slip_from_their_day_on(office: Office) -> None:
    _, (first, second) = billed(office, 10, 20)
    for subscription in (first, second):
        slip_terms(office, subscription, unified_from=date(2012, 4, 1))

    assert len(issue(office)) == 2
    office.close(march(31))
    issue(office, march(31))

    april = [slip for slip in waiting(office) if slip.due_on.month == 4]
    assert [(slip.due_on, len(slip.lines)) for slip in april] == [(APRIL_10, 2)]


@pytest.mark.covers("S3-067")
def test_a_subscription_left_out_of_mass_generation_gets_its_slip_when_its_customer_is_named(
    office: Office,
) -> None:
    customer, (subscription,) = billed(office)
    slip_terms(office, subscription, in_mass=False)

    assert issue(office) == []
    assert len(issue(office, customer=customer)) == 1


@pytest.mark.covers("S3-047")
def test_slips_are_made_by_the_customers_usual_charge_method(office: Office) -> None:
    customer = office.register()
    office.subscribe(customer, charge_method="card")
    usual = Subscribe(customer=customer, plan="adsl", status="enabled")
    office.do(usual)
    office.close(LEAP_DAY)

    issue(office)

    assert [(slip.group.charge_method, len(slip.lines)) for slip in waiting(office)] == [("card", 2)]


@pytest.mark.covers("S1-022")
def test_a_slip_costs_its_fee_unless_the_customer_is_exempt(office: Office) -> None:
    office.load(charge_methods=FEE)
    customer, _ = billed(office)
    other, _ = billed(office)
    office.provider.do(ExemptFromSlipFee(customer=other, exempt=True), actor=ANA)

    issue(office)

    kinds = {
        one.slip.customer: [amount.receivable.kind for amount in one.amounts]
        for one in (office.provider.slips.get(slip.id, actor=ANA) for slip in waiting(office))
    }
    assert kinds == {customer: [DebitKind.FEE, DebitKind.SLIP_FEE], other: [DebitKind.FEE]}
    assert office.findings() == []
    with pytest.raises(RefusedError, match="has this setting already"):
        office.provider.do(ExemptFromSlipFee(customer=other, exempt=True), actor=ANA)


@pytest.mark.covers("S3-059", "S3-060")
def test_the_next_slip_gathers_the_overdue_fees_of_its_subscription(office: Office) -> None:
    _, (subscription,) = billed(office)
    slip_terms(office, subscription, gathers=Gathering((DebitKind.FEE,), months=2))
    issue(office)

    office.close(march(31))
    issue(office, march(31))

    old, new = every(office)
    assert (old.state, old.replaced_by) == (SlipState.REPLACED, new.id)
    assert (new.due_on, [line.gathered for line in new.lines]) == (APRIL_10, [False, True])
    assert office.findings() == []


@pytest.mark.covers("S3-061")
def test_with_interest_fine_and_interest_are_raised_and_gathered_along(office: Office) -> None:
    customer, (subscription,) = billed(office)
    slip_terms(office, subscription, gathers=Gathering(interest=True))
    issue(office)
    office.close(march(31))
    desk = evolve(
        office.provider.slips,
        late=lambda _work, _customers, _catalogue: lambda _one, _on: (brl("0.37"), brl("0.01")),
    )

    desk.issue(march(31), actor=ANA)

    (slip,) = waiting(office)
    amounts = office.provider.slips.get(slip.id, actor=ANA).amounts
    late = {
        one.receivable.kind: str(one.open.amount)
        for one in amounts
        if one.receivable.kind is not DebitKind.FEE
    }
    assert late == {DebitKind.FINE: "0.37", DebitKind.INTEREST: "0.01"}
    assert desk.issue(march(31), actor=ANA, customer=customer).issued == 0
    assert office.findings() == []


def test_a_credit_replaces_the_slip_of_what_it_lowers(office: Office) -> None:
    customer = office.register()
    subscription = office.subscribe(customer, "in-advance")
    office.subscribe(customer)
    office.close(LEAP_DAY)
    issue(office)
    (before,) = waiting(office)
    office.do(Cancel(subscription=subscription, on=date(2012, 2, 26), reason="moved"), today=march(1))
    office.close(march(1))

    issue(office, march(1))

    old, new = every(office)
    assert (old.state, old.replaced_by) == (SlipState.REPLACED, new.id)
    assert new.amount < before.amount
    assert office.findings() == []


def test_the_state_of_a_slip_follows_its_payments(office: Office) -> None:
    customer, _ = billed(office)
    issue(office)
    (slip,) = every(office)

    office.pay(customer, "1.00", "p1")
    (partly,) = every(office)
    office.pay(customer, str((slip.amount - brl("1.00")).amount), "p2")
    (paid,) = every(office)

    assert (partly.state, paid.state) == (SlipState.PARTLY_PAID, SlipState.PAID)
    assert issue(office, march(1)) == []


def test_what_is_due_later_waits_where_that_is_asked_for(office: Office) -> None:
    billed(office, 10, 20)

    run = office.provider.slips.issue(LEAP_DAY, actor=ANA, due_by=MARCH_10)

    assert run.issued == 1


def test_each_slice_tells_what_it_came_to(office: Office) -> None:
    billed(office)
    seen: list[int] = []

    office.provider.slips.issue(LEAP_DAY, actor=ANA, watch=lambda run: seen.append(run.issued))

    assert seen == [1]


def test_a_customer_whose_slips_cannot_be_made_stops_nobody_else(office: Office) -> None:
    customer, (subscription,) = billed(office)
    slip_terms(office, subscription, gathers=Gathering(interest=True))
    issue(office)
    billed(office)
    office.close(march(31))

    def fail(*_: object) -> tuple[Money, Money]:
        raise InvalidValueError("No policy.")

    desk = evolve(office.provider.slips, late=lambda *_: fail)
    run = desk.issue(march(31), actor=ANA)

    assert [str(one) for one in run.problems] == [f"Customer {customer} got no slips: No policy."]
    assert run.issued == 2


def test_what_is_no_day_and_nobodys_customer_is_refused(office: Office) -> None:
    with pytest.raises(InvalidValueError, match="no day to issue slips on"):
        office.provider.slips.issue("2012-02-29", actor=ANA)  # type: ignore[arg-type] # as callers do
    with pytest.raises(NotFoundError, match="no customer 7"):
        office.provider.slips.issue(LEAP_DAY, actor=ANA, customer=CustomerId(7))


# --- changing


@pytest.mark.covers("S3-107")
def test_a_slip_made_anew_asks_for_what_is_open_and_the_old_one_stays_as_replaced(office: Office) -> None:
    customer, _ = billed(office)
    issue(office)
    (old,) = waiting(office)
    office.pay(customer, "1.00")

    new = office.provider.slips.regenerate(old.id, actor=ANA, due_on=march(20))

    kept, found = every(office)
    assert (kept.id, kept.state, kept.replaced_by) == (old.id, SlipState.REPLACED, new.id)
    assert (found.due_on, found.amount) == (march(20), old.amount - brl("1.00"))
    assert issue(office, march(1)) == [f"20/03 {found.amount.amount}"]
    assert office.findings() == []


@pytest.mark.covers("S3-103")
def test_two_slips_are_put_together_with_one_fee(office: Office) -> None:
    office.load(charge_methods=FEE)
    billed(office, 10, 20)
    issue(office)
    first, second = waiting(office)

    new = office.provider.slips.merge(first.id, second.id, actor=ANA)

    (left,) = waiting(office)
    assert (left.id, left.due_on) == (new.id, MARCH_10)
    assert left.amount == first.amount + second.amount - brl("2.50")
    assert office.findings() == []


def test_a_slip_that_is_taken_back_leaves_its_amounts_for_another_one_without_its_fee(office: Office) -> None:
    office.load(charge_methods=FEE)
    billed(office)
    before = issue(office)
    (slip,) = waiting(office)

    office.provider.slips.cancel(slip.id, actor=ANA)

    assert waiting(office) == []
    assert office.provider.slips.get(slip.id, actor=ANA).slip.state is SlipState.CANCELLED
    assert issue(office) == before
    assert office.findings() == []


@pytest.mark.parametrize("act", ["regenerate", "cancel"])
def test_a_slip_that_waits_for_no_money_is_not_changed_and_the_way_out_is_told(
    office: Office, act: str
) -> None:
    customer, _ = billed(office)
    issue(office)
    (slip,) = waiting(office)
    new = office.provider.slips.regenerate(slip.id, actor=ANA)
    change = getattr(office.provider.slips, act)

    with pytest.raises(RefusedError, match=rf"slip {new.id} took its place. Name slip {new.id}"):
        change(slip.id, actor=ANA)
    office.pay(customer, str(slip.amount.amount))
    with pytest.raises(RefusedError, match="it is paid"):
        change(new.id, actor=ANA)
    with pytest.raises(NotFoundError, match="no slip 99"):
        change(SlipId(99), actor=ANA)


def test_a_cancelled_slip_is_not_changed(office: Office) -> None:
    billed(office)
    issue(office)
    (slip,) = waiting(office)
    office.provider.do(CancelSlip(slip=slip.id), actor=ANA)

    with pytest.raises(RefusedError, match="it was cancelled"):
        office.provider.do(RegenerateSlip(slip=slip.id), actor=ANA)


def test_slips_that_do_not_go_together_are_told_apart(office: Office) -> None:
    billed(office)
    billed(office)
    issue(office)
    first, second = (slip.id for slip in waiting(office))

    with pytest.raises(RefusedError, match=r"of customer 1, slip 2 of 2.*go together"):
        office.provider.slips.merge(first, second, actor=ANA)
    with pytest.raises(RefusedError, match="with itself"):
        office.provider.slips.merge(first, first, actor=ANA)
    with pytest.raises(RefusedError, match="Name two slips"):
        office.provider.do(MergeSlips(slips=(first,)), actor=ANA)
    with pytest.raises(RefusedError, match="cannot be due on 2012-02-28"):
        office.provider.slips.regenerate(first, actor=ANA, due_on=date(2012, 2, 28))


# --- looking


@pytest.mark.covers("S3-098", "S3-105", "S3-106")
def test_slips_are_found_by_customer_subscription_due_day_and_whether_they_wait(office: Office) -> None:
    customer, (first, second) = billed(office, 10, 20)
    other, _ = billed(office)
    issue(office)
    office.pay(other, str(waiting(office)[-1].amount.amount))
    desk = office.provider.slips

    def found(**query: object) -> list[int]:
        return [slip.id for slip in desk.list(SlipQuery(**query), actor=ANA)]  # type: ignore[arg-type] # of each its own

    assert found(customer=customer) == [1, 2]
    assert (found(subscription=first), found(subscription=second)) == ([1], [2])
    assert (found(due_from=march(11)), found(due_by=MARCH_10)) == ([2], [1, 3])
    assert found(waiting=True) == [1, 2]
    assert found(after=SlipId(1), limit=1) == [2]


def test_a_slip_is_known_by_the_receivables_that_stand_on_it(office: Office) -> None:
    billed(office)
    issue(office)
    (slip,) = waiting(office)
    new = office.provider.slips.regenerate(slip.id, actor=ANA)

    with office.database.reading() as work:
        assert set(work.slips.of_receivables(slip.receivables).values()) == {
            office.provider.slips.get(new.id, actor=ANA).slip
        }
        assert work.slips.of_receivables([]) == {}


def test_the_next_slip_is_looked_at_without_a_trace(office: Office) -> None:
    customer = office.register()
    office.subscribe(customer)
    before = office.dump()

    seen = office.provider.slips.preview(LEAP_DAY, actor=ANA, customer=customer)

    assert office.dump() == before
    office.close(LEAP_DAY)
    issue(office)
    (slip,) = waiting(office)
    assert [view.slip for view in seen.slips] == [slip]


# --- payment books


@pytest.mark.covers("S3-101")
def test_a_payment_book_bills_each_month_on_its_day(office: Office) -> None:
    customer, _ = billed(office)
    issue(office)
    office.clock.move_to(march(1))

    made = office.provider.slips.book(customer, 3, actor=ANA)

    days = [slip.due_on for slip in made.slips]
    assert days == [MARCH_10, APRIL_10, date(2012, 5, 10)]
    assert {slip.book for slip in every(office)} == {made.book.id}
    assert office.findings() == []


def test_a_book_that_is_asked_for_again_is_the_one_that_there_is(office: Office) -> None:
    customer, _ = billed(office)
    first = office.provider.slips.book(customer, 3, actor=ANA)

    office.clock.move_to(MARCH_10)
    again = office.provider.slips.book(customer, 3, actor=ANA)

    assert (again.known, again.book, again.slips) == (True, first.book, first.slips)
    assert office.provider.slips.books(actor=ANA) == (first.book,)
    assert office.provider.slips.books(actor=ANA, customer=CustomerId(9)) == ()


@pytest.mark.covers("S3-101")
@pytest.mark.parametrize(
    ("plan", "months", "dues"),
    [
        ("adsl", 2, ["10/04", "10/05"]),
        ("in-advance", 2, ["10/03", "10/04"]),
        ("quarterly", 6, ["10/04", "10/07"]),
        ("weekly", 1, ["10/03", "10/04"]),
    ],
)
def test_the_months_of_a_book_are_those_of_the_cycles(
    office: Office, plan: str, months: int, dues: list[str]
) -> None:
    customer = office.register()
    office.subscribe(customer, plan, on=march(1))
    office.clock.move_to(march(1))

    made = office.provider.slips.book(customer, months, actor=ANA)

    assert [f"{slip.due_on:%d/%m}" for slip in made.slips] == dues
    assert office.findings() == []


def test_a_book_of_one_subscription_leaves_the_others_alone(office: Office) -> None:
    customer, (first, second) = billed(office, 10, 10)

    made = office.provider.slips.book(customer, 2, actor=ANA, subscription=first)

    subscriptions = {
        amount.receivable.key.subscription
        for slip in made.slips
        for amount in office.provider.slips.get(slip.id, actor=ANA).amounts
    }
    assert subscriptions == {first}
    assert list(office.owed(second)) == ["2012-02"]
    assert list(office.owed(first)) == ["2012-02", "2012-03"]
    assert office.findings() == []


def test_a_slip_made_anew_stays_in_its_book(office: Office) -> None:
    customer, _ = billed(office)
    made = office.provider.slips.book(customer, 2, actor=ANA)

    new = office.provider.slips.regenerate(made.slips[0].id, actor=ANA)

    assert new.book == made.book.id


@pytest.mark.covers("S3-104")
def test_a_book_is_printed_whole_a_page_for_each_slip(office: Office) -> None:
    customer, _ = billed(office)
    made = office.provider.slips.book(customer, 2, actor=ANA)

    text = office.provider.slips.print_book(made.book.id, actor=ANA).text

    assert text.startswith("Payment book 1 of 29/02/2012\nAna Souza (customer 1)\n")
    assert [line for line in text.splitlines() if line.startswith("Slip")] == [
        f"Slip {slip.id} ({n} of {len(made.slips)})  to Rede Ltda  due {slip.due_on:%d/%m/%Y}"
        for n, slip in enumerate(made.slips, start=1)
    ]


@pytest.mark.covers("S3-031")
def test_a_book_is_handed_over_once_as_one(office: Office) -> None:
    customer, _ = billed(office)
    made = office.provider.slips.book(customer, 2, actor=ANA)
    taken: list[PrintedBook] = []

    def send(book: PrintedBook) -> str:
        taken.append(book)
        return f"letter-{len(taken)}"

    sent = office.provider.slips.send_book(made.book.id, send, actor=ANA)
    with pytest.raises(RefusedError, match=r"was sent on 2012-02-29 as 'letter-1'"):
        office.provider.slips.send_book(made.book.id, send, actor=ANA)
    again = office.provider.slips.send_book(made.book.id, send, actor=ANA, again=True)

    assert [book.slips for book in taken] == [made.slips, made.slips]
    assert (sent.sent_on, sent.sent_as, again.sent_as) == (LEAP_DAY, "letter-1", "letter-2")


def test_a_book_of_which_nothing_is_to_be_paid_is_not_sent(office: Office) -> None:
    customer, _ = billed(office)
    made = office.provider.slips.book(customer, 1, actor=ANA)
    for slip in made.slips:
        office.provider.slips.cancel(slip.id, actor=ANA)

    with pytest.raises(RefusedError, match="Nothing of payment book 1 is to be paid"):
        office.provider.slips.send_book(made.book.id, lambda _: "x", actor=ANA)


def test_books_that_cannot_be_are_refused(office: Office) -> None:
    customer = office.register()
    with pytest.raises(RefusedError, match="nothing to put into a payment book"):
        office.provider.slips.book(customer, 3, actor=ANA)
    with pytest.raises(RefusedError, match="Use 1 to 36 months"):
        office.provider.slips.book(customer, 37, actor=ANA)
    with pytest.raises(NotFoundError, match="subscription 5"):
        office.provider.slips.book(customer, 3, actor=ANA, subscription=SubscriptionId(5))
    with pytest.raises(NotFoundError, match="payment book 5"):
        office.provider.slips.print_book(BookId(5), actor=ANA)
