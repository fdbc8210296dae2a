"""Equipment is collected once it is carried no more, and once only; also after the end."""

from datetime import date
from typing import Any

import pytest

from ispcore.driver import Onu
from ispcore.errors import NotFoundError, RefusedError
from ispcore.plans import (
    AddComponent,
    Cancel,
    ChangeComponent,
    ChangePlan,
    CollectEquipment,
    Delete,
    EquipmentCollected,
    RemoveComponent,
    Retract,
    Timeline,
)
from tests.catalogues import do, march, moved
from tests.components import ANA, CARRYING, HER_ONU, ONE, ONU, carried

SERIAL = HER_ONU.serial
FIRST, SECOND = march(1), march(2)


def after(timeline: Timeline, command: Any, on: date = FIRST, **more: Any) -> Timeline:
    return do(timeline, command(**ONE, **more), on, catalogue=CARRYING)


def collected(timeline: Timeline, on: date = SECOND, serial: str = SERIAL) -> Timeline:
    return after(timeline, CollectEquipment, on, serial=serial)


def removed() -> Timeline:
    return after(carried("fibre", HER_ONU), RemoveComponent, component=ONU)


def test_what_came_back_is_recorded_and_changes_nothing_else() -> None:
    before = removed()

    timeline = collected(before, serial=SERIAL.lower())

    assert timeline.facts[-1].payload == EquipmentCollected(SERIAL)
    assert timeline.last == before.last


def test_what_is_carried_is_not_collected() -> None:
    with pytest.raises(RefusedError, match=f"carries '{SERIAL}' still") as refused:
        collected(carried("fibre", HER_ONU))

    assert refused.value.rule == "still-carried"


def test_what_was_never_carried_is_not_there() -> None:
    with pytest.raises(NotFoundError, match="There is no ONU of this subscription 'ZTEG1'"):
        collected(removed(), serial="ZTEG1")
    with pytest.raises(NotFoundError):
        collected(carried("fibre", ANA), serial="ana")


def test_it_comes_back_once_until_it_is_carried_again() -> None:
    with pytest.raises(RefusedError, match="came back on 2012-03-02 already") as refused:
        collected(collected(removed()), march(3))
    again = after(collected(removed()), AddComponent, march(3), spec=HER_ONU)
    gone = after(again, RemoveComponent, march(4), component=again.last.components[0].id)

    assert refused.value.rule == "nothing"
    assert collected(gone, march(5)).facts[-1].payload == EquipmentCollected(SERIAL)


def test_it_comes_back_after_the_end_too_and_from_what_was_deleted() -> None:
    cancelled = after(carried("fibre", HER_ONU), Cancel, reason="moved")
    deleted = after(carried("fibre", HER_ONU), Delete, note="opened twice")

    for ended in (cancelled, deleted):
        assert collected(ended).facts[-1].payload == EquipmentCollected(SERIAL)


def test_an_end_that_is_dated_back_leaves_it_alone() -> None:
    timeline = collected(removed(), march(9))

    ended = do(timeline, Cancel(**ONE, on=march(5), reason="moved"), march(10), catalogue=CARRYING)

    assert EquipmentCollected(SERIAL) in [fact.payload for fact in ended.facts]


def test_what_went_along_with_another_plan_is_collected_from_the_successor() -> None:
    before, _ = moved(
        carried("fibre", HER_ONU), ChangePlan(**ONE, plan="fibre-600"), march(1), catalogue=CARRYING
    )

    with pytest.raises(RefusedError) as refused:
        collected(before)

    assert (refused.value.rule, refused.value.hint) == ("still-carried", "See the subscription that goes on.")


def test_what_was_said_in_error_is_retracted_and_said_again() -> None:
    timeline = collected(removed())

    retracted = after(timeline, Retract, march(3), fact=timeline.last_sequence)

    assert collected(retracted, march(4)).facts[-1].effective_on == march(4)


def test_an_onu_that_came_by_an_exchange_is_collected_too() -> None:
    timeline = after(
        carried("fibre", HER_ONU), ChangeComponent, component=ONU, spec=Onu(serial="WXYZ00000001")
    )

    assert collected(timeline).facts[-1].payload == EquipmentCollected(SERIAL)
    with pytest.raises(RefusedError, match="carries 'WXYZ00000001' still"):
        collected(timeline, serial="WXYZ00000001")
