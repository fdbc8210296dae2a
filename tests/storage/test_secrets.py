"""Secrets at rest: locked by keys that change, and never shown."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ispcore.app import Provider
from ispcore.driver import SecretRef
from ispcore.errors import NotFoundError, NotPermittedError, StorageError
from ispcore.storage import SqlDatabase, keys_from_environment, keys_from_file, new_key
from ispcore.storage.secret_keys import key_id
from ispcore.values import SecretText
from tests.providers import ANA, NOBODY, sql_at

OLD, NEW = new_key(), new_key()


class Vault:
    """A database whose keys can be exchanged."""

    def __init__(self, url: str, *keys: str) -> None:
        self.url = url
        self.keys = list(keys)
        self.database = SqlDatabase(url, secret_keys=lambda: self.keys)
        self.provider = Provider(self.database)

    def keep(self, text: str) -> SecretRef:
        with self.database.writing() as work:
            return work.secrets.keep(SecretText(text))

    def resolve(self, ref: SecretRef) -> str:
        with self.database.reading() as work:
            return work.secrets.resolve(ref).reveal()


@pytest.fixture
def vault(each_engine: str) -> Iterator[Vault]:
    made = Vault(each_engine, OLD)
    yield made
    made.database.close()


def test_a_secret_is_what_was_kept(vault: Vault) -> None:
    ref = vault.keep("pä$$ wörd")

    assert vault.resolve(ref) == "pä$$ wörd"


def test_nothing_in_the_database_shows_a_secret(vault: Vault) -> None:
    vault.keep("correct horse")

    rows = sql_at(vault.url, "SELECT * FROM secrets")

    assert len(rows) == 1
    assert "correct horse" not in repr(rows)


def test_the_same_secret_kept_twice_has_two_names_and_looks_different(vault: Vault) -> None:
    first, second = vault.keep("same"), vault.keep("same")

    locked = [bytes(row[0]) for row in sql_at(vault.url, "SELECT ciphertext FROM secrets")]

    assert first != second
    assert locked[0] != locked[1]


def test_an_older_key_still_opens_after_a_newer_one_came(vault: Vault) -> None:
    ref = vault.keep("kept before")

    vault.keys = [NEW, OLD]

    assert vault.resolve(ref) == "kept before"


def test_rotating_locks_everything_anew_and_keeps_every_name(vault: Vault) -> None:
    refs = [vault.keep(f"secret {n}") for n in range(3)]
    vault.keys = [NEW, OLD]

    rotated = vault.provider.secrets.rotate(actor=ANA)
    vault.keys = [NEW]

    assert rotated == 3
    assert [vault.resolve(ref) for ref in refs] == ["secret 0", "secret 1", "secret 2"]


def test_rotating_twice_changes_nothing(vault: Vault) -> None:
    vault.keep("once")
    vault.keys = [NEW, OLD]
    vault.provider.secrets.rotate(actor=ANA)
    before = sql_at(vault.url, "SELECT ref, key_id FROM secrets")

    again = vault.provider.secrets.rotate(actor=ANA)

    assert again == 0
    assert sql_at(vault.url, "SELECT ref, key_id FROM secrets") == before


def test_the_locks_are_counted_by_key(vault: Vault) -> None:
    vault.keep("one")
    vault.keys = [NEW, OLD]
    vault.keep("two")
    vault.keep("three")

    locks = vault.provider.secrets.locks(actor=ANA)

    assert locks.newest == key_id(NEW)
    assert dict(locks.by_key) == {key_id(OLD): 1, key_id(NEW): 2}
    assert locks.older == 1


def test_rotating_needs_a_permission(vault: Vault) -> None:
    with pytest.raises(NotPermittedError):
        vault.provider.secrets.rotate(actor=NOBODY)
    with pytest.raises(NotPermittedError):
        vault.provider.secrets.locks(actor=NOBODY)


def test_a_key_that_was_taken_away_too_early_is_named(vault: Vault) -> None:
    ref = vault.keep("locked in")
    vault.keys = [NEW]

    with pytest.raises(StorageError, match=f"The key {key_id(OLD)} .* is missing"):
        vault.resolve(ref)


def test_a_row_that_was_put_in_the_place_of_another_is_noticed(vault: Vault) -> None:
    mine, other = vault.keep("mine"), vault.keep("other")
    swap = f"UPDATE secrets SET ciphertext = (SELECT ciphertext FROM secrets WHERE ref = '{other.name}')"
    sql_at(vault.url, f"{swap} WHERE ref = '{mine.name}'")

    with pytest.raises(StorageError, match="holds what was kept as"):
        vault.resolve(mine)


def test_a_damaged_row_is_noticed(vault: Vault) -> None:
    ref = vault.keep("whole")
    broken = "x'00'" if vault.url.startswith("sqlite") else r"'\x00'"
    sql_at(vault.url, f"UPDATE secrets SET ciphertext = {broken}")

    with pytest.raises(StorageError, match="damaged"):
        vault.resolve(ref)


def test_a_name_that_was_never_kept_is_not_found(vault: Vault) -> None:
    with pytest.raises(NotFoundError, match="no secret 'nobody'"):
        vault.resolve(SecretRef("nobody"))


def test_without_keys_a_provider_keeps_no_secrets(each_engine: str) -> None:
    database = SqlDatabase(each_engine)

    with pytest.raises(StorageError, match="without keys"), database.writing() as work:
        work.secrets.keep(SecretText("x"))
    database.close()


# --- where keys come from


def test_keys_stand_in_a_variable_the_newest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ISPCORE_SECRET_KEYS", f"{NEW}, {OLD}")

    assert keys_from_environment() == (NEW, OLD)


def test_a_variable_may_name_a_file_of_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "keys").write_text(f"# of this year\n{NEW}  # fresh\n{OLD}\n", "utf-8")
    monkeypatch.delenv("ISPCORE_SECRET_KEYS", raising=False)
    monkeypatch.setenv("ISPCORE_SECRET_KEYS_FILE", str(tmp_path / "keys"))

    assert keys_from_environment() == (NEW, OLD)


def test_an_environment_without_keys_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ISPCORE_SECRET_KEYS", raising=False)
    monkeypatch.delenv("ISPCORE_SECRET_KEYS_FILE", raising=False)

    with pytest.raises(StorageError, match="Set ISPCORE_SECRET_KEYS"):
        keys_from_environment()


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="nowhere"):
        keys_from_file(tmp_path / "nowhere")()


@pytest.mark.parametrize("keys", [(), ("not a key",), ("c2hvcnQ=",)])
def test_what_is_no_key_is_refused_and_not_shown(each_engine: str, keys: tuple[str, ...]) -> None:
    vault = Vault(each_engine, *keys)

    with pytest.raises(StorageError, match=r"key for secrets|A key for secrets is none") as refusal:
        vault.keep("x")
    assert "not a key" not in str(refusal.value)
    vault.database.close()
