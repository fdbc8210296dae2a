"""What goes wrong between the driver and its database, and what the core is told of it."""

import os
import re
import shutil
import socket
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path

import pytest
from attrs import evolve

from ispcore.driver import AuthFailed, Busy, DeviceError, Locked, OutcomeUnknown, Site, Unreachable
from ispcore.testing.dial_proxy import DialProxy
from ispcore.testing.wire import WireFault
from ispcore.values import SecretText
from ispcore_radius import Engine, RadiusConfig, Tls
from plugins.radius.tests.calls import DRIVER, Call, Desk, desk, login, making
from plugins.radius.tests.databases import Database, Server, connected, postgresql_database, sqlite_database


@pytest.fixture
def file(tmp_path: Path) -> Database:
    return sqlite_database(tmp_path)


@pytest.fixture
def server(postgresql: Server) -> Database:
    return postgresql_database(postgresql)


@contextmanager
def through(proxy: DialProxy, database: Database) -> Iterator[Desk]:
    with DRIVER.open(Site(database.config, dial=proxy.dial)) as session:
        yield Desk(session)


# SQLite


def test_a_file_that_is_not_there_is_unreachable_and_is_not_made(tmp_path: Path) -> None:
    path = tmp_path / "missing.db"

    with pytest.raises(Unreachable), desk(RadiusConfig(engine=Engine.SQLITE, path=str(path))):
        pass

    assert not path.exists()


def test_a_file_without_freeradius_s_tables_is_told(tmp_path: Path) -> None:
    path = tmp_path / "empty.db"
    path.touch()

    with (
        desk(RadiusConfig(engine=Engine.SQLITE, path=str(path))) as at,
        pytest.raises(Unreachable, match="lacks a table"),
    ):
        at.session.check(Call())


