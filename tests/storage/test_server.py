"""PostgreSQL as a server: it is down, full of other things, guarded, restarted, killed, and told apart."""

import multiprocessing
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
import sqlalchemy as sa

from ispcore.app import Provider
from ispcore.errors import NotFoundError, RefusedError, StorageError
from ispcore.scenarios import Player, demo_scenario
from ispcore.storage import SqlDatabase
from ispcore.storage.columns import metadata
from ispcore.testing import PostgresServer, postgres_programs, postgres_server
from tests import engines
from tests.catalogues import document
from tests.engines import empty_postgresql, new_postgresql, server
from tests.providers import ANA, Office, sql_at
from tests.storage.closer import close

pytestmark = pytest.mark.server

LEAP_DAY = date(2012, 2, 29)
PROCESSES = multiprocessing.get_context("forkserver")


@pytest.fixture
def office() -> Iterator[Office]:
    office = Office(None, new_postgresql())
    office.load()
    yield office
    office.provider.close_database()


@pytest.fixture(scope="module")
def own_server() -> Iterator[PostgresServer]:
    """A server that tests may restart and kill; what it has saved, it has saved."""
    server()  # skips where there is none
    with postgres_server(durable=True) as own:
        yield own


def refused(url: str, act: Callable[[SqlDatabase], object] = SqlDatabase.migrate) -> StorageError:
    """Return how the database at *url* refuses."""
    database = SqlDatabase(url)
    with pytest.raises(StorageError) as told:
        act(database)
    database.close()
    return told.value


def end_others(url: str) -> None:
    """End every other connection to the database at *url*, as an administrator may."""
    sql_at(
        url,
        "select pg_terminate_backend(pid) from pg_stat_activity"
        " where datname = current_database() and pid <> pg_backend_pid()",
    )


# --- opening


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_server_may_be_named_as_people_do(scheme: str) -> None:
    url = empty_postgresql().replace("postgresql+psycopg", scheme)

    with Provider.open(url) as provider:
        assert provider.count_customers(actor=ANA) == 0
    with Provider.connect(url):
        pass


def test_without_the_driver_it_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)

    with pytest.raises(StorageError, match=r"needs the driver psycopg.*pip install 'ispcore\[postgres\]'"):
        SqlDatabase("postgresql://ana:s3cret@db.example/isp")


@pytest.mark.parametrize("act", [SqlDatabase.migrate, SqlDatabase.check_schema])
def test_a_server_that_is_down_is_told(act: Callable[[SqlDatabase], None], tmp_path: Path) -> None:
    told = refused("postgresql://ana:s3cret@127.0.0.1:1/isp", act)
    elsewhere = refused(f"postgresql:///isp?host={tmp_path}", act)

    assert told.hint == elsewhere.hint == "The server must run there, and be reachable from here."
    assert "s3cret" not in str(told)


def test_a_database_that_is_missing_is_told() -> None:
    told = refused(server().url("nothing"))

    assert 'database "nothing" does not exist' in told.message
    assert told.hint == "Make the database on the server first: 'createdb'."


def test_a_user_who_is_missing_is_told() -> None:
    assert refused(server().url(user="nobody")).hint == "Make the user on the server first: 'createuser'."


@pytest.mark.parametrize("where", ["user:s3cret@", "user@?password=s3cret&"])
def test_a_wrong_password_is_told_and_never_shown(own_server: PostgresServer, where: str) -> None:
    own_server.execute("drop role if exists ana")
    own_server.execute("create role ana login password 'right'")
    rules = own_server.folder / "data" / "pg_hba.conf"
    if "ana" not in rules.read_text():
        rules.write_text("local all ana scram-sha-256\n" + rules.read_text())
        own_server.stop()
        own_server.start()
    login, query = (where + "?").split("?")[:2]
    url = f"postgresql://{login.replace('user', 'ana')}/postgres?{query}host={own_server.folder}"

    told = refused(url)

    assert 'password authentication failed for user "ana"' in told.message
    assert "Check the user and the password" in str(told.hint)
    assert "s3cret" not in str(told)


def test_no_password_is_shown_by_a_player_or_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    from ispcore.cli.main import main

    url = new_postgresql() + "&password=s3cret"
    with pytest.raises(SystemExit):
        main(["init", "--db", url.replace("postgres@", "postgres:s3cret@")])
    with Provider.open(url) as provider:
        provider.load_catalogue(demo_scenario().catalogue, actor=ANA)
    with pytest.raises(RefusedError) as told:
        Player(demo_scenario(), url)

    out = capsys.readouterr()
    assert "is ready" in out.out
    assert "s3cret" not in out.out + out.err + str(told.value)


