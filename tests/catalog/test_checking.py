from typing import Any

import pytest

from ispcore.catalog import read_catalogue
from ispcore.errors import DocumentError
from tests.catalog.sample import problems, sample

PLAYERS = {"initial": "begin", "enabled": "on", "suspended": "off", "cancelled": "end"}
BASE = {
    "begin": {"bucket": "pending", "bills": False, "serves": "off", "role": "initial"},
    "on": {"bucket": "active", "bills": True, "serves": "full", "role": "enabled"},
    "off": {"bucket": "inactive", "bills": False, "serves": "off", "role": "suspended"},
    "end": {"bucket": "cancelled", "bills": False, "serves": "removed", "role": "cancelled"},
}


def status_problems(**changes: dict[str, Any]) -> list[str]:
    """Return the problems of a list of four statuses, with keys changed or statuses added."""
    plain = {"bucket": "active", "bills": False, "serves": "full"}
    statuses = {
        code: {"description": code, **BASE.get(code, plain), **changes.get(code, {})}
        for code in BASE | changes
    }
    try:
        read_catalogue({"currency": "BRL", "use_statuses": "none", "statuses": statuses})
    except DocumentError as error:
        return [str(problem) for problem in error.problems]
    return []


def test_a_list_with_a_status_for_each_role_is_good() -> None:
    assert status_problems() == []


def test_a_timed_status_leads_to_the_next() -> None:
    assert status_problems(begin={"may_change_by_hand": False, "days": 3, "next": "on"}) == []


@pytest.mark.parametrize("role", PLAYERS)
def test_each_role_needs_a_status(role: str) -> None:
    other = next(other for other in PLAYERS if other != role)

    found = status_problems(**{PLAYERS[role]: {"role": other}})

    assert any(problem.startswith(f"statuses: No status has the role '{role}'.") for problem in found)


def test_a_role_is_played_once() -> None:
    assert status_problems(second={"role": "suspended"}) == [
        "statuses.second.role: The status 'off' has the role 'suspended' already. One status has it."
    ]


def test_missing_roles_are_not_told_while_a_status_cannot_be_read() -> None:
    assert status_problems(on={"bills": "yes"}) == ["statuses.on.bills: 'yes' is not true or false."]


@pytest.mark.parametrize(
    ("code", "change", "problem"),
    [
        ("on", {"bucket": "pending"}, "bucket: The role 'enabled' needs the bucket 'active'."),
        ("on", {"bills": False}, "bills: The role 'enabled' needs a status that bills."),
        ("end", {"bucket": "inactive"}, "bucket: The role 'cancelled' needs the bucket 'cancelled'."),
        ("end", {"bills": True}, "bills: A cancelled subscription is not billed."),
        ("other", {"bucket": "cancelled", "bills": True}, "bills: A cancelled subscription is not billed."),
        ("end", {"days": 3, "next": "off"}, "next: Nothing follows a cancellation."),
    ],
)  # fmt: skip
def test_a_role_or_a_bucket_says_what_a_status_must_do(
    code: str, change: dict[str, Any], problem: str
) -> None:
    assert status_problems(**{code: change}) == [f"statuses.{code}.{problem}"]


def test_a_loop_of_timed_statuses_is_named() -> None:
    found = status_problems(
        a={"days": 1, "next": "b"}, b={"days": 1, "next": "c"}, c={"days": 1, "next": "b"}
    )

    assert found == ["statuses.b.next: The timed statuses run in a loop: b -> c -> b. Let one end."]


def test_a_status_that_follows_itself_is_a_loop() -> None:
    assert status_problems(a={"days": 1, "next": "a"}) == [
        "statuses.a.next: The timed statuses run in a loop: a -> a. Let one end."
    ]


def test_a_status_that_can_never_be_left_is_a_dead_end() -> None:
    assert status_problems(stuck={"may_change_by_hand": False}) == [
        (
            "statuses.stuck: A dead end: a subscription could never leave this status. "
            "Let it be changed by hand, or give it 'days' and 'next'."
        )
    ]


@pytest.mark.parametrize("code", ["on", "end"])
def test_the_enabled_and_the_cancelled_status_are_no_dead_ends(code: str) -> None:
    assert status_problems(**{code: {"may_change_by_hand": False}}) == []


def test_the_initial_status_must_lead_to_the_enabled_one() -> None:
    found = status_problems(
        begin={"may_change_by_hand": False, "days": 3, "next": "end"}, end={"may_change_by_hand": False}
    )

    assert found == [
        (
            "statuses.begin: There is no way from the role 'initial' to the role 'enabled'. "
            "Let it be changed by hand, or let a status that leads to 'enabled' follow."
        )
    ]


def test_many_timed_statuses_in_a_row_are_refused() -> None:
    row: dict[str, dict[str, Any]] = {f"s{n}": {"days": 1, "next": f"s{n + 1}"} for n in range(20)}

    assert status_problems(**row, s20={}) == [
        "statuses.s0.next: More than 20 timed statuses follow each other. Let one of them be left by hand."
    ]
    assert status_problems(**{code: row[code] for code in list(row)[1:]}, s20={}) == []


def test_a_plan_and_a_service_share_one_name_space() -> None:
    service = sample()["services"]["antivirus"]

    assert problems({"services/adsl": service}) == [
        "services.adsl: A plan is called 'adsl' too. Choose another code."
    ]


STRICT = {"strict_composition": True}
UNDER_PRICE = (
    "plans.adsl.versions[0].lines: The lines of the composition sum to 90.00 BRL, "
    "less than the price 100.00 BRL. The policy is strict: the lines must make up the whole price."
)


def test_a_strict_policy_wants_lines_that_make_up_the_price() -> None:
    assert problems({"policies/standard": STRICT}) == [UNDER_PRICE]
    assert problems({"policies/standard": STRICT, "plans/adsl/versions/0/price": "90.00"}) == []


@pytest.mark.parametrize(
    ("since", "found"), [("2011-06-01", [UNDER_PRICE]), ("2012-06-01", [UNDER_PRICE]), ("2014-01-01", [])]
)
def test_a_policy_is_strict_for_the_versions_whose_days_it_rules(since: str, found: list[str]) -> None:
    first = sample()["plans"]["adsl"]["versions"][0]
    whole = {**first, "from": "2014-01-01", "price": "90.00"}
    policies = [{"from": "2010-01-01"}, {"from": since, **STRICT}]

    assert problems({"plans/adsl/versions": [first, whole], "policies/standard/versions": policies}) == found


def test_a_policy_with_a_problem_is_not_asked() -> None:
    assert problems({"policies/own": {"advance": 1}, "plans/adsl/policy": "own"}) == [
        "policies.own.advance: 1 (int) is not true or false."
    ]


def test_a_trial_status_must_end_by_itself() -> None:
    trial = {"kind": "status", "status": "enabled"}
    sentence = "The status 'enabled' never ends, so it is no trial. Give it 'days' and 'next'."

    assert problems({"policies/prepaid/trial": trial}) == [f"policies.prepaid.trial.status: {sentence}"]
    assert problems({"policies/dated/versions/1/trial": trial}) == [
        f"policies.dated.versions[1].trial.status: {sentence}"
    ]


def test_a_city_has_one_business_unit() -> None:
    assert problems({"units/cambe": {"name": "Cambé", "cities": ["CAMBÉ", "Ibiporã"]}}) == [
        (
            "units.cambe.cities: The city 'CAMBÉ' belongs to the business unit 'londrina' already. "
            "A city has one business unit."
        )
    ]
