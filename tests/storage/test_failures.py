"""What may befall a database in the middle of a closing: it is told with a way out, and nothing is lost."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from ispcore.cli.main import main
from ispcore.errors import IspcoreError, RefusedError, StorageError
from ispcore.testing import postgres_server
from ispcore.usecases import Run
from tests import engines
from tests.providers import ANA, MovableClock, Office, sql_at
from tests.storage.bases import (
    END_OF_MARCH,
    IN_A_SLICE,
    books_at,
    closed,
    expected,
    findings_at,
    fresh,
    opened,
)
from tests.storage.closing_processes import closing as begun

ENGINE = "ispcore.storage.engine"


@pytest.fixture
def path(tmp_path: Path, small_slices: None) -> Path:
    """The file of a fresh copy of the books with a bit of everything."""
    fresh(engines.SQLITE, tmp_path / "books.db")
    return tmp_path / "books.db"


def url_of(path: Path) -> str:
    return f"sqlite:///{path}"


def stopped(url: str, befall: Callable[[], object], after: int = 3) -> StorageError:
    """Close, let something *befall* the database after so many slices, and return what is told of it."""
    slices = 0

    def watch(_: Run) -> None:
        nonlocal slices
        slices += 1
        if slices == after:
            befall()

    with pytest.raises(StorageError) as told:
        closed(url, watch=watch)
    assert f"{after * IN_A_SLICE} customers are done and stay so. Run it again" in str(told.value)
    return told.value


def is_as_undisturbed(url: str, engine: str = engines.SQLITE) -> bool:
    """Close once more, and tell whether everything is as if nothing had happened."""
    run, books = expected(engine)
    return closed(url).summary == run.summary and books_at(url) == books and findings_at(url) == []


def all_of(path: Path) -> list[Path]:
    """Return the files of a database that exist: its own, and those that SQLite keeps beside it."""
    return [one for one in (path, Path(f"{path}-wal"), Path(f"{path}-shm")) if one.exists()]


# --- files


def test_a_file_that_is_moved_away_in_the_middle_is_told_and_gone_on_with_when_it_is_back(path: Path) -> None:
    away = path.with_name("away.db")

    told = stopped(url_of(path), lambda: path.rename(away))

    assert f"The database {str(path)!r} was removed while it was in use" in told.message
    assert not path.exists()
    away.rename(path)
    assert is_as_undisturbed(url_of(path))


def test_a_file_that_is_replaced_in_the_middle_is_noticed_and_nothing_is_written_to_the_old_one(
    path: Path, tmp_path: Path
) -> None:
    backup = tmp_path / "backup.db"
    shutil.copyfile(path, backup)

    def restore() -> None:
        for one in all_of(path):
            one.unlink()
        shutil.copyfile(backup, path)

    stopped(url_of(path), restore)

    assert is_as_undisturbed(url_of(path))


def removed_while_writing(office: Office, path: Path) -> None:
    with office.database.writing() as work:
        work.customers.new_number()
        path.unlink()


def test_a_file_that_is_removed_while_it_is_written_saves_nothing_elsewhere(path: Path) -> None:
    office = opened(url_of(path))
    kept = path.read_bytes()

    with pytest.raises(StorageError, match=r"removed or replaced while it was being written"):
        removed_while_writing(office, path)
    with pytest.raises(StorageError, match=r"was removed while it was in use.*restore a backup"):
        office.register()
    office.provider.close_database()

    assert not path.exists()
    for one in all_of(path):
        one.unlink()
    path.write_bytes(kept)
    assert is_as_undisturbed(url_of(path))


def test_a_file_that_another_program_keeps_locked_is_told_to_be_tried_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules[ENGINE], "_WAIT_SECONDS", 0.2)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        told = stopped(url_of(path), lambda: other.execute("begin immediate"))
        other.execute("rollback")

    assert "locked" in told.message
    assert is_as_undisturbed(url_of(path))


@contextmanager
def at_most(pages: int) -> Iterator[None]:
    """Let no database of this process grow by more than so many pages, as on a full disk."""

    def limit(connection: sqlite3.Connection, _: object) -> None:
        (now,) = connection.execute("pragma page_count").fetchone()
        connection.execute(f"pragma max_page_count = {now + pages}")

    sa.event.listen(sa.Engine, "connect", limit)
    try:
        yield
    finally:
        sa.event.remove(sa.Engine, "connect", limit)


@pytest.mark.parametrize("pages", [0, 1, 3, 6])
def test_a_full_disk_is_told_and_gone_on_with_when_there_is_room(path: Path, pages: int) -> None:
    with at_most(pages), pytest.raises(StorageError, match=r"disk is full.*Make room") as told:
        closed(url_of(path))

    assert "Nothing of this transaction was saved" in str(told.value) or "done and stay so" in str(told.value)
    assert is_as_undisturbed(url_of(path))


CLOSES = "import sys; from ispcore.cli.main import main; main(sys.argv[1:])"


def by_command(db: object, limit: int) -> tuple[int, str]:
    """Close from the command line in a process of its own; return the exit code and its errors."""

    def limited() -> None:
        import resource

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    command = [sys.executable, "-c", CLOSES, "close", "--on", str(END_OF_MARCH), "--db", str(db)]
    done = subprocess.run(command, capture_output=True, check=False, text=True, preexec_fn=limited)
    assert "Traceback" not in done.stderr
    assert "unforeseen" not in done.stderr
    return done.returncode, done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="there are no limits for a process here")
def test_a_file_that_may_not_grow_is_told_by_the_command_line(path: Path) -> None:
    code, err = by_command(path, limit=50_000)

    assert code == 3
    assert "failed" in err
    assert is_as_undisturbed(url_of(path))


def told_by(command: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[object, str]:
    """Return the exit code of a command of this process, and what it says of errors."""
    with pytest.raises(SystemExit) as stop:
        main(command)
    err = capsys.readouterr().err
    assert "unforeseen" not in err
    return stop.value.code, err


@contextmanager
def as_nobody(folder: Path) -> Iterator[None]:
    """Act as somebody without rights, where we are the administrator, who may write everywhere."""
    if os.geteuid() != 0:
        yield
        return
    for parent in folder.parents[:-1]:
        parent.chmod(parent.stat().st_mode | 0o055)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="there are no such rights here")
@pytest.mark.parametrize("what", ["file", "folder"])
def test_a_file_or_folder_that_may_only_be_read_is_told_by_the_command_line(
    tmp_path: Path, small_slices: None, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "readable"
    folder.mkdir()
    db = folder / "books.db"
    fresh(engines.SQLITE, db)
    # Everything is loaded before somebody acts who may not read it.
    other = tmp_path / "other.db"
    fresh(engines.SQLITE, other)
    assert told_by(["close", "--on", str(END_OF_MARCH), "--db", str(other)], capsys)[0] == 0
    db.chmod(0o444 if what == "file" else 0o666)
    folder.chmod(0o777 if what == "file" else 0o555)
    with as_nobody(folder):
        code, err = told_by(["close", "--on", str(END_OF_MARCH), "--db", str(db)], capsys)

    assert code == 3
    assert "may be written" in err
    folder.chmod(0o777)
    db.chmod(0o666)
    assert is_as_undisturbed(url_of(db))


@pytest.mark.parametrize("seed", range(12))
def test_random_bytes_in_a_file_are_told_and_never_shown_as_a_traceback(
    path: Path, capsys: pytest.CaptureFixture[str], seed: int
) -> None:
    chance = random.Random(seed)
    good = path.read_bytes()
    raw = bytearray(good)
    for _ in range(chance.choice((1, 5, 50))):
        start = chance.randrange(len(raw))
        raw[start : start + chance.randrange(1, 2000)] = chance.randbytes(chance.randrange(1, 2000))
    path.write_bytes(bytes(raw[: len(good)]))

    for command in (["close", "--on", str(END_OF_MARCH)], ["check"], ["runs"]):
        code, _ = told_by([*command, "--db", str(path)], capsys)
        assert code in {0, 1, 3}

    for one in all_of(path):
        one.unlink()
    path.write_bytes(good)
    assert is_as_undisturbed(url_of(path))


# --- servers


@pytest.mark.server
def test_rights_that_are_taken_away_in_the_middle_are_told_with_a_way_out(
    tmp_path: Path, small_slices: None
) -> None:
    url = fresh(engines.POSTGRESQL, tmp_path)
    engines.server().execute("drop role if exists biller")
    engines.server().execute("create role biller login")
    rights = "select, insert, update, delete on all tables in schema public"
    sql_at(url, f"grant {rights} to biller")

    told = stopped(
        url.replace("postgres@", "biller@"), lambda: sql_at(url, "revoke insert on charges from biller")
    )

    assert "permission denied" in told.message
    assert is_as_undisturbed(url, engines.POSTGRESQL)
    sql_at(url, "drop owned by biller")


@pytest.mark.server
@pytest.mark.parametrize("workers", [1, 3])
def test_a_server_that_is_killed_in_the_middle_and_comes_back_has_lost_nothing(
    tmp_path: Path, small_slices: None, workers: int
) -> None:
    engines.server()  # skips where there is none
    with postgres_server(durable=True) as own:
        name = own.new_database()
        dumped = subprocess.run(
            [own.programs / "pg_dump", fresh(engines.POSTGRESQL, tmp_path).replace("+psycopg", "")],
            capture_output=True,
            check=True,
        )
        where = own.url(name).replace("+psycopg", "")
        subprocess.run(
            [own.programs / "psql", "-q", where], input=dumped.stdout, capture_output=True, check=True
        )
        child = begun(own.url(name), workers)
        time.sleep(0.3)
        own.stop(signal.SIGKILL)
        child.join()
        started_again(own)

        _, books = expected(engines.POSTGRESQL)
        closed(own.url(name))
        assert books_at(own.url(name)) == books
        assert findings_at(own.url(name)) == []


def started_again(own: object, patience: float = 30) -> None:
    """Start a server that was killed, as soon as the processes that it had left have ended."""
    until = time.monotonic() + patience
    while True:
        try:
            own.start()  # type: ignore[attr-defined] # a server
        except StorageError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
        else:
            return


# --- clocks


class Jumping(MovableClock):
    """A clock that is hours or days before or behind, differently whenever it is asked."""

    def __init__(self, around: date, days: int) -> None:
        """Jump about so many days *around* a day."""
        super().__init__(around)
        self.chance = random.Random(31)
        self.days = days

    def now(self) -> datetime:
        """Return another instant."""
        return self.instant + timedelta(seconds=self.chance.randint(-86_400 * self.days, 86_400 * self.days))


@pytest.mark.parametrize("days", [1, 400])
def test_a_clock_that_jumps_changes_no_amount(engine: str, url: str, days: int) -> None:
    run, books = expected(engine)
    office = opened(url)
    office.provider = type(office.provider)(office.database, clock=Jumping(END_OF_MARCH, days))

    found = office.provider.close(END_OF_MARCH, actor=ANA)
    office.provider.close(END_OF_MARCH, actor=ANA)

    assert found.summary == run.summary
    assert books_at(url) == books
    assert office.findings() == []
    assert all(one.finished_at for one in office.provider.runs(actor=ANA))
    office.provider.close_database()


def test_commands_under_a_clock_that_jumps_are_carried_out_or_refused(url: str) -> None:
    office = opened(url)
    office.provider = type(office.provider)(office.database, clock=Jumping(END_OF_MARCH, 40))

    for number in range(20):
        with suppress(RefusedError):
            subscription = office.subscribe(office.register(f"Late {number}"), on=END_OF_MARCH)
            office.pay(office.register(f"Payer {number}"), "5.00", f"j{number}", company="net")
            office.provider.close(date(2012, 4, 30), actor=ANA)
            assert office.owed(subscription)

    assert office.findings() == []
    office.provider.close_database()


def test_a_clock_that_was_never_set_is_refused_with_the_latest_day(path: Path) -> None:
    office = opened(url_of(path))
    office.clock.instant = datetime(1970, 1, 1, tzinfo=UTC)

    with pytest.raises(RefusedError, match=r"36 months ahead. The latest day is 197"):
        office.provider.close(END_OF_MARCH, actor=ANA)
    office.provider.close_database()
    assert is_as_undisturbed(url_of(path))


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of a process cannot be changed here")
@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "America/Sao_Paulo", "UTC"])
def test_the_zone_of_the_computer_changes_nothing(
    engine: str, url: str, zone: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert is_as_undisturbed(url, engine)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_the_last_day_that_there_is_can_be_closed(each_engine: str) -> None:
    last = date(2199, 12, 31)
    office = opened(each_engine, date(2199, 11, 20))
    office.load()
    subscription = office.subscribe(office.register("Of the last days"), on=date(2199, 12, 2))

    office.close(last)

    # 30 days of 31 at 100.00.
    assert office.owed(subscription) == {"2199-12": "96.77"}
    with pytest.raises(IspcoreError, match="2199-12-31"):
        office.close(date(2200, 1, 1))
    assert office.close(last).issued_nothing
    office.provider.close_database()
