"""The plugin for pytest: ``pytest_plugins = ["ispcore.testing.pytest"]`` in the ``conftest.py`` of a suite.

It is never found by itself, so it runs in the suites alone that name it. It brings the fixtures of
:mod:`ispcore.testing.fixtures`, and what the driver kit needs: waivers and the report.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ispcore.errors import DocumentError
from ispcore.testing.driver_kit import DriverKit
from ispcore.testing.driver_kit.kit import cases
from ispcore.testing.driver_kit.report import KitRun, write_report
from ispcore.testing.driver_kit.waivers import read_waivers

if TYPE_CHECKING:
    from collections.abc import Generator

pytest_plugins = ["ispcore.testing.fixtures"]

_OPTION = "--driver-kit-report"
_RUNS = pytest.StashKey[dict[str, KitRun]]()
_WAIVED = pytest.StashKey[str]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option for the report."""
    parser.getgroup("ispcore", "ispcore's driver kit").addoption(
        _OPTION,
        metavar="FILE",
        default=None,
        help="write what drivers support, and what became of the kit's cases, to FILE as .json and as .md",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Begin with no run of the kit."""
    config.stash[_RUNS] = {}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let waived cases fail as expected; one that passes fails, because its waiver is not needed."""
    for item in items:
        kit, case = _case_of(item)
        if kit is None:
            continue
        try:
            reason = read_waivers(item.path.parent / kit.waivers, kit.__name__).get(case)
        except DocumentError as error:
            raise pytest.UsageError(str(error)) from error
        if reason is not None:
            item.stash[_WAIVED] = reason
            item.add_marker(pytest.mark.xfail(reason=reason, strict=True))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keep the outcome of every case of the kit."""
    report = yield
    kit, case = _case_of(item)
    if kit is None:
        return report
    waived = item.stash.get(_WAIVED, None)
    if waived is not None and report.when == "call" and report.failed:
        report.longrepr = f"{case} passes. Remove its waiver from {kit.waivers}."
    run = item.config.stash[_RUNS].setdefault(item.nodeid.rpartition("::")[0], KitRun(kit.__name__))
    rig = getattr(item, "funcargs", {}).get("rig")
    run.spec = run.spec or getattr(rig, "spec", None)
    if report.when == "call" or not report.passed:
        run.took(case, *_outcome(report, waived))
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the report, where one was asked for."""
    file = session.config.getoption(_OPTION)
    if file is not None:
        write_report(list(session.config.stash[_RUNS].values()), Path(file))


def _case_of(item: pytest.Item) -> tuple[type[DriverKit] | None, str]:
    cls: Any = getattr(item, "cls", None)
    name = getattr(item, "originalname", None) or item.name
    if isinstance(cls, type) and issubclass(cls, DriverKit) and name in cases():
        return cls, name
    return None, name


def _outcome(report: pytest.TestReport, waived: str | None) -> tuple[str, str]:
    if report.skipped and waived is not None and hasattr(report, "wasxfail"):
        return "waived", waived
    if report.skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
        return "skipped", reason.removeprefix("Skipped: ")
    return report.outcome, ""
