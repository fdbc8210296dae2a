"""Policies review commands inside their transaction: they veto, or add what the core's own rules admit."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest

from ispcore.app import Provider
from ispcore.customers import ChangeCustomer, SaveAddress
from ispcore.errors import InvalidValueError, PolicyFailedError, VetoedError
from ispcore.hooks import Add, Plugins, Veto, hookimpl
from ispcore.hooks.watching import Watch
from ispcore.plans import (
    AddItem,
    Block,
    Cancel,
    ChangeDiscount,
    ChangePlan,
    ChangePrice,
    Discount,
    Subscribe,
    Suspend,
)
from ispcore.timeline import Actor, Origin, SubjectKind
from ispcore.values import SubscriptionId
from tests.catalogues import brl
from tests.providers import ANA, Office, address

LEAP_DAY = date(2012, 2, 29)


class Policy:
    """Says what a function says, and keeps what it was asked."""

    def __init__(
        self, say: Callable[..., Any] = lambda **_: None, name: str = "frugal", version: str = "1"
    ) -> None:
        self.__name__, self.__version__ = name, version
        self.say = say
        self.asked: list[dict[str, Any]] = []

    @hookimpl
    def ispcore_review_command(
        self, command: Any, state_before: Any, facts: Any, state_after: Any, on: date
    ) -> Any:
        asked = {
            "command": command,
            "state_before": state_before,
            "facts": facts,
            "state_after": state_after,
            "on": on,
        }
        self.asked.append(asked)
        return self.say(**asked)


@contextmanager
def guarded_by(office: Office, *policies: object, watch: Watch | None = None) -> Iterator[Provider]:
    """Give the office's commands to a provider with these policies for a while."""
    before = office.provider
    office.provider = Provider(
        office.database, clock=office.clock, plugins=Plugins.of(*policies, watch=watch)
    )
    yield office.provider
    office.provider = before


def adds_mailbox(*, command: Any, state_after: Any, **_: Any) -> Any:
    return (
        Add(AddItem(subscription=state_after.id, service="mailbox"))
        if isinstance(command, Subscribe)
        else None
    )


def origins(office: Office, subscription: SubscriptionId) -> list[tuple[str, Origin]]:
    recorded = office.provider.subscription(subscription, actor=ANA).timeline.recorded
    return [(fact.kind, fact.recorded.origin) for fact in recorded]


CORE = Origin()


# --- vetoes


def test_a_veto_refuses_the_command_with_its_code_and_text_and_nothing_is_saved(office: Office) -> None:
    subscription = office.subscribe(office.register())
    before = office.dump()
    policy = Policy(lambda **_: Veto("in-contract", "A contract is running. Ask the back office."))

    with guarded_by(office, policy), pytest.raises(VetoedError) as refused:
        office.do(Suspend(subscription=subscription))

    assert (refused.value.rule, str(refused.value)) == (
        "in-contract",
        "A contract is running. Ask the back office.",
    )
    assert refused.value.plugin == "frugal"
    assert office.dump() == before


@pytest.mark.parametrize(
    "command",
    [
        lambda customer, _: Subscribe(customer=customer, plan="adsl", status="enabled"),
        lambda _, subscription: Cancel(subscription=subscription, reason="moved"),
        lambda _, subscription: ChangePlan(subscription=subscription, plan="fibre"),
        lambda customer, _: ChangeCustomer(customer=customer, details={"name": "Ana Lima"}),
        lambda customer, _: SaveAddress(customer=customer, address=address("shop", "Londrina")),
    ],
)
def test_every_command_to_a_subscription_or_customer_is_reviewed(office: Office, command: Any) -> None:
    customer = office.register()
    subscription = office.subscribe(customer)
    before = office.dump("numbers")

    with guarded_by(office, Policy(lambda **_: Veto("no", "No."))) as provider, pytest.raises(VetoedError):
        provider.do(command(customer, subscription), actor=ANA)

    assert office.dump("numbers") == before


def test_a_registration_is_reviewed(office: Office) -> None:
    with guarded_by(office, Policy(lambda **_: Veto("no", "No."))), pytest.raises(VetoedError):
        office.register()


def test_a_policy_sees_the_command_the_facts_and_the_states_of_its_day(office: Office) -> None:
    subscription = office.subscribe(office.register())
    policy = Policy()

    with guarded_by(office, policy):
        recorded = office.do(Suspend(subscription=subscription), today=LEAP_DAY)

    (asked,) = policy.asked
    assert asked["command"] == Suspend(subscription=subscription)
    assert asked["facts"] == recorded.facts
    assert [asked[name].status.code for name in ("state_before", "state_after")] == ["enabled", "suspended"]
    assert asked["on"] == LEAP_DAY


