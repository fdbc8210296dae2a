"""How the answers of an action on a device are shown."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from ispcore.cli.acted import tell_acted
from ispcore.driver import PlacementId
from ispcore.effects import Acted, ActionRecord, ActionState

ANAS = "1:login@radius"


def shown(capsys: pytest.CaptureFixture[str], *results: Mapping[str, Any]) -> list[str]:
    """Tell an action that was done, and return its lines after the first."""
    record = ActionRecord(
        id="a1",
        device="radius",
        word="look",
        targets=(PlacementId(ANAS),),
        state=ActionState.DONE,
        actor="ana",
        begun_at=datetime(2012, 2, 24, tzinfo=UTC),
        results=results,
    )
    tell_acted(Acted(record), as_json=False)
    first, *lines = capsys.readouterr().out.splitlines()
    assert first == f"look of {ANAS} on radius: done (a1, ana)"
    return [line.rstrip() for line in lines]


def test_one_answer_is_a_line_with_what_was_told(capsys: pytest.CaptureFixture[str]) -> None:
    value = {"verdict": "accepted", "why": "", "reply": {"Framed-Pool": "homes", "Class": "a"}, "mac": None}

    assert shown(capsys, {"target": ANAS, "value": value}) == [
        f"  {ANAS}  verdict: accepted, reply: Framed-Pool homes; Class a"
    ]


def test_several_answers_that_are_alike_are_a_table_without_what_none_of_them_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = [{"user_name": "ana", "mac": None, "at": "bras-1"}, {"user_name": "bia", "mac": None, "at": None}]

    assert shown(capsys, *({"target": None, "value": row} for row in rows)) == [
        "user name  at",
        "ana        bras-1",
        "bia",
    ]


def test_answers_that_are_sentences_are_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    found = [{"target": None, "value": {"note": note}} for note in ("Closed.", "It was none.")]

    assert shown(capsys, *found) == ["  note: Closed.", "  note: It was none."]


def test_what_was_refused_stands_before_the_table(capsys: pytest.CaptureFixture[str]) -> None:
    rows = [{"target": ANAS, "value": {"name": name, "value": "1"}} for name in ("a", "b")]

    assert shown(capsys, *rows, {"target": ANAS, "error": "No row."}) == [
        f"  {ANAS}  No row.",
        "name  value",
        "a     1",
        "b     1",
    ]
