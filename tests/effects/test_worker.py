"""What a worker does with placements that lag, on both engines."""

import sqlalchemy as sa
from attrs import evolve

from ispcore.driver import Access
from ispcore.storage.network_tables import placements
from tests.effects.network import Network, login, placement


def test_what_is_wanted_stands_afterwards(each_network: Network) -> None:
    each_network.want(login("ana"), login("bob", "two", 200))

    done = each_network.run()

    assert each_network.box.logins == {"ana": ("text of one", 100), "bob": ("text of two", 200)}
    assert (done.done, done.left) == (2, 0)
    assert each_network.lagging == []
    assert each_network.intents == []
    assert each_network.claims == {"login/ana": True, "login/bob": True}


def test_running_again_writes_nothing(each_network: Network) -> None:
    each_network.want(login("ana"))
    each_network.run()
    writes = each_network.box.writes

    assert each_network.run().done == 0
    assert each_network.box.writes == writes


def test_what_is_no_longer_wanted_is_taken_away(each_network: Network) -> None:
    each_network.want(login("ana"))
    each_network.run()
    each_network.want_at(each_network.row("ana").id, None)

    each_network.run()

    assert each_network.box.logins == {}
    assert each_network.claims == {}
    row = each_network.row("ana")
    assert (row.applied, row.key, row.applied_generation) == (None, None, 2)


def test_a_rename_is_one_change_and_gives_the_old_name_up(each_network: Network) -> None:
    each_network.want(login("ana"))
    each_network.run()
    each_network.want_at(each_network.row("ana").id, login("anna"))

    each_network.run()

    assert each_network.box.logins == {"anna": ("text of one", 100)}
    assert each_network.claims == {"login/anna": True}


def test_only_a_new_secret_is_written_again(each_network: Network) -> None:
    each_network.want(login("ana"))
    each_network.run()
    each_network.box.put("ana", "tampered", 100)
    each_network.want(login("ana", "one", 300))
    each_network.run()
    assert each_network.box.logins == {"ana": ("tampered", 300)}

    each_network.want(login("ana", "two", 300))
    each_network.run()

    assert each_network.box.logins == {"ana": ("text of two", 300)}


def test_what_is_applied_is_kept_as_the_device_reads_it_back(each_network: Network) -> None:
    each_network.want_at(placement("Ana"), login("Ana"))

    each_network.run()

    row = each_network.row("Ana")
    assert row.applied == {
        "kind": "login",
        "username": "ana",
        "password": {"name": "one"},
        "download_kbit": 100,
    }
    assert row.key == "ana"
    assert row.applied_at == each_network.now


def test_a_name_may_have_any_letters(each_network: Network) -> None:
    names = ["null", 'o"brien', "back\\slash", "a,b", "{c}", "é ☎", "tab\t"]
    for name in names:
        each_network.want(login(name))

    each_network.run()

    assert sorted(each_network.box.logins) == sorted(names)
    assert each_network.lagging == []


def test_what_was_written_is_kept_though_something_else_is_wanted_by_now(each_network: Network) -> None:
    each_network.want(login("eva"))
    each_network.want(login("ana", speed=100))
    kept: list[tuple[int, int]] = []

    def edit(_: str) -> None:
        row = each_network.row("ana")
        if row.generation == 1:
            each_network.want(login("ana", speed=300))
        elif row.applied is not None:
            kept.append((row.applied_generation, row.applied["download_kbit"]))

    each_network.driver.before_write = edit
    each_network.run()

    assert kept == [(1, 100)]
    assert each_network.row("eva").applied["download_kbit"] == 100
    assert each_network.box.logins["ana"] == ("text of one", 300)
    assert each_network.lagging == []


def test_refusing_takes_away_from_the_top_and_giving_back_builds_from_below(each_network: Network) -> None:
    for name in ("olt", "mail"):
        each_network.add_box(name)
    layers = {"olt": 1, "box": 2, "mail": 3}
    for device, layer in layers.items():
        each_network.want(login("ana"), device=device, layer=layer)
    order: list[str] = []
    each_network.driver.before_write = lambda one: order.append(one.partition("@")[2])

    each_network.run()
    for device, layer in layers.items():
        each_network.want(evolve(login("ana"), access=Access.REFUSED), device=device, layer=layer)
    each_network.run()

    assert order == ["olt", "box", "mail", "mail", "box", "olt"]
    assert each_network.lagging == []


def test_what_only_a_later_version_can_read_keeps_no_other_device_waiting(each_network: Network) -> None:
    each_network.add_box("olt")
    each_network.want(login("onu"), device="olt", layer=1)
    each_network.want(login("ana"), layer=2)
    of_a_later_version = {"kind": "hologram", "size": 3}
    with each_network.database.writing() as work:
        there = placements.c.device == "olt"
        work.connection.execute(sa.update(placements).where(there).values(wanted=of_a_later_version))

    done = each_network.run()

    assert each_network.box.logins == {"ana": ("text of one", 100)}
    assert each_network.lagging == [placement("onu", "olt")]
    assert done.idle == 1
