"""What a plan includes and what its services grant: how many components of each kind there may be."""

from datetime import date

import pytest

from ispcore.driver import FtpUser, IpAssignment, Spec, VoiceTerminal
from ispcore.errors import RefusedError
from ispcore.plans import AddItem, EndItem, RemoveComponent, Retract, Timeline
from ispcore.values import ComponentId, ItemId
from tests.catalogues import START, catalogue, do, march, subscribed
from tests.components import CARRYING, HER_ONU, ONE, SECTIONS, add, box, carried, names

MORE = ItemId("mailbox")


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

    with pytest.raises(RefusedError) as refused:
        do(timeline, Retract(**ONE, fact=2), START, catalogue=CARRYING)

    assert refused.value.rule == "grant-in-use"


def test_a_service_that_grants_nothing_ends_and_is_retracted_as_before() -> None:
    timeline = do(subscribed("fibre"), AddItem(**ONE, service="visit"), START, catalogue=CARRYING)

    gone = do(timeline, Retract(**ONE, fact=2), START, catalogue=CARRYING)

    assert [item.id for item in gone.last.items] == ["plan"]
