"""Rules about the repository as a whole, which no other tool checks."""

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Folders that exist on one machine only; a path inside a URL or below another folder is something else.
MACHINE_PATH = re.compile(r"(?<![\w.:/~$}\])-])/(?:(?:root|work)(?![\w-])|home/)")

FRAGMENT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\.(added|changed|deprecated|removed|fixed|security)\.md")
TESTS_COMMAND = "python3 -m venv .venv && .venv/bin/pip install -q tox && .venv/bin/tox"
DEMO_COMMAND = "python3 -m venv .venv && .venv/bin/pip install -q -e '.[cli]' && .venv/bin/ispcore demo"
DOMAIN_FROM = "(billing) | (network) | (notices)"


def tracked_files() -> list[Path]:
    """Return what git tracks, or would track if all were added."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("needs a git clone")
    listed = subprocess.run(
        [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return [file for name in listed.stdout.split("\0") if name and (file := ROOT / name).is_file()]


def text_of(file: Path) -> str:
    """Return the text of *file*, or nothing when it is no text."""
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError:
        return ""


def test_no_file_names_a_folder_of_one_machine() -> None:
    found = [
        f"{file.relative_to(ROOT)}:{number}: {line.strip()}"
        for file in tracked_files()
        for number, line in enumerate(text_of(file).splitlines(), start=1)
        if MACHINE_PATH.search(line)
    ]

    assert not found, "\n".join(found)


@pytest.mark.parametrize("folder", ["root", "work", "home/someone"])
def test_a_folder_of_one_machine_is_recognised(folder: str) -> None:
    assert MACHINE_PATH.search(f"see /{folder}/project")


@pytest.mark.parametrize(
    "text", ["docs/work/orders.md", "a page at example.org/home/x", "/workers", "~/work"]
)
def test_other_paths_are_not_mistaken_for_one(text: str) -> None:
    assert not MACHINE_PATH.search(text)


def test_changelog_fragments_are_well_named_and_say_something() -> None:
    fragments = [file for file in (ROOT / "changelog.d").iterdir() if file.name != "README.md"]

    badly_named = [file.name for file in fragments if not FRAGMENT.fullmatch(file.name)]
    empty = [file.name for file in fragments if not file.read_text("utf-8").strip()]

    assert not badly_named, f"changelog.d/README.md tells how fragments are named: {badly_named}"
    assert not empty


def test_the_readme_gives_exactly_two_commands() -> None:
    text = (ROOT / "README.md").read_text("utf-8")

    commands = re.findall(r"^```(?:console|sh|shell|bash)\n(.*?)\n```$", text, re.MULTILINE | re.DOTALL)

    assert commands == [DEMO_COMMAND, TESTS_COMMAND]


def test_continuous_integration_runs_the_command_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text("utf-8")

    assert f'{TESTS_COMMAND} "$@"' in script.splitlines()


def test_every_package_of_the_domain_is_under_the_contract_against_input_and_output() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    layers = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    forbidden = next(contract["source_modules"] for contract in contracts if contract["type"] == "forbidden")

    domain = {name for line in layers[layers.index(DOMAIN_FROM) :] for name in re.findall(r"\w+", line)}
    domain.discard("transports")  # they talk to devices
    source = ROOT / "src" / "ispcore"
    present = {name for name in domain if (source / name / "__init__.py").exists()}

    assert {f"ispcore.{name}" for name in present} <= set(forbidden)
