"""How late payers are treated is written in the catalogue, and what cannot be meant is told at its place."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from ispcore.catalog import (
    Anchor,
    DayBasis,
    LateAction,
    LateCharges,
    LatePolicy,
    LateScope,
    Stage,
    read_catalogue,
)
from ispcore.errors import DocumentError
from ispcore.values import Money

DOCUMENT: dict[str, Any] = {
    "currency": "BRL",
    "notices": {"templates": {"debt": {"subject": "Your debt", "text": "{amount} is open."}}},
    "late": {
        "standard": {
            "scope": "customer",
            "restore_days": 1,
            "least": "5.00",
            "charges": {"fine_percent": "2", "interest_percent": "1", "day_basis": "actual"},
            "stages": [
                {"code": "notice", "action": "notify", "days": 1, "template": "debt"},
                {"code": "block", "action": "block", "days": 15, "anchor": "notice", "after": "notice"},
            ],
        },
        "dated": {
            "versions": [
                {"from": date(2026, 3, 1), "charges": {"fine_percent": "10"}},
                {"from": date(2025, 1, 1), "charges": {"fine_percent": "2"}},
            ]
        },
    },
}


@pytest.mark.covers("S3-064", "S3-065")
def test_a_policy_says_what_is_charged_and_which_stages_follow() -> None:
    policy = read_catalogue(DOCUMENT).late_policy("standard", date(2026, 1, 1))

    assert policy == LatePolicy(
        charges=LateCharges(Decimal(2), Decimal(1), DayBasis.ACTUAL),
        stages=(
            Stage("notice", LateAction.NOTIFY, 1, template="debt"),
            Stage("block", LateAction.BLOCK, 15, Anchor.NOTICE, after="notice"),
        ),
        scope=LateScope.CUSTOMER,
        restore_days=1,
        least=Money.of("5.00", "BRL"),
    )


@pytest.mark.parametrize(
    ("day", "fine"), [(date(2024, 1, 1), 2), (date(2026, 2, 28), 2), (date(2026, 3, 1), 10)]
)
def test_the_version_in_force_on_the_day_holds(day: date, fine: int) -> None:
    assert read_catalogue(DOCUMENT).late_policy("dated", day).charges.fine_percent == fine


def test_a_plan_without_a_late_policy_of_its_own_has_the_standard_one_or_none() -> None:
    catalogue = read_catalogue(DOCUMENT)

    assert catalogue.late_policy_of("unknown", date(2026, 1, 1)).restore_days == 1
    assert read_catalogue({"currency": "BRL"}).late_policy_of(None, date(2026, 1, 1)) == LatePolicy()


@pytest.mark.parametrize(
    ("policy", "problem"),
    [
        (
            {"charges": {"fine_percent": "101"}},
            "late.x.charges.fine_percent: '101' is not between 0 and 100.",
        ),
        (
            {"stages": [{"code": "a", "action": "shout", "days": 1, "notice": "gone"}]},
            "late.x.stages[0].action: 'shout' is not known here.",
        ),
        ({"versions": []}, "late.x.versions: A policy needs a version."),
        (
            {"versions": [{"from": date(2026, 1, 1)}, {"from": date(2026, 1, 1)}]},
            "late.x.versions[1].from: Another version is from 2026-01-01 too.",
        ),
        (
            {"stages": [{"code": "a", "action": "block", "days": 1}] * 2},
            "late.x.stages[1].code: Another stage is called 'a' too.",
        ),
        (
            {"stages": [{"code": "a", "action": "block", "days": 1, "anchor": "notice"}]},
            "late.x.stages[0].after: A stage that is counted from a notice or a stage names it",
        ),
        (
            {"stages": [{"code": "a", "action": "block", "days": 1, "notice": "b"}]},
            "late.x.stages[0].notice: There is no earlier stage 'b'.",
        ),
        (
            {
                "stages": [
                    {"code": "a", "action": "block", "days": 1},
                    {"code": "b", "action": "block", "days": 1, "notice": "a"},
                ]
            },
            "late.x.stages[1]: The stage 'a' tells nobody anything.",
        ),
    ],
)
def test_a_policy_that_nobody_can_mean_is_told_at_its_place(policy: dict[str, Any], problem: str) -> None:
    with pytest.raises(DocumentError) as caught:
        read_catalogue({"currency": "BRL", "late": {"x": policy}})

    assert problem in str(caught.value)


def test_a_plan_names_a_late_policy_that_there_is() -> None:
    with pytest.raises(DocumentError, match="late policy 'gone'"):
        read_catalogue(
            {"currency": "BRL", "plans": {"p": {"name": "P", "policy": "standard", "late": "gone"}}}
        )
