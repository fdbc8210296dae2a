"""Reading and writing FreeRADIUS's tables, once in SQLite and once in PostgreSQL."""

from pathlib import Path

import pytest
from attrs import evolve

from ispcore.driver import (
    Access,
    Cancelled,
    Conflict,
    Health,
    Invalid,
    Key,
    Login,
    Onu,
    PlacementId,
    Resource,
    Seen,
    Unsupported,
    claim_of,
)
from ispcore.values import SecretText
from plugins.radius.tests.calls import (
    EVERY_FIELD,
    Call,
    Desk,
    change,
    deleting,
    desk,
    login,
    making,
    names,
    resource,
    seen_login,
)
from plugins.radius.tests.databases import Database, sqlite_database


def test_an_empty_database_holds_no_login(at: Desk) -> None:
    assert at.all() == {}
    assert at.one("ana") is None


def test_what_is_made_is_read_back_and_seen_from_then_on(at: Desk) -> None:
    wanted = login(download_kbit=20_000, address="100.64.3.7", macs=("aa-bb-cc-00-00-01",), vlan=7)

    (seen,) = at.make(wanted)

    assert seen.key == "ana"
    assert evolve(seen_login(seen), password=wanted.password) == wanted
    assert at.one("ana") == seen
    assert at.all() == {"ana": seen}


def test_a_password_is_written_and_never_seen(at: Desk, database: Database) -> None:
    (seen,) = at.make(login(password=SecretText("segredo")))

    assert database.password("ana") == [("Cleartext-Password", ":=", "segredo")]
    assert "segredo" not in repr(seen)


def test_a_change_writes_its_fields_alone(at: Desk, database: Database) -> None:
    (seen,) = at.make(login(pool="a", download_kbit=1_000))
    before = database.rows("ana")

    now = at.change(seen, pool="b")

    assert [row for row in database.rows("ana") if row not in before] == [
        ("radreply", "Framed-Pool", ":=", "b")
    ]
    assert now.spec == evolve(seen_login(seen), pool="b")


def test_writing_the_same_again_leaves_the_same_rows(at: Desk, database: Database) -> None:
    (seen,) = at.make(login(pool="a", access=Access.WALLED))
    before = database.everything()

    for _ in range(3):
        at.apply(change(evolve(seen, spec=evolve(seen_login(seen), pool="z")), pool="a"))

    assert database.everything() == before


def test_rows_of_other_attributes_stay_whatever_is_done(at: Desk, database: Database) -> None:
    others = [
        ("radcheck", "Auth-Type", ":=", "PAP"),
        ("radcheck", "NAS-IP-Address", "==", "10.0.0.1"),
        ("radreply", "Session-Timeout", ":=", "3600"),
        ("radusergroup", "gold", "", "3"),
    ]
    database.put("ana", *others)
    assert at.all() == {}

    (seen,) = at.make(login(access=Access.WALLED, pool="a"))
    assert seen.status == {
        "radcheck": ("Auth-Type", "NAS-IP-Address"),
        "radreply": ("Session-Timeout",),
        "radusergroup": ("gold",),
    }
    seen = at.change(seen, access=Access.REFUSED, pool=None)
    at.apply(deleting(seen))

    assert database.rows("ana") == others


def test_what_no_change_names_is_left_alone(at: Desk, database: Database) -> None:
    database.put("strange", ("radcheck", "Cleartext-Password", ":=", "x"), ("radreply", "Class", "=", "1"))
    before = (database.rows("strange"), database.password("strange"))

    (seen,) = at.make(login())
    at.apply(deleting(at.change(seen, access=Access.REFUSED)))

    assert (database.rows("strange"), database.password("strange")) == before
    assert list(at.all()) == ["strange"]


def test_a_login_that_stands_there_already_is_not_taken_over(at: Desk, database: Database) -> None:
    database.put("ana", ("radcheck", "Cleartext-Password", ":=", "theirs"))

    refused, made = at.apply(making(login("ana")), making(login("bia")))

    assert isinstance(refused, Conflict)
    assert isinstance(made, Seen)
    assert database.password("ana") == [("Cleartext-Password", ":=", "theirs")]


def test_a_rename_takes_all_rows_along(at: Desk, database: Database) -> None:
    (seen,) = at.make(login("ana", pool="a", access=Access.WALLED))
    database.put("ana", ("radreply", "Session-Timeout", ":=", "3600"))
    rows = set(database.rows("ana"))

    now = at.change(seen, username="ana.maria", access=Access.WALLED)

    assert now.key == "ana.maria"
    assert set(database.rows("ana.maria")) == rows
    assert database.password("ana.maria") == [("Cleartext-Password", ":=", "segredo")]
    assert list(at.all()) == ["ana.maria"]


