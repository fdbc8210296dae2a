"""How a subscription's slips are made is a term of its own, from a command on."""

from datetime import date

import pytest

from ispcore.errors import InvalidValueError, RefusedError
from ispcore.plans import ChangePlan, Gathering, SetSlipTerms, SlipTerms
from tests.catalogues import START, SUBSCRIPTION, do, march, moved, subscribed

APART = SlipTerms(unified_from=date(2012, 3, 1), in_mass=False, gathers=Gathering())


def command(slips: SlipTerms, on: date = START) -> SetSlipTerms:
    return SetSlipTerms(subscription=SUBSCRIPTION, slips=slips, on=on)


def test_slips_are_plain_until_a_command_says_otherwise() -> None:
    before = subscribed()

    after = do(before, command(APART), START)

    assert (before.last.terms.slips, after.last.terms.slips) == (None, APART)


def test_terms_that_hold_already_are_refused() -> None:
    with pytest.raises(RefusedError, match="are made so already"):
        do(subscribed(), command(SlipTerms()), START)


def test_they_go_along_to_another_plan() -> None:
    timeline = do(subscribed(), command(APART), START)

    _, successor = moved(timeline, ChangePlan(subscription=SUBSCRIPTION, plan="fibre"), march(5))

    assert successor.last.terms.slips == APART


def test_another_type_is_refused() -> None:
    with pytest.raises(InvalidValueError, match=r"SetSlipTerms\.slips"):
        SetSlipTerms(subscription=SUBSCRIPTION, slips="apart")  # type: ignore[arg-type] # as callers do