def test_a_file_that_somebody_writes_is_locked_and_is_written_afterwards(file: Database) -> None:
    with desk(file, lock_seconds=1) as at, closing(sqlite3.connect(file.config.path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(Locked) as locked:
            at.apply(making(login()))
        assert not locked.value.wrote
        other.rollback()

        at.make(login())

    assert file.password("ana")


def test_a_reader_that_holds_the_commit_up_leaves_nothing_written(file: Database) -> None:
    with desk(file, lock_seconds=1) as at, closing(sqlite3.connect(file.config.path)) as other:
        other.execute("BEGIN")
        other.execute("SELECT * FROM radcheck").fetchall()
        with pytest.raises(Locked) as locked:
            at.apply(making(login()))
        other.rollback()

    assert not locked.value.wrote
    assert file.password("ana") == []


def test_waiting_for_a_lock_ends_with_the_deadline(file: Database) -> None:
    with desk(file, lock_seconds=60) as at, closing(sqlite3.connect(file.config.path)) as other:
        other.execute("BEGIN IMMEDIATE")
        began = time.monotonic()
        with pytest.raises(DeviceError):
            at.apply(making(login()), call=Call(seconds=0.3))

    assert time.monotonic() - began < 3


def test_a_copy_of_a_file_in_its_place_is_another_database(file: Database) -> None:
    with desk(file) as at:
        old = at.session.check(Call()).identity
    shutil.copy(file.config.path, f"{file.config.path}.copy")
    os.replace(f"{file.config.path}.copy", file.config.path)  # noqa: PTH105 - as a restore does

    with desk(file) as at:
        assert at.session.check(Call()).identity != old


def test_what_is_no_database_is_unreachable(tmp_path: Path) -> None:
    path = tmp_path / "text.db"
    path.write_text("this is no database, but a text that is long enough to be looked at" * 9)

    with pytest.raises(Unreachable), desk(RadiusConfig(engine=Engine.SQLITE, path=str(path))) as at:
        at.session.check(Call())


# Both


def test_nothing_is_asked_when_the_time_is_over(database: Database) -> None:
    with desk(database) as at:
        for ask in (
            lambda: at.session.check(Call(seconds=0)),
            lambda: list(at.session.observe(None, Call(seconds=0))),
            lambda: at.apply(making(login()), call=Call(seconds=0)),
        ):
            with pytest.raises(Busy, match="time was over"):
                ask()

    assert database.rows("ana") == []


# PostgreSQL


@pytest.mark.server
def test_a_server_that_is_not_there_is_unreachable(server: Database) -> None:
    with socket.socket() as taken:  # bound, and not listening
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(Unreachable), desk(server, port=taken.getsockname()[1]):
            pass


@pytest.mark.server
def test_a_database_that_does_not_exist_is_told(server: Database) -> None:
    with pytest.raises(DeviceError, match="nowhere"), desk(server, database="nowhere"):
        pass


@pytest.mark.server
def test_a_wrong_password_is_told_to_a_person_after_one_try_and_not_shown(server: Database) -> None:
    assert server.server is not None
    rules = server.server.postgres.folder / "data" / "pg_hba.conf"
    before = rules.read_text()
    server.run("CREATE USER careful PASSWORD 'right'")
    rules.write_text(f"host all careful all scram-sha-256\n{before}")
    server.run("SELECT pg_reload_conf()")
    time.sleep(0.2)
    config = evolve(server.config, user="careful", password=SecretText("wrong-segredo"))

    with DialProxy() as proxy:
        with pytest.raises(AuthFailed) as refused, DRIVER.open(Site(config, dial=proxy.dial)):
            pass
        assert proxy.connections == 1
        with pytest.raises(AuthFailed), desk(evolve(config, password=None)):
            pass
        with desk(evolve(config, password=SecretText("right"))):
            pass

    rules.write_text(before)
    server.run("SELECT pg_reload_conf()")
    server.run("DROP USER careful")
    assert "segredo" not in f"{refused.value} {refused.value.__context__!r} {refused.value.__cause__!r}"


@pytest.mark.server
def test_missing_rights_are_told_to_a_person(server: Database) -> None:
    server.run("CREATE USER guest")

    with desk(server, user="guest") as at, pytest.raises(AuthFailed, match="read and write"):
        at.session.check(Call())

    server.run("DROP USER guest")


@pytest.mark.server
def test_a_socket_s_folder_may_be_named_instead_of_a_host(server: Database) -> None:
    assert server.server is not None

    with desk(server, host=str(server.server.postgres.folder), tls=Tls.DISABLE) as at:
        assert at.all() == {}


@pytest.mark.server
def test_a_server_without_freeradius_s_tables_is_told(server: Database) -> None:
    with desk(server, database="postgres") as at, pytest.raises(Unreachable, match="lacks a table"):
        at.session.check(Call())


@pytest.mark.server
def test_rows_that_somebody_holds_are_locked(server: Database) -> None:
    assert server.server is not None
    with desk(server, lock_seconds=1) as at, connected(server.server.postgres) as other:
        (seen,) = at.make(login(pool="b"))
        other.execute("SELECT * FROM radreply FOR UPDATE")
        with pytest.raises(Locked) as locked:
            at.change(seen, pool="a")
        other.rollback()

        assert not locked.value.wrote
        at.change(seen, pool="a")


@pytest.mark.server
def test_a_statement_that_lasts_too_long_is_stopped(server: Database) -> None:
    assert server.server is not None
    with desk(server, lock_seconds=60) as at, connected(server.server.postgres) as other:
        other.execute("LOCK TABLE radcheck")
        began = time.monotonic()
        with pytest.raises(DeviceError):
            at.apply(making(login()), call=Call(seconds=0.3))
        other.rollback()

        assert time.monotonic() - began < 3


@pytest.mark.server
@pytest.mark.parametrize("fault", [WireFault.SILENCE, WireFault.GARBAGE])
def test_a_server_that_says_nothing_sensible_is_left_at_the_deadline(
    server: Database, fault: WireFault
) -> None:
    with DialProxy() as proxy, through(proxy, server) as at:
        proxy.play(fault)
        began = time.monotonic()

        with pytest.raises(DeviceError):
            at.apply(making(login()), call=Call(seconds=0.5))

        assert time.monotonic() - began < 3
    assert server.rows("ana") == []


@pytest.mark.server
def test_a_server_that_is_silent_from_the_first_is_left_in_time() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, ExitStack() as held:
        answering = threading.Thread(target=lambda: held.enter_context(silent.accept()[0]))
        answering.start()
        config = RadiusConfig(host="127.0.0.1", port=silent.getsockname()[1])
        began = time.monotonic()

        with pytest.raises(Unreachable), DRIVER.open(Site(config, patience_seconds=0.3)):
            pass

        answering.join()
        assert time.monotonic() - began < 2


def fault_when(fault: WireFault, at_exchange: int, database: Database) -> DeviceError | None:
    """Make a login while *fault* happens, and return what was told of it."""
    database.run("DELETE FROM radcheck")
    database.run("DELETE FROM radreply")
    with DialProxy() as proxy, through(proxy, database) as at:
        proxy.play(fault, at=at_exchange)
        try:
            at.make(login(pool="a"))
        except DeviceError as error:
            return error
    return None


@pytest.mark.server
@pytest.mark.parametrize("fault", [WireFault.CUT_BEFORE, WireFault.CUT_AFTER])
def test_wherever_the_connection_is_cut_the_core_knows_what_may_have_been_written(
    server: Database, fault: WireFault
) -> None:
    told: list[tuple[type[DeviceError], bool]] = []
    while (error := fault_when(fault, len(told) + 1, server)) is not None:
        written = bool(server.password("ana"))

        assert isinstance(error, Unreachable | OutcomeUnknown), error
        assert error.wrote or not written
        assert written == bool(server.rows("ana"))  # all of it, or nothing
        told.append((type(error), written))

    assert len(told) > 5
    assert ((OutcomeUnknown, True) in told) == (fault is WireFault.CUT_AFTER)


@pytest.mark.server
def test_a_session_whose_connection_broke_goes_on_telling_so(server: Database) -> None:
    with DialProxy() as proxy, through(proxy, server) as at:
        proxy.play(WireFault.CUT_BEFORE)
        for _ in range(2):
            with pytest.raises(Unreachable):
                at.all()


@pytest.mark.server
def test_a_server_s_words_with_a_row_in_them_are_not_passed_on(server: Database) -> None:
    server.run("ALTER TABLE radcheck ADD CONSTRAINT refuse CHECK (value <> 'segredo')")
    try:
        with desk(server) as at:
            (refused,) = at.apply(making(login()))
    finally:
        server.run("ALTER TABLE radcheck DROP CONSTRAINT refuse")

    assert refused is not None
    assert not re.search("segredo", f"{refused!r} {refused} {getattr(refused, '__context__', None)!r}")