def test_a_rename_never_meets_somebody_else_s_login(at: Desk, database: Database) -> None:
    (seen,) = at.make(login("ana"))
    database.put("bia", ("radcheck", "Cleartext-Password", ":=", "theirs"))

    (refused,) = at.apply(change(seen, username="bia"))

    assert isinstance(refused, Conflict)
    assert sorted(at.all()) == ["ana", "bia"]


def test_logins_exchange_their_names_in_the_order_of_the_changes(at: Desk) -> None:
    ana, bia = at.make(login("ana", pool="a"), login("bia", pool="b"))

    at.apply(change(ana, username="x"), change(bia, username="ana"))
    moved = at.one("x")
    assert moved is not None
    at.apply(change(moved, username="bia"))

    assert {key: seen_login(seen).pool for key, seen in at.all().items()} == {"ana": "b", "bia": "a"}


def test_a_name_is_free_again_for_the_next_change_once_its_login_is_deleted(at: Desk) -> None:
    (old,) = at.make(login("ana", pool="old"))
    gone, new = at.apply(deleting(old), making(login("ana", pool="new")))

    assert gone is None
    assert seen_login(new).pool == "new"


def test_deleting_what_is_not_there_succeeds(at: Desk) -> None:
    (seen,) = at.make(login())

    assert at.apply(deleting(seen)) == [None]
    assert at.apply(deleting(seen)) == [None]


def test_a_login_that_vanished_meanwhile_is_made_whole(at: Desk, database: Database) -> None:
    (seen,) = at.make(login(pool="a"))
    database.run("DELETE FROM radcheck")
    database.run("DELETE FROM radreply")

    (now,) = at.apply(change(seen, pool="b", password=SecretText("segredo")))

    assert seen_login(now) == evolve(seen_login(seen), pool="b")
    assert database.password("ana") == [("Cleartext-Password", ":=", "segredo")]


def test_what_was_seen_by_others_to_be_changed_is_seen_and_mended(at: Desk, database: Database) -> None:
    (seen,) = at.make(login(download_kbit=1_000, upload_kbit=500))
    database.run("UPDATE radreply SET value = '64k/64k 128k/128k' WHERE attribute = 'Mikrotik-Rate-Limit'")

    now = at.one("ana")
    assert now is not None
    assert (seen_login(now).download_kbit, seen_login(now).upload_kbit) == (-1, -1)

    assert at.change(now, download_kbit=1_000, upload_kbit=500) == seen


def test_one_refusal_does_not_lose_the_others(at: Desk, database: Database) -> None:
    wanted = [login(f"u{number}") for number in range(9)]
    wanted[4] = evolve(wanted[4], vlan=5000)

    results = at.apply(*map(making, wanted))

    assert [type(one) for one in results] == [Seen] * 4 + [Invalid] + [Seen] * 4
    assert len(at.all()) == 8
    assert database.rows("u4") == []


@pytest.mark.parametrize("name", ["nul\0", "half\ud800", "'; DROP TABLE radcheck; --"])
def test_a_name_that_nobody_can_say_is_refused_alone(at: Desk, name: str) -> None:
    refused, made = at.apply(making(login(name)), making(login("ana")))

    assert isinstance(refused, Invalid)
    assert isinstance(made, Seen)
    assert at.one(name) is None


def test_a_database_that_is_careless_about_letters_is_read(tmp_path: Path) -> None:
    database = sqlite_database(tmp_path)
    database.run("DROP TABLE radreply")
    columns = "id INTEGER PRIMARY KEY, username TEXT COLLATE NOCASE, attribute TEXT, op TEXT, value TEXT"
    database.run(f"CREATE TABLE radreply ({columns})")
    database.put("Ana", ("radreply", "Framed-Pool", ":=", "theirs"))

    with desk(database) as at:
        (seen,) = at.make(login("ana", pool="ours"))

    assert seen_login(seen).pool == "ours"


def test_a_row_that_the_database_refuses_is_refused_alone_and_its_secret_is_not_told(
    at: Desk, database: Database
) -> None:
    refuse = {
        "sqlite": "CREATE TRIGGER refuse BEFORE INSERT ON radcheck WHEN NEW.username = 'u1'"
        " BEGIN SELECT RAISE(ABORT, 'UNIQUE constraint failed'); END",
        "postgresql": "ALTER TABLE radcheck ADD CONSTRAINT refuse CHECK (username <> 'u1')",
    }
    allow = {"sqlite": "DROP TRIGGER refuse", "postgresql": "ALTER TABLE radcheck DROP CONSTRAINT refuse"}
    database.run(refuse[database.config.engine.value])

    results = at.apply(*(making(login(f"u{number}")) for number in range(3)))

    database.run(allow[database.config.engine.value])
    assert [type(one) for one in results] == [Seen, Invalid, Seen]
    assert "segredo" not in repr((results[1], getattr(results[1], "__context__", None)))
    assert sorted(at.all()) == ["u0", "u2"]


