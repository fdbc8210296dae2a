"""Plugins that are installed without pip: a folder on the path, with what a wheel would leave there."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hooks.distributions import Environment
from tests.providers import Office, open_office


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Environment]:
    """A folder for distributions, on the path of this process and of those that it starts."""
    folder = tmp_path / "site"
    folder.mkdir()
    known = set(sys.modules)
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delenv("ISPCORE_DISABLE_PLUGINS", raising=False)
    monkeypatch.delenv("ISPCORE_STRICT_PLUGINS", raising=False)
    yield Environment(folder)
    for name in set(sys.modules) - known:
        if name.startswith("plug_"):
            del sys.modules[name]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office with the test catalogue, on a file of its own; today is the usual start day."""
    with open_office(tmp_path / "provider.db") as office:
        yield office
