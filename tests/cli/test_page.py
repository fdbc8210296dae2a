"""`ispcore play --html` and `ispcore demo --html`, called as people call them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from ispcore.cli.page import write_page
from ispcore.errors import RefusedError
from ispcore.scenarios import Player, read_scenario_file
from tests.cli.calling import exit_code

ROOT = Path(__file__).parents[2]
FIRST_BILL = ROOT / "examples" / "first_bill.toml"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Call the command line in an empty folder, and return its exit code, output and errors."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "160")

    def call(*args: object) -> tuple[int, str, str]:
        code = exit_code([str(arg) for arg in args])
        out = capsys.readouterr()
        return code, out.out, out.err

    return call


def test_playing_a_scenario_writes_its_page(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("play", FIRST_BILL, "--html", "bill.html")

    page = (tmp_path / "bill.html").read_text("utf-8")
    assert code == 0
    assert "The page is in bill.html." in out
    assert "0.00 + 100.00 × 6/29 = 600/29 = 20.6897" in page


def test_the_demo_writes_its_page_and_is_told_as_ever(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("demo", "--html", "demo.html")

    page = (tmp_path / "demo.html").read_text("utf-8")
    assert code == 0
    assert "Why 20.69?" in out
    assert page.count('<section class="customer"') == 37


def test_json_and_a_page_come_together(run: Run, tmp_path: Path) -> None:
    code, out, _ = run("demo", "--json", "--html", "demo.html")

    assert code == 0
    assert json.loads(out)["steps"]
    assert (tmp_path / "demo.html").exists()


def test_a_page_of_an_unmet_scenario_is_written_and_the_code_is_1(run: Run, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(FIRST_BILL.read_text("utf-8").replace('"20.69"', '"20.70"'), "utf-8")

    code, _, _ = run("play", wrong, "--html", "wrong.html")

    assert code == 1
    assert (tmp_path / "wrong.html").exists()


def test_a_page_is_written_again_over_an_older_one(run: Run, tmp_path: Path) -> None:
    run("demo", "--html", "page.html")

    code, _, _ = run("play", FIRST_BILL, "--html", "page.html")

    assert code == 0
    assert "36" not in (tmp_path / "page.html").read_text("utf-8").partition("figures")[2][:200]
    assert [file.name for file in tmp_path.iterdir()] == ["page.html"]


def test_a_file_that_is_no_page_is_left_as_it_is(run: Run, tmp_path: Path) -> None:
    (tmp_path / "thesis.html").write_text("<!doctype html><title>Mine</title>", "utf-8")

    code, out, err = run("play", FIRST_BILL, "--html", "thesis.html", "--db", "new.db")

    assert code == 3
    assert not out
    assert "thesis.html exists and is no page of ispcore" in err
    assert (tmp_path / "thesis.html").read_text("utf-8") == "<!doctype html><title>Mine</title>"
    assert not (tmp_path / "new.db").exists()


@pytest.mark.parametrize(
    ("file", "why"),
    [
        ("nowhere/page.html", "there is no such folder"),
        (".", "Is a directory"),
        ("x" * 300, "File name too long"),
    ],
)
def test_a_page_that_cannot_be_written_is_refused_before_anything_is_played(
    run: Run, tmp_path: Path, file: str, why: str
) -> None:
    code, out, err = run("demo", "--html", file, "--db", "new.db", "--json")

    told = json.loads(err)
    assert code == 3
    assert not out
    assert (told["error"], told["rule"]) == ("RefusedError", "not-writable")
    assert why in told["message"]
    assert list(tmp_path.iterdir()) == []


def test_a_closed_folder_is_refused(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)

    code, _, err = run("demo", "--html", tmp_path / "page.html")

    assert code == 3
    assert "nothing may be written to the folder" in err


def test_a_folder_that_vanishes_meanwhile_is_an_error_of_its_own(tmp_path: Path) -> None:
    player = Player(read_scenario_file(FIRST_BILL))
    try:
        with pytest.raises(RefusedError, match="No such file") as refused:
            write_page(tmp_path / "gone" / "page.html", player, list(player.play()))
    finally:
        player.close_database()

    assert refused.value.rule == "not-writable"
