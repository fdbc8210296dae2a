"""What a step expects, and how it is told what was found instead."""

import pytest

from tests.scenarios.sample import CLOSE, OPEN, played, step, unmet


def told(*steps: str) -> list[str]:
    return unmet(played(*steps))


def closed(*expected: str) -> list[str]:
    """Return what a closing that charges 90.00 for 30 of 30 days tells of what was *expected*."""
    return told(OPEN, CLOSE + "\n[steps.expect]\n" + "\n".join(expected) + "\n")


def entry(*keys: str) -> str:
    return "\n".join(["[[steps.expect.entries]]", 'subscription = "one"', *keys])


FOUND = (
    "(charge of 90.00 BRL for 'one', item plan, line remainder, description Home, days 30, of 30, "
    "cycle_from 2012-04-01, cycle_to 2012-04-30)"
)


# --- closings


def test_sums_that_are_not_met_are_told() -> None:
    assert closed('charged = "90.01"', 'credited = "0.01"') == [
        "charged: expected 90.01 BRL, found 90.00 BRL",
        "credited: expected 0.01 BRL, found 0.00 BRL",
    ]


@pytest.mark.parametrize(
    "keys",
    [
        ('amount = "90.00"',),
        ('amount = "90.00"', 'item = "plan"', 'line = "remainder"', 'description = "Home"', "credit = false"),
        ('amount = "90.00"', 'company = "net"', 'document_type = "nf"', 'account = "acc"'),
        ('amount = "90.00"', "days = 30", "of = 30", "cycle_from = 2012-04-01", "cycle_to = 2012-04-30"),
        ('amount = "90.00"', "due = 2012-05-10", "accrual = 2012-05-01", "document_accrual = 2012-05-01"),
        ('amount = "90.00"', 'charge_method = "slip"', "separate_slip = false", "separate_document = false"),
    ],
)
def test_an_entry_is_met_by_everything_that_is_said_of_it(keys: tuple[str, ...]) -> None:
    assert closed(entry(*keys)) == []


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ('amount = "90.01"', "amount: expected 90.01 BRL, found 90.00 BRL"),
        ('credit = true\namount = "90.00"', "credit: expected true, found false"),
        ('amount = "90.00"\nitem = "mailbox"', "item: expected mailbox, found plan"),
        ('amount = "90.00"\nline = "films"', "line: expected films, found remainder"),
        ('amount = "90.00"\ndescription = "Fast"', "description: expected Fast, found Home"),
        ('amount = "90.00"\ncompany = "tv"', "company: expected tv, found net"),
        ('amount = "90.00"\ndocument_type = "nfs"', "document_type: expected nfs, found nf"),
        ('amount = "90.00"\naccount = "acc2"', "account: expected acc2, found acc"),
        ('amount = "90.00"\ncharge_method = "card"', "charge_method: expected card, found slip"),
        ('amount = "90.00"\ndays = 29', "days: expected 29, found 30"),
        ('amount = "90.00"\nof = 31', "of: expected 31, found 30"),
        ('amount = "90.00"\nweight = 29', "weight: expected 29, found 30"),
        ('amount = "90.00"\nweight_of = 31', "weight_of: expected 31, found 30"),
        ('amount = "90.00"\nthrough = 2012-04-29', "through: expected 2012-04-29, found none"),
        ('amount = "90.00"\ncycle_from = 2012-04-02', "cycle_from: expected 2012-04-02, found 2012-04-01"),
        ('amount = "90.00"\ncycle_to = 2012-05-01', "cycle_to: expected 2012-05-01, found 2012-04-30"),
        ('amount = "90.00"\ndue = 2012-05-11', "due: expected 2012-05-11, found 2012-05-10"),
        ('amount = "90.00"\naccrual = 2012-04-01', "accrual: expected 2012-04-01, found 2012-05-01"),
        (
            'amount = "90.00"\ndocument_accrual = 2012-04-01',
            "document_accrual: expected 2012-04-01, found 2012-05-01",
        ),
        ('amount = "90.00"\nseparate_slip = true', "separate_slip: expected true, found false"),
        ('amount = "90.00"\nseparate_document = true', "separate_document: expected true, found false"),
    ],
)
def test_an_entry_that_differs_tells_where(key: str, line: str) -> None:
    assert closed(entry(key)) == [f"entries[0]: {line} {FOUND}"]


def test_an_entry_that_is_missing_is_told() -> None:
    assert closed(entry('amount = "90.00"'), entry('amount = "5.00"', "days = 3")) == [
        "entries[1]: expected charge of 5.00 BRL for 'one', days 3, found nothing more of this subscription"
    ]


def test_an_entry_that_nobody_expects_is_told() -> None:
    assert closed("entries = []") == ["expected nothing more, found " + FOUND.strip("()")]


def test_entries_that_are_not_spoken_of_are_not_looked_at() -> None:
    assert closed('charged = "90.00"') == []


def test_the_most_exact_expectation_takes_its_entry_first() -> None:
    mailbox = step(
        "add_item", 'subscription = "one"', 'service = "mailbox"', 'price = "90.00"', on="2012-04-01"
    )
    wanted = entry('amount = "90.00"'), entry('amount = "90.00"', 'item = "plan"')

    assert told(OPEN, mailbox, CLOSE + "[steps.expect]\n" + "\n".join(wanted)) == []