def test_what_a_command_opens_has_no_state_before(office: Office) -> None:
    customer = office.register()
    policy = Policy()

    with guarded_by(office, policy):
        subscription = office.subscribe(customer)

    (asked,) = policy.asked
    assert (asked["state_before"], asked["state_after"].id) == (None, subscription)


def test_a_policy_sees_no_personal_values_of_a_customer(office: Office) -> None:
    policy = Policy()

    with guarded_by(office, policy):
        customer = office.register("Ana Souza")

    assert policy.asked[0]["state_after"].id == customer
    assert "Souza" not in repr((policy.asked[0]["facts"], policy.asked[0]["state_after"]))


def test_policies_are_asked_in_the_order_of_their_names_and_the_first_veto_is_told(office: Office) -> None:
    customer = office.register()
    policies = [Policy(lambda **_: Veto("no", "No."), name) for name in ("zeta", "alpha")]

    with guarded_by(office, *policies), pytest.raises(VetoedError) as refused:
        office.subscribe(customer)

    assert refused.value.plugin == "alpha"


def test_payments_are_not_reviewed(office: Office) -> None:
    customer = office.register()
    policy = Policy(lambda **_: Veto("no", "No."))

    with guarded_by(office, policy):
        office.pay(customer, "10.00", company="net")

    assert policy.asked == []


# --- rehearsals and bulk runs


def test_a_rehearsal_is_reviewed_too(office: Office) -> None:
    subscription = office.subscribe(office.register())
    command = Suspend(subscription=subscription)

    with (
        guarded_by(office, Policy(lambda **_: Veto("no", "No."))) as provider,
        pytest.raises(VetoedError),
    ):
        provider.try_out(command, actor=ANA, closing_on=LEAP_DAY)


@pytest.mark.parametrize("dry_run", [False, True])
def test_in_a_bulk_run_a_veto_refuses_its_item_alone(office: Office, dry_run: bool) -> None:
    one, other = office.subscribe(office.register("A")), office.subscribe(office.register("B"))

    def say(*, command: Any, **_: Any) -> Any:
        return Veto("no", "No.") if command.subscription == one else None

    with guarded_by(office, Policy(say)) as provider:
        items = [Suspend(subscription=one), Suspend(subscription=other)]
        outcomes = list(provider.do_many(items, actor=ANA, dry_run=dry_run))

    assert [isinstance(outcome.error, VetoedError) for outcome in outcomes] == [True, False]
    assert outcomes[1].recorded


# --- additions


def test_what_a_policy_adds_is_a_fact_with_its_plugin_and_version(office: Office) -> None:
    customer = office.register()

    with guarded_by(office, Policy(adds_mailbox, "frugal", "1.4")):
        subscription = office.subscribe(customer, "fibre")

    assert origins(office, subscription) == [("Subscribed", CORE), ("ItemAdded", Origin("frugal", "1.4"))]


def test_the_history_tells_which_plugin_added_something(office: Office) -> None:
    customer = office.register()
    with guarded_by(office, Policy(adds_mailbox, "frugal", "1.4")):
        subscription = office.subscribe(customer, "fibre")

    entries = office.provider.history(SubjectKind.SUBSCRIPTION, subscription, actor=ANA)

    assert [(entry.kind, entry.actor, entry.plugin) for entry in entries] == [
        ("Subscribed", "ana", None),
        ("ItemAdded", "ana", "frugal 1.4"),
    ]


def test_an_upgrade_of_the_plugin_never_bills_again(office: Office) -> None:
    customer = office.register()
    with guarded_by(office, Policy(adds_mailbox, version="1")):
        subscription = office.subscribe(customer, "fibre")
        office.close(LEAP_DAY)
    issued = office.charges(subscription)

    with guarded_by(office, Policy(adds_mailbox, version="2")) as provider:
        again = list(provider.preview(LEAP_DAY, actor=ANA))
        office.do(ChangePrice(subscription=subscription, price=brl("130.00"), on=date(2012, 3, 1)))

    assert [closing.entries for closing in again] == [()]
    assert office.charges(subscription) == issued
    assert [kind for kind, _ in origins(office, subscription)].count("ItemAdded") == 1
    assert office.findings() == []


def test_an_addition_is_billed_like_any_item(office: Office) -> None:
    customer = office.register()
    with guarded_by(office, Policy(adds_mailbox)):
        subscription = office.subscribe(customer, "fibre")

    office.close(LEAP_DAY)

    assert {charge.key.item for charge in office.charges(subscription)} == {"plan", "mailbox"}


