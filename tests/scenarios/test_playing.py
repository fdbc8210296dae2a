"""Playing a scenario: each step on its day, refusals as expected, and nothing half-written."""

from pathlib import Path

import pytest

from ispcore.errors import RefusedError
from ispcore.scenarios import Played, Player
from ispcore.scenarios.words import COMMANDS
from tests.engines import url_at
from tests.providers import dump_of
from tests.scenarios.sample import CLOSE, OPEN, played, scenario, step, unmet

# --- steps


def test_a_step_tells_the_facts_that_it_left() -> None:
    opened, suspended = played(OPEN, step("suspend", 'subscription = "one"'))

    assert [fact.kind for fact in opened.facts] == ["Subscribed"]
    assert [fact.kind for fact in suspended.facts] == ["Suspended"]


def test_a_step_tells_the_facts_that_it_voided() -> None:
    steps = played(
        OPEN,
        step("suspend", 'subscription = "one"', on="2012-04-20"),
        step("cancel", 'subscription = "one"', 'reason = "moved"', "today = 2012-04-25"),
    )

    assert [fact.kind for fact in steps[2].voided] == ["Suspended"]


def test_a_cancellation_is_ordered_for_a_later_day_and_withdrawn() -> None:
    steps = played(
        OPEN,
        step("cancel", 'subscription = "one"', 'reason = "moved"', "today = 2012-04-12", on="2012-05-20"),
        step("withdraw_cancellation", 'subscription = "one"', on="2012-05-02"),
    )

    assert [fact.kind for one in steps for fact in one.facts] == [
        "Subscribed",
        "CancellationOrdered",
        "CancellationWithdrawn",
    ]
    assert [fact.kind for fact in steps[2].voided] == ["CancellationOrdered"]


def test_a_withdrawal_can_be_retracted_by_its_name() -> None:
    steps = played(
        OPEN,
        step("cancel", 'subscription = "one"', 'reason = "moved"', 'when = "cycle_end"'),
        step("withdraw_cancellation", 'subscription = "one"', 'as = "stay"', on="2012-04-12"),
        step("retract", 'subscription = "one"', 'fact = "stay"', on="2012-04-13"),
        step("expect", 'subscription = "one"', "ends_on = 2012-04-30", on="2012-04-13"),
    )

    assert unmet(steps) == []
    assert steps[-1].step.do == "expect"


def test_a_year_is_anchored_to_the_day_that_a_step_names() -> None:
    yearly = OPEN.replace("due_day = 10", "due_day = 10\nanchor_on = 2009-06-10")

    steps = played(yearly, step("expect", 'subscription = "one"', "cycle_from = 2012-04-10"))

    assert unmet(steps) == []


def test_a_discount_ends_by_itself() -> None:
    opening = OPEN + 'discount = { amount = "9.00", cycles = 2 }\n'

    steps = played(
        opening,
        step("expect", 'subscription = "one"', 'to_pay = "81.00"', on="2012-05-31"),
        step("expect", 'subscription = "one"', 'to_pay = "90.00"', on="2012-06-01"),
        step(
            "change_discount",
            'subscription = "one"',
            'discount = { percent = "50", until = 2012-07-01 }',
            on="2012-06-02",
        ),
        step("expect", 'subscription = "one"', 'to_pay = "45.00"', on="2012-06-30"),
        step("expect", 'subscription = "one"', 'to_pay = "90.00"', on="2012-07-01"),
    )

    assert unmet(steps) == []
    assert len(steps) == 6


def test_a_step_is_recorded_on_its_own_day_unless_it_names_another() -> None:
    steps = played(
        OPEN,
        step("suspend", 'subscription = "one"', "today = 2012-04-15"),
        step(
            "change_price", 'subscription = "one"', 'price = "80.00"', "today = 2012-04-16", on="2012-06-01"
        ),
    )

    assert [str(one.today) for one in steps] == ["2012-04-01", "2012-04-15", "2012-04-16"]
    assert str(steps[1].facts[0].effective_on) == "2012-04-10"
    assert str(steps[1].facts[0].recorded.at.date()) == "2012-04-15"
    assert str(steps[2].facts[0].effective_on) == "2012-06-01"


def test_a_step_of_an_earlier_day_is_back_dated_to_it() -> None:
    steps = played(OPEN, CLOSE, step("suspend", 'subscription = "one"'))

    assert str(steps[2].today) == "2012-04-30"
    assert str(steps[2].facts[0].effective_on) == "2012-04-10"


