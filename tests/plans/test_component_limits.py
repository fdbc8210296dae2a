"""What a plan includes and what its services grant: how many components of each kind there may be."""

from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ispcore.driver import FtpUser, IpAssignment, Spec, VoiceTerminal
from ispcore.errors import NotFoundError, NotPermittedError, RefusedError
from ispcore.plans import (
    AddComponent,
    AddItem,
    Cancel,
    EndItem,
    RemoveComponent,
    Resume,
    Retract,
    SubscriptionCommand,
    Suspend,
    Timeline,
    WithdrawCancellation,
)
from ispcore.plans.allowances import allowance
from ispcore.plans.facts import ComponentAdded, ItemAdded
from ispcore.timeline import Actor
from ispcore.values import ComponentId, ItemId
from tests.catalogues import START, SUBSCRIPTION, catalogue, do, march, subscribed
from tests.components import CARRYING, HER_ONU, ONE, SECTIONS, add, box, carried, names

MORE = ItemId("mailbox")
GIVEN: Any = {"subscription": st.just(SUBSCRIPTION)}


def with_service(timeline: Timeline, on: date = START, service: str = "mailbox") -> Timeline:
    return do(timeline, AddItem(**ONE, service=service, on=on), START, catalogue=CARRYING)


def without_service(timeline: Timeline, on: date = START, item: str = "mailbox") -> Timeline:
    return do(timeline, EndItem(**ONE, item=ItemId(item), on=on), START, catalogue=CARRYING)


@pytest.mark.covers("S0-076", "S0-077", "S0-157", "S0-179", "S0-193")
@pytest.mark.parametrize(
    "spec", [HER_ONU, VoiceTerminal(number="4333330000"), FtpUser(username="ana"), IpAssignment(name="ana")]
)
def test_a_kind_that_the_plan_does_not_include_is_refused(spec: Spec) -> None:
    with pytest.raises(RefusedError, match="'adsl' does not include any") as refused:
        add(subscribed("adsl"), spec)

    assert refused.value.rule == "component-not-permitted"
    assert refused.value.hint == "Change to a plan that includes it."


@pytest.mark.covers("S0-075", "S0-124")
def test_no_more_than_the_plan_includes_can_be_had() -> None:
    timeline = carried("fibre", box("ana"), box("bia"))

    with pytest.raises(RefusedError, match="gets no further mailbox: it may have 2") as refused:
        add(timeline, box("eva"))

    assert refused.value.rule == "component-limit"
    assert refused.value.hint == "Add an additional service that grants it: mailbox."


def test_a_kind_that_is_included_zero_times_is_sold_by_services() -> None:
    with pytest.raises(RefusedError) as refused:
        add(subscribed("adsl"), box("ana"))

    assert refused.value.rule == "component-limit"
    assert names(add(with_service(subscribed("adsl")), box("ana"))) == ["mailbox"]


def test_a_service_grants_a_kind_that_the_plan_does_not_include() -> None:
    with pytest.raises(RefusedError) as refused:
        add(subscribed("fibre"), FtpUser(username="ana"))

    assert refused.value.rule == "component-not-permitted"
    assert refused.value.hint == "Add an additional service that grants it: antivirus."
    granted = with_service(subscribed("fibre"), service="antivirus")
    assert names(add(granted, FtpUser(username="ana"))) == ["ftp"]


def test_one_that_was_removed_makes_room() -> None:
    timeline = carried("fibre", box("ana"), box("bia"))

    removed = RemoveComponent(**ONE, component=ComponentId("mailbox"))
    timeline = do(timeline, removed, START, catalogue=CARRYING)

    assert names(add(timeline, box("eva"))) == ["mailbox-2", "mailbox-3"]


def test_room_is_looked_for_on_all_later_days() -> None:
    timeline = add(add(subscribed("fibre"), box("ana")), box("bia"), on=march(10), today=march(10))

    with pytest.raises(RefusedError) as refused:
        add(timeline, box("eva"), on=march(5), today=march(10))

    assert refused.value.rule == "component-limit"


