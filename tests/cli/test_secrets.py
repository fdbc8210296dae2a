"""The commands about keys of secrets."""

import json
from pathlib import Path

import pytest

from ispcore.storage import SqlDatabase, new_key
from ispcore.storage.secret_keys import key_id
from ispcore.values import SecretText
from tests.cli.calling import exit_code

OLD, NEW = new_key(), new_key()


def call(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    code = exit_code(args)
    out = capsys.readouterr()
    return code, out.out, out.err


@pytest.fixture
def db(tmp_path: Path) -> str:
    """A file in which two secrets are locked with the old key."""
    url = f"sqlite:///{tmp_path / 'secrets.db'}"
    database = SqlDatabase(url, secret_keys=lambda: [OLD])
    database.migrate()
    with database.writing() as work:
        work.secrets.keep(SecretText("one"))
        work.secrets.keep(SecretText("two"))
    database.close()
    return url


def test_a_rotation_is_told_and_then_the_old_key_may_go(
    db: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISPCORE_SECRET_KEYS", f"{NEW},{OLD}")

    before = call(capsys, "secrets", "status", "--db", db)
    rotated = call(capsys, "secrets", "rotate", "--db", db)
    monkeypatch.setenv("ISPCORE_SECRET_KEYS", NEW)
    after = call(capsys, "secrets", "status", "--db", db, "--json")

    assert before[0] == 0
    assert f"{key_id(OLD)}  2 secrets\n" in before[1]
    assert "Run 'ispcore secrets rotate'" in before[1]
    assert rotated[1].startswith("2 secrets locked anew.")
    assert json.loads(after[1]) == {"newest": key_id(NEW), "secrets": {key_id(NEW): 2}}


def test_without_a_key_the_commands_say_how_to_make_one(
    db: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ISPCORE_SECRET_KEYS", raising=False)
    monkeypatch.delenv("ISPCORE_SECRET_KEYS_FILE", raising=False)

    code, _, told = call(capsys, "secrets", "rotate", "--db", db)

    assert code == 3
    assert "ispcore secrets new-key" in told


def test_a_new_key_is_one_that_locks(capsys: pytest.CaptureFixture[str]) -> None:
    code, printed, _ = call(capsys, "secrets", "new-key")

    assert code == 0
    assert len(printed.strip()) == 44