def test_the_person_who_acts_needs_no_permission_for_what_a_policy_adds(office: Office) -> None:
    customer = office.register()
    seller = Actor("rui", {"subscription.open"})
    command = Subscribe(customer=customer, plan="fibre", status="enabled", charge_method="slip", due_day=10)

    with guarded_by(office, Policy(adds_mailbox)):
        recorded = office.do(command, actor=seller)

    assert [fact.kind for fact in recorded.facts] == ["Subscribed", "ItemAdded"]
    assert {fact.recorded.actor for fact in recorded.facts} == {"rui"}


def test_several_additions_of_several_policies_are_decided_one_after_the_other(office: Office) -> None:
    customer = office.register()

    def twice(*, command: Any, state_after: Any, **_: Any) -> Any:
        number = state_after.id
        return [
            Add(AddItem(subscription=number, service="mailbox")),
            Add(ChangeDiscount(subscription=number, discount=Discount(amount=brl("5.00")))),
        ]

    with guarded_by(office, Policy(twice, "a"), Policy(adds_mailbox, "b")):
        subscription = office.subscribe(customer, "fibre")

    assert [(kind, origin.name) for kind, origin in origins(office, subscription)] == [
        ("Subscribed", "core"),
        ("ItemAdded", "a"),
        ("DiscountChanged", "a"),
        ("ItemAdded", "b"),
    ]


def test_an_addition_may_go_to_the_successor_that_a_change_of_plan_opens(office: Office) -> None:
    subscription = office.subscribe(office.register())

    def say(*, facts: Any, **_: Any) -> Any:
        successor = next(fact.payload.successor for fact in facts if fact.kind == "PlanChanged")
        return Add(AddItem(subscription=successor, service="mailbox"))

    with guarded_by(office, Policy(say)):
        recorded = office.do(ChangePlan(subscription=subscription, plan="fibre"), today=LEAP_DAY)

    assert recorded.successor is not None
    assert [kind for kind, _ in origins(office, recorded.successor)] == ["Subscribed", "ItemAdded"]
    assert [kind for kind, _ in origins(office, subscription)] == ["Subscribed", "PlanChanged"]


def test_a_hold_that_a_policy_lays_takes_effect(office: Office) -> None:
    subscription = office.subscribe(office.register(), "fibre")

    with guarded_by(office, Policy(lambda **_: Add(Block(subscription=subscription)))):
        office.do(AddItem(subscription=subscription, service="mailbox"))

    assert [
        hold.kind.value for hold in office.provider.subscription(subscription, actor=ANA).timeline.last.holds
    ] == ["blocked"]


def test_additions_are_not_reviewed_again(office: Office) -> None:
    customer = office.register()
    policy = Policy(adds_mailbox)

    with guarded_by(office, policy):
        office.subscribe(customer, "fibre")

    assert len(policy.asked) == 1


def test_a_command_that_only_some_policies_add_to_is_vetoed_whole(office: Office) -> None:
    customer = office.register()
    before = office.dump("numbers")

    with (
        guarded_by(office, Policy(adds_mailbox, "a"), Policy(lambda **_: Veto("no", "No."), "b")),
        pytest.raises(VetoedError),
    ):
        office.subscribe(customer, "fibre")

    assert office.dump("numbers") == before


def test_only_what_is_on_the_list_can_be_added() -> None:
    with pytest.raises(InvalidValueError, match=r"A policy cannot add Cancel\. It may add: AddItem, Block"):
        Add(Cancel(subscription=SubscriptionId(1), reason="moved"))  # type: ignore[arg-type]


def test_an_addition_has_no_note_of_its_own() -> None:
    with pytest.raises(InvalidValueError, match="no note"):
        Add(Block(subscription=SubscriptionId(1), note="Ana asked for it"))


@pytest.mark.parametrize(("code", "text"), [("No way", "No."), ("no", " ")])
def test_a_veto_has_a_code_and_says_why(code: str, text: str) -> None:
    with pytest.raises(InvalidValueError):
        Veto(code, text)


# --- policies that fail