def test_a_closing_tells_what_it_issued_and_a_preview_what_it_would() -> None:
    preview = CLOSE.replace("close", "preview")

    steps = played(OPEN, preview, preview, CLOSE, CLOSE)

    amounts = [[str(entry.amount) for closing in one.closings for entry in closing.entries] for one in steps]
    assert amounts == [[], ["90.00 BRL"], ["90.00 BRL"], ["90.00 BRL"], []]


def test_the_successor_of_a_change_of_plan_bears_the_name_of_the_step() -> None:
    steps = played(
        OPEN,
        step("change_plan", 'as = "two"', 'subscription = "one"', 'plan = "fast"'),
        step("expect", 'subscription = "two"', 'plan = "fast"', "started_on = 2012-04-10"),
        step("expect", 'subscription = "one"', "ended_on = 2012-04-10"),
    )

    assert unmet(steps) == []


def test_a_customer_registered_on_the_way_is_known_from_then_on() -> None:
    register = step(
        "register_customer",
        'as = "bia"',
        'kind = "person"',
        'details = { name = "Bia" }',
        'addresses = [{ id = "a", type = "installation", city = "Londrina" }]',
        on="2012-04-01",
    )

    steps = played(register, OPEN.replace('"ana"', '"bia"'))

    assert unmet(steps) == []


def test_a_payment_counts_on_the_day_of_its_step() -> None:
    pay = ('customer = "ana"', 'amount = "90.00"', 'provider = "bank"', 'provider_id = "1"')

    steps = played(
        OPEN,
        CLOSE,
        step("pay", *pay, on="2012-05-10"),
        step("expect", 'customer = "ana"', 'states = ["paid"]', 'open = "0.00"', on="2012-05-10"),
    )

    assert unmet(steps) == []


def pay_for(receivables: str, *expected: str) -> list[Played]:
    """Play two months of plan and mailbox, due 10/05 and 10/06, and a payment of 7.00 for *receivables*."""
    pay = ('customer = "ana"', 'amount = "7.00"', 'provider = "bank"', 'provider_id = "1"')
    return played(
        OPEN,
        step("add_item", 'subscription = "one"', 'service = "mailbox"', on="2012-04-01"),
        CLOSE,
        step("close", on="2012-05-31"),
        step("pay", *pay, f"receivables = [{receivables}]", on="2012-06-01"),
        step("expect", 'customer = "ana"', *expected, on="2012-06-01"),
    )


# Each mailbox is 6.00, so 1.00 goes to the next receivable that is meant, or to the balance.
@pytest.mark.parametrize(
    ("receivables", "states", "balances"),
    [
        ('{ subscription = "one", item = "mailbox" }', '"paid", "partly_paid", "open", "open"', ""),
        (
            '{ subscription = "one", item = "mailbox", due = 2012-06-10 }',
            '"paid", "open", "open", "open"',
            'tv = "1.00"',
        ),
        (
            '{ subscription = "one", item = "plan", line = "remainder", due = 2012-06-10 }',
            '"partly_paid", "open", "open", "open"',
            "",
        ),
    ],
)
def test_a_payment_may_name_receivables_by_subscription_due_date_item_and_line(
    receivables: str, states: str, balances: str
) -> None:
    steps = pay_for(receivables, f"states = [{states}]", f"balances = {{ {balances} }}")

    assert unmet(steps) == []


def test_a_receivable_that_is_not_there_refuses_the_payment() -> None:
    steps = pay_for('{ subscription = "one", due = 2012-07-10 }')

    assert "There is no receivable of 'one'. Asked for: due_on 2012-07-10." in str(steps[4].refusal)


# --- refusals


def test_a_step_that_is_refused_as_expected_is_met_and_the_story_goes_on() -> None:
    steps = played(OPEN, step("resume", 'subscription = "one"', 'refused = "not-inactive"'), CLOSE)

    assert unmet(steps) == []
    assert len(steps) == 3
    assert isinstance(steps[1].refusal, RefusedError)


def test_a_part_of_the_message_may_stand_for_the_rule() -> None:
    steps = played(OPEN, step("resume", 'subscription = "one"', 'refused = "only an inactive subscription"'))

    assert unmet(steps) == []


def test_an_error_without_a_rule_is_named_by_its_kind() -> None:
    steps = played(
        OPEN.replace('plan = "home"', 'plan = "hom"').replace('as = "one"\n', "")
        + 'refused = "NotFoundError"\n'
    )

    assert unmet(steps) == []


def test_a_step_that_is_not_refused_as_expected_is_unmet() -> None:
    steps = played(OPEN, step("suspend", 'subscription = "one"', 'refused = "not-active"'), CLOSE)

    assert unmet(steps) == ["expected to be refused (not-active), but it was done"]
    assert len(steps) == 3


