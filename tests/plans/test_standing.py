"""The eight states of a contract, read off status and holds."""

from typing import Any

import pytest

from ispcore.plans import (
    Block,
    Cancel,
    Exempt,
    HoldCause,
    Pause,
    Reduce,
    Resume,
    Standing,
    Suspend,
    Unblock,
    Unpause,
    standing,
)
from tests.catalogues import SUBSCRIPTION, catalogue, do, march, setting, subscribed

ONE: Any = {"subscription": SUBSCRIPTION}
LATE: Any = {**ONE, "cause": HoldCause.AUTOMATIC}
ABUSE: Any = {**ONE, "cause": HoldCause.ABUSE}
CONTRACTS = catalogue(use_statuses="contract", policies={"trial-status": {}})


def stands_after(*commands: Any, status: str = "enabled") -> Standing:
    life = subscribed(status=status, at=setting(catalogue=CONTRACTS))
    for day, command in enumerate(commands, start=1):
        life = do(life, command, march(day), catalogue=CONTRACTS)
    return standing(life.last)


@pytest.mark.covers("S3-003")
@pytest.mark.parametrize(
    ("commands", "expected"),
    [
        ([], "Ativo"),
        ([Block(**LATE)], "Bloqueado automático"),
        ([Block(**ONE)], "Bloqueado manual"),
        ([Reduce(**LATE)], "Reduzido automático"),
        ([Reduce(**ONE)], "Reduzido manual"),
        ([Suspend(**ONE)], "Desativado"),
        ([Pause(**ONE)], "Desativado"),
        ([Cancel(**ONE, reason="moved")], "Cancelado"),
        ([Suspend(**ONE), Resume(**ONE)], "Ativo"),
    ],
)
def test_status_and_holds_together_make_the_eight_states_of_a_contract(
    commands: list[Any], expected: str
) -> None:
    assert stands_after(*commands).description == expected


@pytest.mark.covers("S3-003")
def test_a_contract_begins_registered_in_advance() -> None:
    assert stands_after(status="pre_registration").description == "Pré-Cadastro"


def test_what_a_payment_does_not_lift_is_by_hand() -> None:
    assert stands_after(Block(**LATE), Block(**ABUSE)) is Standing.BLOCKED_MANUAL
    assert stands_after(Block(**LATE), Block(**ONE), Unblock(**ONE)) is Standing.BLOCKED_AUTOMATIC


def test_the_hold_that_takes_most_names_the_state_and_lifting_it_shows_the_next() -> None:
    held = [Reduce(**ONE), Block(**LATE), Pause(**ONE)]

    assert stands_after(*held) is Standing.DEACTIVATED
    assert stands_after(*held, Unpause(**ONE)) is Standing.BLOCKED_AUTOMATIC
    assert stands_after(*held, Unpause(**ONE), Unblock(**LATE)) is Standing.REDUCED_MANUAL


def test_who_is_served_without_a_charge_is_active() -> None:
    assert stands_after(Exempt(**ONE, until=march(20))) is Standing.ACTIVE


def test_the_same_holds_stand_over_the_other_list_too() -> None:
    life = do(subscribed(), Block(**LATE), march(1))

    assert standing(life.last) is Standing.BLOCKED_AUTOMATIC
    assert {one.value for one in Standing} == {one.name.lower() for one in Standing}
    assert len(Standing) == 8