def test_changes_are_written_in_batches_and_each_asks_first(database: Database) -> None:
    call = Call()

    with desk(database, batch=4) as at:
        results = at.apply(*(making(login(f"u{number}")) for number in range(10)), call=call)

    assert len(results) == 10
    assert call.checkpoints == 3


def test_what_is_cancelled_before_a_batch_is_not_written(database: Database) -> None:
    def stop() -> None:
        if call.checkpoints == 2:
            raise Cancelled("Stopped.")

    call = Call(on_checkpoint=stop)
    changes = [making(login(f"u{number}")) for number in range(6)]

    with desk(database, batch=3) as at:
        results = at.session.apply(changes, call)
        told = [next(results) for _ in range(3)]
        with pytest.raises(Cancelled):
            next(results)

        assert {one.target for one in told} == {one.target.id for one in changes[:3]}
        assert sorted(at.all()) == ["u0", "u1", "u2"]


def test_nothing_is_written_until_somebody_wants_the_results(at: Desk, database: Database) -> None:
    at.session.apply([making(login())], Call())

    assert database.rows("ana") == []


def test_everything_is_seen_in_pages_whatever_the_order_of_the_names(database: Database) -> None:
    wanted = ["a", "A", "b-1", "b.1", "B1", "b 1", "ç", "Z", "z", "_", "0", "joão", "joao", "é"]

    with desk(database, batch=3) as at:
        at.make(*map(login, wanted))
        database.put("nobody", ("radreply", "Class", "=", "1"))

        seen = list(at.session.observe(None, Call()))

    assert sorted(names(seen)) == sorted(wanted)


def test_only_what_was_asked_for_is_seen(database: Database) -> None:
    wanted = [login(f"u{number}") for number in range(10)]

    with desk(database, batch=3) as at:
        at.make(*wanted)

        seen = at.session.observe([resource(one) for one in [*wanted[:7], login("nobody")]], Call())

        assert sorted(names(seen)) == [f"u{number}" for number in range(7)]
        assert list(at.session.observe([], Call())) == []


def test_a_login_is_found_under_the_name_that_it_had(at: Desk) -> None:
    at.make(login("ana"), login("bia"))

    seen = at.session.observe([resource(login("ana.maria"), key="ana")], Call())

    assert names(seen) == ["ana"]


def test_other_writers_go_on_while_everything_is_read(database: Database) -> None:
    with desk(database, batch=1) as at:
        at.make(login("a"), login("b"), login("c"))
        reading = at.session.observe(None, Call())
        next(reading)

        database.put("b", ("radreply", "Class", "=", "1"))

        assert len(list(reading)) == 2


def test_names_are_told_apart_by_their_letters(at: Desk) -> None:
    at.make(login("ana", pool="small"), login("Ana", pool="large"))

    assert {claim_of(seen.spec) for seen in at.all().values()} == {"login/ana", "login/Ana"}


def test_what_is_no_login_is_refused(at: Desk) -> None:
    onu = Onu(serial="HWTC1")
    making_onu = evolve(making(login()), target=Resource(PlacementId("onu@radius"), 1, onu), after=onu)

    (refused,) = at.apply(making_onu)

    assert isinstance(refused, Unsupported)
    assert list(at.session.observe([Resource(PlacementId("onu"), 1, onu, Key("ana"))], Call())) == []


def test_a_database_tells_who_it_is_and_stays_it(at: Desk, database: Database) -> None:
    health = at.session.check(Call())

    assert health.identity.startswith(database.config.engine.value)
    assert health.answers == {}
    with desk(database) as again:
        assert again.session.check(Call()) == health


def test_every_field_of_a_login_is_borne(at: Desk) -> None:
    full = login(
        password=SecretText("x"),
        access=Access.WALLED,
        download_kbit=2,
        upload_kbit=1,
        address="10.0.0.1",
        pool="a",
        ipv6_prefix="2001:db8::/64",
        delegated_prefix="2001:db8:1::/56",
        macs=("AA:BB:CC:00:00:01",),
        sessions=3,
        vlan=7,
    )
    assert all(getattr(full, name) != getattr(Login(username=""), name) for name in EVERY_FIELD)

    (seen,) = at.make(full)

    assert evolve(seen_login(seen), password=full.password) == full
    assert isinstance(at.session.check(Call()), Health)
