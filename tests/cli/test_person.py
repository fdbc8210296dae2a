"""Exporting and forgetting a person from the command line."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.calling import exit_code
from tests.providers import Office

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Call the command line where Maria was registered and nobody else."""
    office = Office(tmp_path / "provider.db")
    office.load()
    office.register("Maria da Silva", email="maria@isp.test")
    office.provider.close_database()
    monkeypatch.setenv("ISPCORE_DB", office.url)

    def call(*args: str) -> tuple[int, str, str]:
        code = exit_code(args)
        out = capsys.readouterr()
        return code, out.out, out.err

    return call


def test_a_person_is_exported_forgotten_and_then_nothing_is_left(run: Run) -> None:
    code, out, err = run("person", "export", "1")
    assert (code, err) == (0, "")
    assert json.loads(out)["customer"]["details"]["email"] == "maria@isp.test"

    code, out, err = run("person", "forget", "1", "--note", "By letter.")
    assert (code, err) == (0, "")
    assert out == "3 texts of customer 1 were erased.\n"

    assert "maria" not in run("person", "export", "1")[1].lower()
    code, _, err = run("person", "forget", "1", "--note", "By letter.")
    assert code == 3
    assert "was forgotten before: nothing is left" in err