def test_problems_of_a_closing_are_unmet_unless_their_number_is_expected() -> None:
    # The plan's price falls below a line that the catalogue then gives it.
    load = step("load_catalogue", on="2012-04-02") + (
        '[steps.changes.plans.home]\nname = "Home"\n'
        'versions = [{ from = 2010-01-01, price = "95.00", account = "acc", company = "net", '
        'document_type = "nf", lines = [{ id = "films", description = "Films", value = "91.00" }] }]\n'
    )

    (problem,) = told(OPEN, load, CLOSE + 'expect = { charged = "0.00" }\n')

    assert problem.startswith("problems: expected none, found Subscription 1 cannot be billed: ")
    assert told(OPEN, load, CLOSE + "expect = { problems = 1 }\n") == []
    (wrong,) = told(OPEN, load, CLOSE + "expect = { problems = 2 }\n")
    assert wrong.startswith("problems: expected 2, found 1 Subscription 1 cannot be billed: ")


# --- subscriptions


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ('status = "suspended"', "status: expected suspended, found enabled"),
        ('bucket = "inactive"', "bucket: expected inactive, found active"),
        ('serves = "off"', "serves: expected off, found full"),
        ('plan = "fast"', "plan: expected fast, found home"),
        ('unit = "maringa"', "unit: expected maringa, found londrina"),
        ('price = "90.01"', "price: expected 90.01 BRL, found 90.00 BRL"),
        ('discount = "1.00"', "discount: expected 1.00 BRL, found none"),
        ('discount_percent = "1"', "discount_percent: expected 1, found none"),
        ('to_pay = "80.00"', "to_pay: expected 80.00 BRL, found 90.00 BRL"),
        ("items = 2", "items: expected 2, found 1"),
        ("holds = 1", "holds: expected 1, found 0"),
        ("started_on = 2012-04-02", "started_on: expected 2012-04-02, found 2012-04-01"),
        ("ended_on = 2012-04-02", "ended_on: expected 2012-04-02, found none"),
        ("ends_on = 2012-04-02", "ends_on: expected 2012-04-02, found none"),
        ("cycle_from = 2012-04-02", "cycle_from: expected 2012-04-02, found 2012-04-01"),
        ("cycle_to = 2012-04-29", "cycle_to: expected 2012-04-29, found 2012-04-30"),
        ("first_billed_on = 2012-04-02", "first_billed_on: expected 2012-04-02, found 2012-04-01"),
        ("first_activated_on = 2012-04-02", "first_activated_on: expected 2012-04-02, found 2012-04-01"),
        ("last_activated_on = 2012-04-02", "last_activated_on: expected 2012-04-02, found 2012-04-01"),
        ("enabled_on = 2012-04-02", "enabled_on: expected 2012-04-02, found 2012-04-01"),
        ("suspended_on = 2012-04-02", "suspended_on: expected 2012-04-02, found none"),
        ("closed_through = 2012-04-29", "closed_through: expected 2012-04-29, found 2012-04-30"),
    ],
)
def test_a_subscription_that_differs_tells_where(key: str, line: str) -> None:
    assert told(OPEN, CLOSE, step("expect", 'subscription = "one"', key, on="2012-04-30")) == [line]


def test_a_subscription_is_looked_at_on_the_day_of_the_step() -> None:
    suspend = step("suspend", 'subscription = "one"', on="2012-04-10")
    before = step("expect", 'subscription = "one"', 'status = "enabled"', on="2012-04-09")
    after = step("expect", 'subscription = "one"', 'status = "suspended"', on="2012-04-10")

    assert told(OPEN, suspend, before, after) == []


def test_an_end_that_is_ordered_is_expected_on_the_days_before_it() -> None:
    cancel = step("cancel", 'subscription = "one"', 'reason = "moved"', 'when = "cycle_end"')
    before = step("expect", 'subscription = "one"', 'status = "enabled"', "ends_on = 2012-04-30")
    after = step("expect", 'subscription = "one"', "ended_on = 2012-04-30", on="2012-04-30")

    assert told(OPEN, cancel, before, after) == []


# --- customers


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ('open = "89.99"', "open: expected 89.99 BRL, found 90.00 BRL"),
        ('states = ["paid"]', "states: expected paid, found open"),
        ("states = []", "states: expected none, found open"),
        ('balances = { net = "1.00" }', "balances: expected net 1.00 BRL, found none"),
    ],
)
def test_a_customer_who_differs_tells_where(key: str, line: str) -> None:
    assert told(OPEN, CLOSE, step("expect", 'customer = "ana"', key, on="2012-04-30")) == [line]


def test_a_customer_who_owes_nothing_and_has_nothing_is_expected_as_such() -> None:
    nothing = step("expect", 'customer = "ana"', 'open = "0.00"', "balances = {}", "states = []")

    assert told(OPEN, nothing) == []


def test_the_order_of_states_does_not_matter() -> None:
    pay = step(
        "pay", 'customer = "ana"', 'amount = "90.00"', 'provider = "b"', 'provider_id = "1"', on="2012-05-31"
    )
    both = step("expect", 'customer = "ana"', 'states = ["paid", "open"]', on="2012-05-31")
    turned = both.replace('"paid", "open"', '"open", "paid"')

    assert told(OPEN, CLOSE, step("close", on="2012-05-31"), pay, both, turned) == []
