"""Which skips are forgiven: none of a test that needs a server, where continuous integration says so.

A conftest imports the hooks from here for the tests beside it.
"""

import os
from collections.abc import Generator
from typing import NoReturn

import pytest

SERVER_SKIP_FAILS = "ISPCORE_FAIL_ON_SERVER_SKIP"


def server_skips_fail() -> bool:
    """Tell whether a test that needs a server may not be skipped."""
    return os.environ.get(SERVER_SKIP_FAILS, "") not in {"", "0"}


def skip_without_server(reason: str) -> NoReturn:
    """Skip the test, or let it fail where it may not be skipped.

    For tests that may be skipped for other reasons too, so that they cannot be marked.
    """
    if server_skips_fail():
        pytest.fail(f"This test needs a server, and {SERVER_SKIP_FAILS} forbids to skip it. {reason}")
    pytest.skip(reason)


def _as_failure(report: pytest.TestReport | pytest.CollectReport) -> None:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
    report.outcome = "failed"
    report.longrepr = f"A test that needs a server was skipped, and {SERVER_SKIP_FAILS} forbids it. {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Make a failure of a skip that is not forgiven."""
    report = yield
    expected_to_fail = hasattr(report, "wasxfail")
    if report.skipped and not expected_to_fail and item.get_closest_marker("server") and server_skips_fail():
        _as_failure(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Treat a file that skips itself as its tests: their marks are unknown, so its text is read."""
    report = yield
    if report.skipped and server_skips_fail() and "mark.server" in collector.path.read_text("utf-8"):
        _as_failure(report)
    return report