def test_a_service_whose_end_is_set_grants_nothing_new() -> None:
    timeline = without_service(with_service(subscribed("adsl")), on=march(31))

    with pytest.raises(RefusedError) as refused:
        add(timeline, box("ana"))

    assert refused.value.rule == "component-limit"


@pytest.mark.parametrize("on", [START, march(31)])
def test_a_service_does_not_end_while_what_it_grants_is_in_use(on: date) -> None:
    timeline = add(with_service(subscribed("adsl")), box("ana"))

    with pytest.raises(RefusedError, match="has the mailbox 'mailbox' by its item 'mailbox'") as refused:
        without_service(timeline, on)

    assert refused.value.rule == "grant-in-use"


def test_a_service_ends_where_enough_remains() -> None:
    timeline = add(with_service(carried("fibre", box("ana"))), box("bia"))

    assert without_service(timeline).last.item(MORE).ends_on == START


def test_a_service_that_grants_something_else_ends_though_there_are_too_many() -> None:
    timeline = with_service(carried("fibre", box("ana"), box("bia")), service="antivirus")
    fibre = {**SECTIONS["plans"]["fibre"], "includes": {"mailbox": 1}}
    fewer = catalogue(**{**SECTIONS, "plans": {**SECTIONS["plans"], "fibre": fibre}})

    ended = do(timeline, EndItem(**ONE, item=ItemId("antivirus")), START, catalogue=fewer)

    assert ended.last.item(ItemId("antivirus")).ends_on == START


def test_adding_a_service_is_not_retracted_while_what_it_grants_is_in_use() -> None:
    timeline = add(with_service(subscribed("adsl")), box("ana"))

    with pytest.raises(RefusedError, match="would have the mailbox 'mailbox' beyond what") as refused:
        do(timeline, Retract(**ONE, fact=2), START, catalogue=CARRYING)

    assert refused.value.rule == "component-limit"


def test_a_service_that_grants_nothing_ends_and_is_retracted_as_before() -> None:
    timeline = do(subscribed("fibre"), AddItem(**ONE, service="visit"), START, catalogue=CARRYING)

    gone = do(timeline, Retract(**ONE, fact=2), START, catalogue=CARRYING)

    assert [item.id for item in gone.last.items] == ["plan"]
    assert without_service(timeline, item="visit").last.item(ItemId("visit")).ends_on == START


def test_a_removal_is_not_retracted_where_its_room_was_taken() -> None:
    timeline = carried("fibre", box("ana"), box("bia"))
    gone = RemoveComponent(**ONE, component=ComponentId("mailbox"), on=march(5))
    timeline = do(timeline, gone, march(5), catalogue=CARRYING)
    taken = add(timeline, box("eva"), on=march(7), today=march(7))

    with pytest.raises(RefusedError) as refused:
        do(taken, Retract(**ONE, fact=4), march(8), catalogue=CARRYING)

    assert refused.value.rule == "component-limit"
    assert names(do(timeline, Retract(**ONE, fact=4), march(8), catalogue=CARRYING)) == [
        "mailbox",
        "mailbox-2",
    ]


def test_a_retraction_is_not_retracted_where_the_room_was_taken() -> None:
    timeline = do(carried("fibre", box("ana"), box("bia")), Retract(**ONE, fact=2), START, catalogue=CARRYING)
    taken = add(timeline, box("eva"), component=ComponentId("eva"))

    with pytest.raises(RefusedError, match="would have the mailbox") as refused:
        do(taken, Retract(**ONE, fact=4), START, catalogue=CARRYING)

    assert refused.value.rule == "component-limit"


def test_an_end_is_not_withdrawn_where_it_would_bring_back_the_end_of_a_service_in_use() -> None:
    timeline = without_service(with_service(subscribed("adsl")), on=march(31))
    ordered = Cancel(**ONE, reason="moved", on=march(20))
    timeline = do(timeline, ordered, START, catalogue=CARRYING)
    used = add(timeline, box("ana"))

    with pytest.raises(RefusedError, match="would have the mailbox 'mailbox' beyond what") as refused:
        do(used, WithdrawCancellation(**ONE), march(1), catalogue=CARRYING)

    assert refused.value.rule == "component-limit"
    assert do(timeline, WithdrawCancellation(**ONE), march(1), catalogue=CARRYING).last.ordered is None


