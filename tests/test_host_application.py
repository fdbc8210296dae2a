"""The example of an application's own test suite passes, as it would in a project of its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "host_application"


def run_suite(folder: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-W", "error", "-q", "-p", "no:cacheprovider", "--rootdir=."]
    own = {**os.environ, "PYTEST_ADDOPTS": ""}  # those of this suite know its profiles
    return subprocess.run(command, cwd=folder, env=own, capture_output=True, text=True, check=False)


def test_the_suite_of_the_example_passes(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(EXAMPLE, tmp_path / "project"))

    done = run_suite(folder)

    assert done.returncode == 0, done.stdout
    assert "3 passed" in done.stdout


def test_the_suite_of_the_example_can_fail(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(EXAMPLE, tmp_path / "project"))
    catalogue = folder / "catalogue.toml"
    catalogue.write_text(catalogue.read_text("utf-8").replace('"150.00"', '"151.00"'), "utf-8")

    done = run_suite(folder)

    assert done.returncode == 1
    assert "2 failed, 1 passed" in done.stdout
