"""What is down, or does not let us in, is told as what it is; what was left is caught up with afterwards."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from attrs import define

from ispcore.driver import Disconnect
from ispcore.effects import ActionState
from ispcore.plans import Resume, Suspend
from ispcore_radius import SignIn
from plugins.radius.tests.conftest import BOTH
from plugins.radius.tests.databases import (
    Database,
    Server,
    connected,
    postgresql_database,
    postgresql_server,
    sqlite_database,
)
from plugins.radius.tests.freeradius import SECRET, FreeRadius
from plugins.radius.tests.test_office import HERS, POINT, Desk, desk, office, stored
from tests.providers import ANA

__all__ = ["desk"]

pytestmark = pytest.mark.server

NOBODY = ("127.0.0.1", 1, 1)
"""Where no server of RADIUS is."""


def failure(desk: Desk) -> str:
    """Try whether Ana gets in, and return what is told instead of an answer."""
    record = desk.network.act(HERS, SignIn(), actor=ANA).record
    assert record.state is ActionState.FAILED
    text: str = (record.error or {})["text"]
    return text


def test_a_freeradius_that_is_down_keeps_nobody_from_working_and_knows_everything_afterwards(
    desk: Desk, radius: FreeRadius
) -> None:
    radius.stop()
    try:
        desk.has(address="100.64.3.7")
        told = failure(desk)
    finally:
        radius.launch()

    assert f"FreeRADIUS at 127.0.0.1:{radius.port} is down: nobody listens there." in told
    assert desk.signs_in().reply["Framed-IP-Address"] == "100.64.3.7"


@define
class Breakable:
    """A database of one's own that can be taken away and given back."""

    database: Database
    take_away: Callable[[], None]
    give_back: Callable[[], Database]


@pytest.fixture(params=BOTH)
def breakable(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Breakable]:
    """A database that only this test has, once on each engine."""
    if request.param == "sqlite":
        database = sqlite_database(tmp_path)
        path, away = Path(database.config.path), tmp_path / "away.db"

        def moved_back() -> Database:
            away.rename(path)
            return database

        yield Breakable(database, lambda: _move(path, away), moved_back)
        return
    request.getfixturevalue("postgresql")  # it tells where there can be none
    with postgresql_server() as own:
        database = postgresql_database(own)

        def started() -> Database:
            own.postgres.start()
            owner = connected(own.postgres)
            owner.autocommit = True
            request.addfinalizer(owner.close)
            return Database(database.config, Server(own.postgres, owner))

        yield Breakable(database, own.postgres.stop, started)


def _move(path: Path, to: Path) -> None:
    path.rename(to)


def test_while_the_database_is_down_work_waits_and_is_caught_up_with_when_it_is_back(
    breakable: Breakable,
) -> None:
    with office(breakable.database, NOBODY) as desk:
        desk.has()

        breakable.take_away()
        desk.do(Suspend(subscription=desk.subscription))
        told = failure(desk)
        waits = desk.network.devices.get("radius", actor=ANA)
        desk.do(Resume(subscription=desk.subscription))
        desk.do(Suspend(subscription=desk.subscription))
        database = breakable.give_back()
        desk.clock.instant += timedelta(minutes=10)
        caught_up = desk.network.worker(actor=ANA).run()

    assert "cannot be reached" in told
    assert (waits.standing.lagging, waits.standing.troubled, waits.row.stopped) == (1, 0, None)
    assert caught_up.done == 1
    assert ("radcheck", "Auth-Type", ":=", "Reject") in database.rows("ana")


def test_a_password_that_the_database_does_not_take_waits_for_a_person_who_gives_the_right_one(
    postgresql: Server,
) -> None:
    database = postgresql_database(postgresql)
    right = stored(database)
    with office(database, NOBODY) as desk:
        desk.network.devices.change("radius", config=right | {"password": "wrong"}, actor=ANA)
        desk.has()
        waits = desk.network.devices.get("radius", actor=ANA).row

        desk.network.devices.change("radius", config=right, actor=ANA)
        desk.network.devices.release("radius", actor=ANA)
        caught_up = desk.network.worker(actor=ANA).run()

    assert waits.stopped is not None
    assert waits.stopped.text.endswith("does not let us in. Look at user, password and rights.")
    assert caught_up.done == 1
    assert database.password("ana") == [("Cleartext-Password", ":=", "segredo")]


@pytest.mark.parametrize(
    ("cause", "told"),
    [
        ("silent", "ana: session 81a0 on 127.0.0.1: port {port} of the access point is silent"),
        ("secret", "ana: session 81a0 on 127.0.0.1: port {port} of the access point is silent"),
        ("unknown", "ana: session 81a0 on 127.0.0.1 cannot be asked for: no secret of the access point"),
        ("nak", "ana: session 81a0 on 127.0.0.1 was not closed: the access point says Administratively"),
    ],
)
def test_an_access_point_that_closes_nothing_is_told_by_its_reason_and_asked_again_afterwards(
    desk: Desk, cause: str, told: str
) -> None:
    desk.has()
    desk.point.start("81a0", "ana")
    row = "UPDATE nas SET nasname = ? WHERE nasname = ?"
    if cause == "silent":
        desk.point.silent = True
    elif cause == "secret":
        desk.point.secret = "another"
    elif cause == "unknown":
        desk.database.run(row, "10.0.0.9", POINT)
    else:
        desk.point.refuses_to_close = "Administratively-Prohibited"

    record = desk.network.act(HERS, Disconnect(), actor=ANA).record
    desk.point.silent, desk.point.secret, desk.point.refuses_to_close = False, SECRET, None
    desk.database.run(row, POINT, "10.0.0.9")

    unsure = cause in ("silent", "secret")
    assert record.state is (ActionState.UNKNOWN if unsure else ActionState.FAILED)
    assert told.format(port=desk.point.port) in (record.error or {})["text"]
    assert desk.point.open == {"81a0": "ana"}
    desk.act(Disconnect())
    assert desk.point.open == {}