def name_of(office: Office) -> str:
    return str(office.database._engine.url.database)


def test_a_server_that_only_reads_is_told(office: Office) -> None:
    sql_at(office.url, f"alter database {name_of(office)} set default_transaction_read_only = on")
    office.provider.close_database()

    with pytest.raises(StorageError, match=r"read-only transaction.*Name one that may write"):
        office.register()
    assert office.provider.count_customers(actor=ANA) == 0


def test_a_user_without_rights_is_told(office: Office) -> None:
    server().execute("drop role if exists guest")
    server().execute("create role guest login")

    told = refused(server().url(name_of(office), user="guest"), SqlDatabase.check_schema)

    assert "permission denied" in told.message
    assert "must own its schema" in str(told.hint)


def test_a_user_with_rights_to_the_rows_works_with_the_books(office: Office) -> None:
    server().execute("drop role if exists clerk")
    server().execute("create role clerk login")
    sql_at(office.url, "grant usage on schema public to clerk")
    sql_at(office.url, "grant select, insert, update, delete on all tables in schema public to clerk")

    with Provider.connect(server().url(name_of(office), user="clerk")) as provider:
        provider.load_catalogue(document(reasons={"moved": {"description": "Gone"}}), actor=ANA)
        provider.save_actor(ANA, name="Ana", actor=ANA)
        assert provider.close(LEAP_DAY, actor=ANA).issued_nothing

    sql_at(office.url, "drop owned by clerk")


def test_a_text_that_is_longer_than_its_column_is_told(office: Office) -> None:
    # The rules refuse what their columns do not take; this is for what they forget.
    with (
        pytest.raises(StorageError, match=r"too long.*shorten it"),
        office.database.writing() as work,
    ):
        work.actors.save(ANA, "n" * 201)


def test_a_database_that_cannot_hold_every_text_is_refused() -> None:
    server().execute("drop database if exists latin")
    server().execute("create database latin template template0 encoding 'LATIN1' locale 'C'")

    told = refused(server().url("latin"))

    assert "keeps texts as LATIN1" in told.message
    server().drop_database("latin")


def test_tables_may_live_in_a_schema_of_their_own_beside_those_of_another_program() -> None:
    url = empty_postgresql()
    sql_at(url, "create table customers (name text)")
    sql_at(url, "create table alembic_version (version_num varchar(32) not null)")
    sql_at(url, "insert into alembic_version values ('theirs')")
    sql_at(url, "create schema isp")

    office = Office(None, url + "&options=-csearch_path%3Disp")
    office.load()
    office.register()
    office.provider.close_database()

    assert sql_at(url, "select version_num from public.alembic_version") == [("theirs",)]
    assert sql_at(url, "select count(*) from isp.customers") == [(1,)]
    assert sql_at(url, "select count(*) from public.customers") == [(0,)]


def test_several_processes_may_migrate_at_once() -> None:
    url = empty_postgresql()
    children = [PROCESSES.Process(target=engines.migrate, args=(url,)) for _ in range(4)]

    for child in children:
        child.start()
    for child in children:
        child.join()

    assert [child.exitcode for child in children] == [0] * 4
    found = sql_at(url, "select count(*) from information_schema.tables where table_schema = 'public'")
    assert found == [(len(metadata.tables) + 1,)]


# --- a server that goes away


def test_a_server_that_was_restarted_is_no_failure(own_server: PostgresServer) -> None:
    office = Office(None, own_server.url(own_server.new_database()))
    office.load()
    office.register()

    own_server.stop()
    told = refused(office.url, SqlDatabase.check_schema)
    own_server.start()

    assert "The server must run there" in str(told.hint)
    assert office.register() == 2
    office.provider.close_database()


def interrupted(office: Office, *, writes_on: bool) -> None:
    with office.database.writing() as work:
        work.customers.new_number()
        end_others(office.url)
        if writes_on:
            work.customers.new_number()


def test_a_connection_that_was_ended_meanwhile_is_no_failure(office: Office) -> None:
    office.register()
    sql_at(
        office.url,
        "select pg_terminate_backend(pid, 10000) from pg_stat_activity"
        " where datname = current_database() and pid <> pg_backend_pid()",
    )

    assert office.register("2") == 2


@pytest.mark.parametrize(("long_seconds", "asked"), [(3_600, 0), (0, 3)])
def test_whether_it_is_there_is_asked_of_a_connection_that_lay_idle_for_long(
    office: Office, monkeypatch: pytest.MonkeyPatch, long_seconds: int, asked: int
) -> None:
    kind = type(office.database.engine.dialect)
    pings: list[object] = []
    monkeypatch.setattr(kind, "do_ping", lambda _, connection: pings.append(connection))
    monkeypatch.setattr("ispcore.storage.idle._LONG_SECONDS", long_seconds)

    for code in "123":
        office.register(code)

    assert len(pings) == asked


