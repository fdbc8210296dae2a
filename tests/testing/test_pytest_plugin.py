"""Waivers and the report, as a vendor's suite meets them."""

import json
from pathlib import Path

import pytest

from ispcore.testing.driver_kit.report import as_markdown

pytest_plugins = ["pytester"]

SUITE = """
import pytest
from ispcore.driver import Login
from ispcore.testing.driver_kit import DriverKit
from tests.testing.broken.reading import ShowsItsPassword
from tests.testing.mock_rig import MockRig


class TestShown(DriverKit):
    @pytest.fixture
    def rig(self):
        return MockRig(ShowsItsPassword, kinds={Login: {}}, actions={})
"""
CASES = ["no_secret_shows_when_a_driver_is_printed", "what_is_claimed_exists", "a_notice_in_an_answer"]
WAIVED = "test_no_secret_shows_when_a_driver_is_printed"


@pytest.fixture
def suite(pytester: pytest.Pytester) -> pytest.Pytester:
    pytester.makeconftest('pytest_plugins = ["ispcore.testing.pytest"]')
    pytester.makepyfile(test_shown=SUITE)
    return pytester


def run(suite: pytest.Pytester, *more: str) -> pytest.RunResult:
    return suite.runpytest_inprocess("-p", "no:cacheprovider", "-k", " or ".join(CASES), *more)


def waive(suite: pytest.Pytester, text: str) -> None:
    (suite.path / "driver-kit.toml").write_text(text, "utf-8")


def test_a_fault_fails_a_vendors_suite(suite: pytest.Pytester) -> None:
    run(suite).assert_outcomes(passed=1, failed=1, skipped=1)


def test_a_waived_case_is_expected_to_fail(suite: pytest.Pytester) -> None:
    waive(suite, f'{WAIVED} = "Debugging on a lab device."')

    run(suite).assert_outcomes(passed=1, xfailed=1, skipped=1)


def test_a_waiver_may_hold_for_one_class(suite: pytest.Pytester) -> None:
    waive(suite, f'[TestAnother]\n{WAIVED} = "Not this one."')

    run(suite).assert_outcomes(passed=1, failed=1, skipped=1)


def test_a_waived_case_that_passes_asks_for_its_waiver_to_go(suite: pytest.Pytester) -> None:
    waive(suite, f'{WAIVED} = "So it is."\ntest_what_is_claimed_exists = "It was so once."')

    result = run(suite)

    result.assert_outcomes(failed=1, xfailed=1, skipped=1)
    result.stdout.fnmatch_lines(["*test_what_is_claimed_exists passes. Remove its waiver*"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('test_what_is_claimed_exist = "Why?"', "*Did you mean 'test_what_is_claimed_exists'?*"),
        ('test_what_is_claimed_exists = " "', "*is waived without a reason*"),
        ("[TestShown]\ntest_what_is_claimed_exists = 1", "*is waived without a reason*"),
    ],
)
def test_a_waiver_without_a_case_or_a_reason_is_an_error(
    suite: pytest.Pytester, text: str, said: str
) -> None:
    waive(suite, text)

    result = run(suite)

    assert result.ret is pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([said])


def test_the_report_tells_what_is_supported_and_how_it_was_tried(suite: pytest.Pytester) -> None:
    waive(suite, f'{WAIVED} = "Debugging on a lab device."')

    run(suite, "--driver-kit-report", "matrix.json")

    (driver,) = json.loads((suite.path / "matrix.json").read_text("utf-8"))["drivers"]
    assert (driver["name"], driver["kit"], driver["lanes"]) == ("mock", "TestShown", 4)
    assert driver["kinds"]["login"]["username"] == "name"
    assert driver["kinds"]["login"]["vlan"] == "yes"
    assert driver["features"]["fence"] == "ask"
    assert driver["cases"] == {
        "test_what_is_claimed_exists": {"outcome": "passed", "reason": ""},
        "test_a_notice_in_an_answer_is_not_part_of_it": {
            "outcome": "skipped",
            "reason": "the device prints no notices",
        },
        WAIVED: {"outcome": "waived", "reason": "Debugging on a lab device."},
    }
    assert (suite.path / "matrix.md").read_text("utf-8") == as_markdown({"drivers": [driver]})


def test_the_report_as_a_page() -> None:
    page = as_markdown(
        {
            "drivers": [
                {
                    "name": "olt",
                    "lanes": 1,
                    "kinds": {"onu": {"serial": "name", "vlan": "no"}},
                    "actions": {"reboot": "ask"},
                    "features": {},
                    "cases": {"test_a": {"outcome": "waived", "reason": "Old firmware."}},
                }
            ]
        }
    )

    assert page.splitlines() == [
        "# olt",
        "",
        "Sessions at once: 1.",
        "",
        "Fields (as the driver claims; this was not tried with success):",
        "",
        "| kind | field | support |",
        "|---|---|---|",
        "| onu | serial | its name |",
        "| onu | vlan | no |",
        "",
        "| action | support |",
        "|---|---|",
        "| reboot | depends on the device |",
        "",
        "The driver kit: 0 of 1 cases passed.",
        "",
        "| case | outcome | why |",
        "|---|---|---|",
        "| test_a | waived | Old firmware. |",
    ]


def test_the_plugin_is_not_found_by_itself() -> None:
    project = (Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8")

    assert "pytest11" not in project
