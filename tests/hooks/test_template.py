"""The project that ``plugins new`` writes works as it is: its tests pass, and ispcore loads it."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from ispcore.errors import InvalidValueError
from ispcore.hooks.template import write_project


def test_the_tests_of_a_new_plugin_pass_as_they_are(tmp_path: Path) -> None:
    folder = write_project("acme-olt", tmp_path)

    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ran.returncode == 0, ran.stdout
    assert "8 passed" in ran.stdout


def test_a_new_plugin_is_a_distribution_with_an_entry_point_of_todays_api(tmp_path: Path) -> None:
    project = tomllib.loads((write_project("acme", tmp_path) / "pyproject.toml").read_text("utf-8"))[
        "project"
    ]

    assert project["name"] == "ispcore-acme"
    assert project["entry-points"] == {"ispcore.v1": {"acme": "ispcore_acme.plugin"}}


def test_nothing_of_the_template_is_left_to_fill_in(tmp_path: Path) -> None:
    files = [path for path in write_project("acme", tmp_path).rglob("*") if path.is_file()]

    assert len(files) == 8
    assert not [path for path in files if "{{" in path.read_text("utf-8")]


@pytest.mark.parametrize("name", ["", "Acme", "acme_olt", "-acme", "acme--olt", "1acme", "a" * 41, "../acme"])
def test_a_name_that_cannot_be_one_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidValueError, match="cannot name a plugin"):
        write_project(name, tmp_path)

    assert list(tmp_path.iterdir()) == []