def test_what_was_too_much_before_does_not_hold_up_a_retraction() -> None:
    timeline = do(carried("fibre", box("ana"), box("bia")), Suspend(**ONE), march(1), catalogue=CARRYING)
    fibre = {**SECTIONS["plans"]["fibre"], "includes": {"mailbox": 1}}
    fewer = catalogue(**{**SECTIONS, "plans": {**SECTIONS["plans"], "fibre": fibre}})

    back = do(timeline, Retract(**ONE, fact=4), march(2), catalogue=fewer)

    assert back.last.status.code == "enabled"


# --- properties

DAYS = st.dates(START, march(31))
STEPS: st.SearchStrategy[SubscriptionCommand] = st.one_of(
    st.builds(AddComponent, on=DAYS, spec=st.sampled_from([box(name) for name in "abcd"]), **GIVEN),
    st.builds(
        RemoveComponent,
        on=DAYS,
        component=st.sampled_from(["mailbox", "mailbox-2", "mailbox-3"]),
        **GIVEN,
    ),
    st.builds(AddItem, on=DAYS, service=st.just("mailbox"), **GIVEN),
    st.builds(EndItem, on=DAYS, item=st.sampled_from(["mailbox", "mailbox-2"]), **GIVEN),
    st.builds(Retract, fact=st.integers(2, 8), **GIVEN),
    st.builds(Suspend, on=DAYS, **GIVEN),
    st.builds(Resume, on=DAYS, **GIVEN),
)


@settings(max_examples=100)
@given(st.lists(STEPS, max_size=14))
def test_whatever_is_done_there_is_never_more_than_plan_and_services_give(
    steps: list[SubscriptionCommand],
) -> None:
    timeline = subscribed("fibre")
    for step in steps:
        with suppress(RefusedError, NotFoundError):
            timeline = do(timeline, step, march(31), catalogue=CARRYING)

    for span in timeline.spans:
        state = span.state
        allowed = allowance(state.plan.offer, state.items, CARRYING)
        assert allowed.excess(state.components) == ()
        assert len({one.resource for one in state.components}) == len(state.components)


# --- a service that is added with what it grants


@pytest.mark.covers("S0-123", "S1-025")
def test_a_component_too_many_may_bring_the_service_that_grants_it() -> None:
    timeline = carried("fibre", box("ana"), box("bia"))

    after = do(
        timeline,
        AddComponent(**ONE, spec=box("eva"), service="mailbox"),
        START,
        catalogue=CARRYING,
    )

    new = [type(fact.payload) for fact in after.recorded[len(timeline.recorded) :]]
    assert new == [ItemAdded, ComponentAdded]
    assert after.last.item(MORE).price == CARRYING.services["mailbox"].versions[0].price


def test_a_service_is_not_added_where_there_is_room_without_it() -> None:
    timeline = carried("fibre", box("ana"))

    after = do(timeline, AddComponent(**ONE, spec=box("eva"), service="mailbox"), START, catalogue=CARRYING)

    assert [item.id for item in after.last.items] == ["plan"]


def test_a_service_that_grants_something_else_makes_no_room() -> None:
    timeline = carried("fibre", box("ana"), box("bia"))

    with pytest.raises(RefusedError) as refused:
        do(timeline, AddComponent(**ONE, spec=box("eva"), service="antivirus"), START, catalogue=CARRYING)

    assert refused.value.rule == "component-limit"


def test_who_may_add_no_service_adds_none_with_a_component() -> None:
    timeline = carried("fibre", box("ana"), box("bia"))
    clerk = Actor("clerk", {"component.add"})

    with pytest.raises(NotPermittedError) as refused:
        do(
            timeline,
            AddComponent(**ONE, spec=box("eva"), service="mailbox"),
            START,
            catalogue=CARRYING,
            actor=clerk,
        )

    assert refused.value.permission == "subscription.item"
