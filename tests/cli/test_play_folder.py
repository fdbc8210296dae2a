"""All scenarios of a folder, played a line each."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.calling import exit_code

ROOT = Path(__file__).parents[2]
FIRST_BILL = (ROOT / "examples" / "first_bill.toml").read_text("utf-8")

Call = Callable[..., tuple[int, str, str]]


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Call:
    """Call the command line in an empty folder, and return its exit code, output and errors."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "160")

    def run(*args: object) -> tuple[int, str, str]:
        code = exit_code([str(arg) for arg in args])
        out = capsys.readouterr()
        return code, out.out, out.err

    return run


def stories(folder: Path, **texts: str) -> Path:
    folder.mkdir()
    for name, text in texts.items():
        (folder / f"{name}.toml").write_text(text, "utf-8")
    return folder


def test_every_story_of_a_folder_is_played_by_name(call: Call, tmp_path: Path) -> None:
    folder = stories(tmp_path / "all", second=FIRST_BILL, first=FIRST_BILL)
    (folder / "notes.txt").write_text("no story", "utf-8")

    code, out, _ = call("play", folder)

    steps = FIRST_BILL.count("[[steps]]")
    assert code == 0
    assert out.splitlines() == [
        f"✓ first.toml  {steps} steps",
        f"✓ second.toml  {steps} steps",
        "2 scenarios, every expectation met.",
    ]


def test_one_that_goes_wrong_keeps_no_other_from_being_played(call: Call, tmp_path: Path) -> None:
    folder = stories(
        tmp_path / "all",
        a=FIRST_BILL.replace('"20.69"', '"20.70"'),
        b=FIRST_BILL.replace('do = "preview"', 'do = "preveiw"'),
        c=FIRST_BILL,
        d="[",
    )

    code, out, _ = call("play", folder)
    _, listed, _ = call("play", folder, "--json")

    assert code == 1
    assert "✗ a.toml" in out
    assert "20.70" in out
    assert "'preview'" in out
    assert "✓ c.toml" in out
    assert "4 scenarios, 3 not as expected." in out
    told = {one["file"]: one for one in json.loads(listed)}
    assert [name for name, one in told.items() if one["error"] or one["unmet"]] == [
        "a.toml",
        "b.toml",
        "d.toml",
    ]
    assert told["c.toml"]["steps"] > 0


def test_a_page_and_a_database_are_of_one_story(call: Call, tmp_path: Path) -> None:
    folder = stories(tmp_path / "all", first=FIRST_BILL)

    for extra in (("--html", "page.html"), ("--db", "books.db")):
        code, _, err = call("play", folder, *extra)
        assert code == 2
        assert "Name its file, not its folder" in err
    assert sorted(one.name for one in tmp_path.iterdir()) == ["all"]


def test_a_folder_without_a_story_is_told(call: Call, tmp_path: Path) -> None:
    code, _, err = call("play", stories(tmp_path / "all"))

    assert code == 2
    assert "no file ends in .toml" in err
