"""Fixtures for pytest: ``pytest_plugins = ["ispcore.testing.fixtures"]`` in a ``conftest.py`` brings them in.

pytest is not installed with ispcore; only this module imports it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ispcore.app import Provider
from ispcore.hooks.plugins import Plugins
from ispcore.testing.clock import MovableClock
from ispcore.testing.isp import CATALOGUE, MockIsp

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def ispcore_today() -> date:
    """Return the day on which tests begin; write a fixture of this name to begin on another one."""
    return date(2024, 1, 1)


@pytest.fixture
def ispcore_clock(ispcore_today: date) -> MovableClock:
    """Return the clock that says which day it is; ``move_to`` moves it."""
    return MovableClock(ispcore_today)


@pytest.fixture
def ispcore_plugins() -> Plugins:
    """Return no plugins, whatever is installed; write a fixture of this name to load some."""
    return Plugins.none()


@pytest.fixture
def ispcore_provider(ispcore_clock: MovableClock, ispcore_plugins: Plugins) -> Iterator[Provider]:
    """Give an empty provider in memory, and let go of it after the test."""
    with Provider.open("sqlite://", clock=ispcore_clock, plugins=ispcore_plugins) as provider:
        yield provider


@pytest.fixture
def ispcore_catalogue() -> str | Path | Mapping[str, Any]:
    """Return the catalogue of :func:`isp`; write a fixture of this name to sell something else."""
    return CATALOGUE


@pytest.fixture
def isp(
    ispcore_clock: MovableClock,
    ispcore_catalogue: str | Path | Mapping[str, Any],
    ispcore_plugins: Plugins,
) -> Iterator[MockIsp]:
    """Give a whole provider in memory, with mock devices for what its catalogue names."""
    with MockIsp(ispcore_clock, ispcore_catalogue, plugins=ispcore_plugins) as isp:
        yield isp