@pytest.mark.parametrize(
    ("say", "why"),
    [
        (lambda **_: 1 // 0, "ZeroDivisionError"),
        (lambda **_: exec("raise SystemExit(3)"), "SystemExit"),
        (lambda **_: "yes", "it returned str, not a Veto, an Add, several or None"),
        (lambda **_: [Veto("no", "No.")], "it returned list"),
        (lambda **_: Add(Block(subscription=SubscriptionId(999))), "it adds to subscription 999"),
        (lambda **_: Add(AddItem(subscription=SubscriptionId(1), service="pool")), "what it adds is refused"),
    ],
)
def test_a_policy_that_fails_stops_the_command_and_is_named(office: Office, say: Any, why: str) -> None:
    subscription = office.subscribe(office.register())
    before = office.dump()

    with guarded_by(office, Policy(say, "frugal", "1.4")), pytest.raises(PolicyFailedError) as refused:
        office.do(Suspend(subscription=subscription))

    assert why in str(refused.value)
    assert "The policy of plugin 'frugal' (this program 1.4) failed" in str(refused.value)
    assert (refused.value.plugin, refused.value.version) == ("frugal", "1.4")
    assert office.dump() == before


def test_nothing_can_be_added_to_a_customer(office: Office) -> None:
    policy = Policy(lambda **_: Add(Block(subscription=SubscriptionId(1))))

    with guarded_by(office, policy), pytest.raises(PolicyFailedError, match="it adds to a customer"):
        office.register()


def test_a_slow_policy_is_kept_as_a_finding(office: Office) -> None:
    clock = [0.0]
    watch = Watch(limit_seconds=1.0, now=lambda: clock[0])
    slow_one = Policy(lambda **_: clock.__setitem__(0, 2.5))

    with guarded_by(office, slow_one, watch=watch) as provider:
        office.register()
        (slow,) = provider.plugins.watch.slow()
        findings = [str(finding) for finding in provider.plugin_desk.diagnose(actor=ANA)]

    assert (slow.plugin, slow.what, slow.seconds) == ("frugal", "ispcore_review_command", 2.5)
    assert findings == ["plugin frugal: ispcore_review_command took 2.5 s. [slow]"]


def test_a_policy_that_does_not_come_back_is_named_while_it_hangs(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    def hang(**_: Any) -> None:
        for _attempt in range(500):
            if caplog.records:
                return
            time.sleep(0.01)

    with guarded_by(office, Policy(hang), watch=Watch(limit_seconds=0.02)):
        office.register()

    (record,) = caplog.records[:1]
    assert "Plugin 'frugal' has not come back from ispcore_review_command" in record.getMessage()
    assert ", in hang" in record.getMessage()


# --- policies that the database names


def test_without_a_policy_that_the_database_names_no_command_is_carried_out(office: Office) -> None:
    customer = office.register()
    with guarded_by(office, Policy()) as provider:
        provider.plugin_desk.guard("frugal", actor=ANA)
    unguarded = Provider(office.database, clock=office.clock)

    with pytest.raises(PolicyFailedError, match="names the policy of plugin 'frugal', which is not there"):
        unguarded.do(Subscribe(customer=customer, plan="adsl", charge_method="slip", due_day=10), actor=ANA)

    (finding,) = unguarded.plugin_desk.diagnose(actor=ANA)
    assert (finding.subject, finding.rule) == ("plugin frugal", "policy")
    assert "which is not loaded: no command is carried out" in finding.message
    assert "'ispcore plugins release frugal'" in finding.message


def test_with_the_policy_that_the_database_names_commands_are_carried_out(office: Office) -> None:
    policy = Policy()
    with guarded_by(office, policy) as provider:
        provider.plugin_desk.guard("frugal", actor=ANA)
        office.register()

    assert len(policy.asked) == 1


def test_releasing_a_policy_is_enough_to_go_on(office: Office) -> None:
    with guarded_by(office, Policy()) as provider:
        provider.plugin_desk.guard("frugal", actor=ANA)
    with guarded_by(office) as provider:
        with pytest.raises(PolicyFailedError):
            office.register()
        provider.plugin_desk.release("frugal", actor=ANA)

        assert office.register()


def test_a_policy_that_is_not_loaded_cannot_be_named(office: Office) -> None:
    with pytest.raises(Exception, match="'frugal' cannot guard: no policy of it is loaded"):
        office.provider.plugin_desk.guard("frugal", actor=ANA)


def test_what_guards_a_database_is_read_once(office: Office) -> None:
    import sqlalchemy as sa

    seen: list[str] = []
    sa.event.listen(
        office.database._engine,
        "before_cursor_execute",
        lambda _, __, statement, *___: seen.append(statement),
    )

    with guarded_by(office, Policy()):
        office.register("A")
        office.register("B")

    assert len([statement for statement in seen if "FROM guards" in statement]) == 1


def test_hooks_nested_in_hooks_work(office: Office) -> None:
    """A policy asks another program's books about a command, whose policy is asked about it in turn."""
    inner = Policy(name="inner")

    def ask_elsewhere(*, command: Any, **_: Any) -> Any:
        with open_another() as other:
            other.register("Inner")
        return Veto("seen", f"seen {len(inner.asked)} times")

    @contextmanager
    def open_another() -> Iterator[Office]:
        from tests.providers import open_office

        with open_office() as other, guarded_by(other, inner):
            yield other

    outer = Policy(ask_elsewhere, "outer")

    with guarded_by(office, outer), pytest.raises(VetoedError, match="seen 1 times"):
        office.register("Outer")

    assert outer.asked[0]["command"].details.name == "Outer"
    assert inner.asked[0]["command"].details.name == "Inner"
