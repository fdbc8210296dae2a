"""The project that ``plugins new`` writes works as it is: its tests pass, and ispcore loads it."""

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from ispcore.errors import InvalidValueError
from ispcore.hooks.template import Over, write_project
from ispcore.testing.driver_kit import cases


def tried(folder: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests", *options],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join(str(Path(one).resolve()) for one in sys.path if one),
            "PYTEST_ADDOPTS": "",  # those of this suite know its profiles
        },
        capture_output=True,
        text=True,
        check=False,
    )


def hurry(folder: Path) -> None:
    """Wait for a device that never pauses not as long as for a real one, and break its line less often."""
    for name, line, quicker in [
        ("dialect.py", 'errors=("% ",),', 'errors=("% ",), quiet_seconds=0.05,'),
        ("rig.py", "spec = SPEC\n", "spec = SPEC\n    breaks = 4\n"),
    ]:
        (path,) = folder.rglob(name)
        text = path.read_text("utf-8")
        assert line in text
        path.write_text(text.replace(line, quicker), "utf-8")


@pytest.mark.parametrize("over", Over)
def test_the_tests_of_a_new_plugin_pass_as_they_are_the_driver_kit_among_them(
    tmp_path: Path, over: Over
) -> None:
    folder = write_project("acme-olt", tmp_path, over)
    if over is Over.TERMINAL:
        hurry(folder)

    ran = tried(folder, "--driver-kit-report", "support.md")

    assert ran.returncode == 0, ran.stdout
    (driver,) = json.loads((folder / "support.json").read_text("utf-8"))["drivers"]
    outcomes = {name: case["outcome"] for name, case in driver["cases"].items()}
    assert set(outcomes) == set(cases())
    assert set(outcomes.values()) == {"passed", "skipped"}
    assert outcomes["test_a_change_of_name_is_one_change"] == "passed"


def test_a_new_plugin_that_is_made_worse_fails_its_tests(tmp_path: Path) -> None:
    folder = write_project("acme", tmp_path)
    session = folder / "src" / "ispcore_acme" / "session.py"
    session.write_text(session.read_text("utf-8").replace("op.checkpoint()", "pass"), "utf-8")

    ran = tried(folder, "-k", "cancelled")

    assert ran.returncode == 1, ran.stdout
    assert "asks no checkpoint" in ran.stdout


def test_a_new_plugin_is_a_distribution_with_an_entry_point_of_todays_api(tmp_path: Path) -> None:
    project = tomllib.loads((write_project("acme", tmp_path) / "pyproject.toml").read_text("utf-8"))[
        "project"
    ]

    assert project["name"] == "ispcore-acme"
    assert project["entry-points"] == {"ispcore.v1": {"acme": "ispcore_acme.plugin"}}


@pytest.mark.parametrize(("over", "count"), [(Over.FILE, 12), (Over.DATABASE, 13), (Over.TERMINAL, 17)])
def test_nothing_of_the_template_is_left_to_fill_in(tmp_path: Path, over: Over, count: int) -> None:
    files = [path for path in write_project("acme", tmp_path, over).rglob("*") if path.is_file()]

    assert len(files) == count
    assert not [path for path in files if "{{" in path.read_text("utf-8")]


@pytest.mark.parametrize("over", Over)
def test_the_readme_of_a_new_plugin_tells_of_each_module_and_the_project_asks_for_what_it_imports(
    tmp_path: Path, over: Over
) -> None:
    folder = write_project("acme", tmp_path, over)
    readme = (folder / "README.md").read_text("utf-8")
    told = set(re.findall(r"^\| `(.+?)`", readme, re.MULTILINE))

    modules = {path.relative_to(folder).as_posix() for path in folder.rglob("*.py")}
    assert modules - told == {"src/ispcore_acme/__init__.py", "tests/conftest.py"}
    assert told <= modules
    asked = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    imported = {
        line.split()[1].partition(".")[0]
        for path in folder.glob("src/**/*.py")
        for line in path.read_text("utf-8").splitlines()
        if line.startswith(("import ", "from "))
    }
    others = imported - sys.stdlib_module_names - {"ispcore_acme"}
    assert others == {re.split(r"\W", one)[0] for one in asked}


@pytest.mark.parametrize("name", ["", "Acme", "acme_olt", "-acme", "acme--olt", "1acme", "a" * 41, "../acme"])
def test_a_name_that_cannot_be_one_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidValueError, match="cannot name a plugin"):
        write_project(name, tmp_path)

    assert list(tmp_path.iterdir()) == []