def test_a_connection_that_is_lost_in_a_transaction_undoes_it(office: Office) -> None:
    with pytest.raises(StorageError, match=r"went away, or ended the connection\. Nothing.*try again"):
        interrupted(office, writes_on=True)

    assert office.register() == 1


def test_a_connection_that_is_lost_while_saving_is_told_to_be_looked_at(office: Office) -> None:
    with pytest.raises(StorageError, match="saved whole or not at all: look, before you repeat it"):
        interrupted(office, writes_on=False)

    assert office.register() == 1


def test_a_transaction_that_waits_too_long_is_told_to_try_again(office: Office) -> None:
    customer = office.register()
    sql_at(office.url, f"alter database {name_of(office)} set lock_timeout = '50ms'")
    office.provider.close_database()

    with office.database.writing() as work:
        work.customers.get(customer)
        with pytest.raises(StorageError, match="Another transaction stood in the way"):
            office.subscribe(customer)

    assert office.subscribe(customer) == 1


def test_a_closing_whose_server_is_killed_is_finished_by_the_next_one(own_server: PostgresServer) -> None:
    template = own_server.new_database()
    office = Office(None, own_server.url(template))
    office.load()
    for number in range(250):
        office.subscribe(office.register(f"Customer {number}"), ("adsl", "fibre")[number % 2])
    office.provider.close_database()
    disturbed = own_server.url(own_server.new_database(template))
    began = time.monotonic()
    office.close(LEAP_DAY)
    whole = time.monotonic() - began
    expected = office.dump("runs", "run_slices")
    office.provider.close_database()

    in_time = 0
    for part in (0.2, 0.5, 0.8):
        ready, theirs = PROCESSES.Pipe(duplex=False)
        child = PROCESSES.Process(target=close, args=(disturbed, LEAP_DAY, theirs))
        child.start()
        with ready, theirs:
            assert ready.recv() == "ready"
        time.sleep(whole * part)
        own_server.stop(signal.SIGQUIT)
        child.join()
        in_time += child.exitcode != 0
        own_server.start()

    assert in_time > 0
    office = Office(None, disturbed)
    office.close(LEAP_DAY)
    assert office.dump("runs", "run_slices") == expected
    assert office.findings() == []
    office.provider.close_database()


# --- the order of texts


def test_texts_are_in_the_order_that_every_engine_gives_them(office: Office) -> None:
    ordered = sql_at(office.url, "select x from (values ('a-b'), ('aa'), ('B'), ('ab')) as v (x) order by x")
    if ordered == [("B",), ("a-b",), ("aa",), ("ab",)]:
        pytest.skip("this PostgreSQL knows no order of a natural language")
    customer = office.register()
    office.subscribe(customer)
    office.close(LEAP_DAY)

    for name in ("a-b", "aa", "B", "ab"):
        office.pay(customer, "1.00", name)

    with office.database.reading() as work:
        assert [one.provider_id for one in work.ledger.payments(customer)] == ["B", "a-b", "aa", "ab"]


# --- the server of the tests


def test_a_machine_without_postgresql_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr("ispcore.testing.postgres._FOLDERS", "/nowhere")

    with pytest.raises(NotFoundError, match="on Debian the package is 'postgresql'"):
        postgres_programs()


def test_a_server_ends_with_the_process_that_started_it_even_when_that_is_killed() -> None:
    script = (
        "import time\n"
        "from ispcore.testing import postgres_server\n"
        "with postgres_server() as server:\n"
        "    print(server.folder, server.process.pid, flush=True)\n"
        "    time.sleep(60)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    folder, number = child.stdout.readline().split()

    child.kill()
    child.wait()
    child.stdout.close()

    patience = time.monotonic() + 60
    while Path(folder).exists() and time.monotonic() < patience:
        time.sleep(0.05)
    assert not Path(folder).exists()
    # Whoever inherits the ended process may take note of that later.
    shown = subprocess.run(["ps", "-o", "stat=", "-p", number], capture_output=True, text=True, check=False)
    assert shown.stdout.strip()[:1] in {"", "Z"}


def test_a_database_of_a_test_is_gone_after_it() -> None:
    url = empty_postgresql()

    engines.drop_databases()

    engine = sa.create_engine(url)
    with pytest.raises(sa.exc.OperationalError, match="does not exist"):
        engine.connect()
    engine.dispose()