def test_a_refusal_by_another_rule_is_unmet_and_names_both() -> None:
    steps = played(OPEN, step("resume", 'subscription = "one"', 'refused = "not-active"'))

    (line,) = unmet(steps)
    assert line.startswith(
        "expected to be refused by 'not-active', but 'not-inactive' refused it: Subscription 1 cannot be"
    )


def test_an_unexpected_refusal_ends_the_story() -> None:
    steps = played(OPEN, step("resume", 'subscription = "one"'), CLOSE)

    assert len(steps) == 2
    assert steps[1].unmet == (f"refused: {steps[1].refusal}",)


def test_two_customers_with_one_tax_id_are_told_like_a_step() -> None:
    one, two = (
        f'\n[customers.{name}]\nkind = "person"\ndetails = {{ name = "{name}", tax_id = "1" }}\n'
        for name in ("bia", "caio")
    )

    steps = played(one, two, OPEN)

    (only,) = steps
    assert only.step.place == "customers.caio"
    assert getattr(only.refusal, "rule", None) == "known-person"
    assert only.unmet == (f"refused: {only.refusal}",)


# --- nothing half-written


TOO_LONG = 'contact = { id = "bia", name = "Bia", tax_id = "' + "1" * 41 + '" }'

REFUSED = [
    step("subscribe", 'customer = "ana"', 'plan = "hom"'),
    step(
        "subscribe", 'customer = "ana"', 'plan = "home"', 'price = "10.00"', 'discount = { amount = "11.00" }'
    ),
    step("import_subscription", 'customer = "ana"', 'plan = "hom"', 'system = "x"', 'foreign_id = "1"'),
    step("save_contact", 'customer = "ana"', TOO_LONG),
    step("open_contract", 'customer = "ana"', 'template = "nothing"', 'witnesses = ["bia"]'),
    step("edit_contract", 'contract = "1"', 'order = { service = "Fibre" }', 'clear = ["order"]'),
    step("renew_contract", 'contract = "1"'),
    step("accept_contract", 'contract = "1"', 'how = "paper"', 'by = "Ana"', 'document_hash = "0"'),
    step("refuse_contract", 'contract = "1"'),
    step("add_to_combo", 'subscription = "one"', 'contract = "1"'),
    step("remove_from_combo", 'subscription = "one"', 'contract = "1"'),
    step("join_contract", 'subscription = "one"', 'contract = "1"'),
    step("change_status", 'subscription = "one"', 'status = "enabled"'),
    step("enable", 'subscription = "one"'),
    step("suspend", 'subscription = "one"', 'reason = "moved"'),
    step("resume", 'subscription = "one"'),
    step("block", 'subscription = "one"', "until = 2012-04-10"),
    step("unblock", 'subscription = "one"'),
    step("reduce", 'subscription = "one"', "until = 2012-04-01"),
    step("restore", 'subscription = "one"'),
    step("pause", 'subscription = "one"', "until = 2012-04-01"),
    step("unpause", 'subscription = "one"'),
    step("cancel", 'subscription = "one"'),
    step("withdraw_cancellation", 'subscription = "one"'),
    step("annul", 'subscription = "one"', 'reason = "moved"'),
    step("migrate_technology", 'subscription = "one"', 'plan = "hom"'),
    step("transfer", 'subscription = "one"', 'customer = "ana"'),
    step("change_plan", 'subscription = "one"', 'plan = "home"'),
    step("change_plan", 'subscription = "one"', 'plan = "fast"', 'drop = ["nothing"]'),
    step("change_price", 'subscription = "one"', 'price = "1.00"', 'item = "nothing"'),
    step("change_discount", 'subscription = "one"', 'discount = { amount = "91.00" }'),
    step("add_item", 'subscription = "one"', 'service = "nothing"'),
    step("change_item", 'subscription = "one"', 'item = "nothing"', 'price = "1.00"'),
    step("end_item", 'subscription = "one"', 'item = "plan"'),
    step(
        "customise_composition",
        'subscription = "one"',
        'lines = [{ id = "a", description = "A", value = "91.00", account = "acc", company = "net", '
        'document_type = "nf" }]',
    ),
    step("restore_composition", 'subscription = "one"'),
    step("change_billing_terms", 'subscription = "one"'),
    step("set_slip_terms", 'subscription = "one"', "slips = { in_mass = true }"),
    step("change_address", 'subscription = "one"', 'address = "nowhere"'),
    step("add_component", 'subscription = "one"', 'spec = { kind = "onu", serial = "ABCD1234" }'),
    step(
        "add_component", 'subscription = "one"', 'spec = { kind = "login", username = "a", password = "b" }'
    ),
    step("change_component", 'subscription = "one"', 'component = "login"', 'access_point = "nowhere"'),
    step("change_password", 'subscription = "one"', 'component = "login"', 'password = "staple"'),
    step("remove_component", 'subscription = "one"', 'component = "login"'),
    step("set_speed", 'subscription = "one"', 'component = "login"', "speed = {}"),
    step("collect_equipment", 'subscription = "one"', 'serial = "ABCD1234"'),
    step("set_speed_windows", 'subscription = "one"', 'component = "login"', "windows = []"),
    step(
        "add_billing_event",
        'subscription = "one"',
        'kind = "fee"',
        'description = "Visit"',
        'amount = "0.00"',
    ),
    step("sell", 'subscription = "one"', 'description = "Router"', 'amount = "90.00"'),
    step("bill_open_cycle", 'subscription = "one"', "today = 2012-04-10", on="2016-01-01"),
    step("enable_provisionally", 'subscription = "one"'),
    step("start_temporary_plan", 'subscription = "one"', 'plan = "gone"', "until = 2012-05-01"),
    step("end_temporary_plan", 'subscription = "one"'),
    step("grant_bonus", 'subscription = "one"', "until = 2012-04-01"),
    step("change_late_treatment", 'subscription = "one"', "blocks = true"),
    step("change_notices", 'subscription = "one"', 'channel = "pigeon"', "warns = false"),
    step("exempt", 'subscription = "one"', "until = 2012-04-01"),
    step("promise_to_pay", 'customer = "ana"', "until = 2012-05-01"),
    step("dispute", 'customer = "ana"', 'receivable = { subscription = "one" }'),
    step(
        "resolve_dispute", 'customer = "ana"', 'receivable = { subscription = "one" }', 'outcome = "settled"'
    ),
    step("change_customer_late_treatment", 'customer = "ana"', "blocks = true"),
    step("delete", 'subscription = "one"'),
    step("retract", 'subscription = "one"', 'fact = "one"'),
    step("register_customer", 'kind = "person"', 'details = { name = "Ana", trade_name = "Ana" }'),
    step("change_customer", 'customer = "ana"', 'details = { name = "Ana Souza" }'),
    step(
        "save_address",
        'customer = "ana"',
        'address = { id = "home", type = "installation", city = "Londrina" }',
    ),
    step("allow_promotions", 'customer = "ana"', "allowed = true"),
    step("set_notices", 'customer = "ana"', 'topic = "late"', "wanted = true"),
    step("exempt_from_slip_fee", 'customer = "ana"', "exempt = false"),
    step("forget", 'customer = "ana"'),
    step("pay", 'customer = "ana"', 'amount = "0.00"', 'provider = "b"', 'provider_id = "1"'),
    step("reverse_payment", 'payment = "b:1"', 'reason = "bounced"'),
    step("refund", 'customer = "ana"', 'company = "net"', 'reason = "left"'),
    step("set_notices", 'customer = "ana"', 'topic = "late"', "wanted = true"),
    step("change_notices", 'subscription = "one"', 'channel = "pigeon"', "due = false"),
    step("waive", 'receivable = { subscription = "one" }', 'reason = "asked"'),
    step("write_off", 'receivables = [{ subscription = "one" }]', 'reason = "gone"'),
    step("renegotiate", 'customer = "ana"', "instalments = 2", "first_due = 2012-06-10", 'reason = "asked"'),
    step("close", "today = 2012-04-10", on="2016-01-01"),
    step("preview", "today = 2012-04-10", on="2016-01-01"),
    step("load_catalogue", 'catalogue = { currency = "BRL" }'),
]


@pytest.mark.parametrize("wrong", REFUSED, ids=lambda text: text.split('"')[1])
def test_a_refused_step_leaves_the_database_as_it_was(tmp_path: Path, wrong: str) -> None:
    url = url_at(tmp_path / "books.db")
    player = Player(scenario(OPEN, wrong + 'refused = "as expected"\n'), url)
    steps = player.play()
    next(steps)
    before = dump_of(player.provider._database)

    refused = next(steps)

    assert refused.refusal is not None
    assert dump_of(player.provider._database) == before
    player.close_database()


def test_every_command_is_among_the_refused_ones() -> None:
    assert set(COMMANDS) <= {text.split('"')[1] for text in REFUSED}
