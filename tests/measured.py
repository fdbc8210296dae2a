"""Coverage rests while tests run that are not for what it is reported of: they take half the time then.

A package of the domain is held to its coverage by the chapter of its own name; that stories and commands pass
through it as well proves less, and is not counted. The root's conftest imports the hook from here.
"""

import tomllib
from collections.abc import Generator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
_PACKAGE = "*/ispcore/{}/"
_PLUGINS = {"*/ispcore_radius/": "radius", "*/ispcore_olt_huawei/": "olt_huawei"}


@cache
def chapters() -> frozenset[Path]:
    """Return the folders of the tests that count: those called like what pyproject.toml reports."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    reported = settings["tool"]["coverage"]["report"]["include"]
    folders = {
        folder
        for folder in (ROOT / "tests").iterdir()
        if any(one.startswith(_PACKAGE.format(folder.name)) for one in reported)
    }
    for package, name in _PLUGINS.items():
        if any(one.startswith(package) for one in reported):
            folders.add(ROOT / "plugins" / name / "tests")
    return frozenset(folders)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Let coverage rest, or go on, before a test."""
    controller = getattr(item.config.pluginmanager.getplugin("_cov"), "cov_controller", None)
    if controller is not None:
        counts = not chapters().isdisjoint(item.path.parents)
        if controller.started and not counts:
            controller.pause()
        elif counts and not controller.started:
            controller.resume()
    return (yield)
