"""Contributions, placements and claims in the database: in bulk, in turns, and nothing twice."""

import os
import random
import signal
import time
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from multiprocessing import Pipe, get_context
from multiprocessing.connection import Connection
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from attrs import evolve

from ispcore.app import Provider
from ispcore.catalog import Serves
from ispcore.driver import Access, Domain, Login, Mailbox, Onu, PlacementId, SecretRef, Spec
from ispcore.errors import ConcurrentChangeError, IspcoreError, RefusedError, StorageError
from ispcore.network import Contribution, Placement, PoolAddress
from ispcore.plans import (
    AddComponent,
    Block,
    ChangeComponent,
    ImportSubscription,
    Suspend,
)
from ispcore.storage import SqlDatabase
from ispcore.storage.network import NetworkStore
from ispcore.storage.network_tables import claims
from ispcore.usecases import Find, Renewal
from ispcore.usecases.network_stores import Claim, Holder, NetworkChange, Placed
from ispcore.values import ComponentId, CustomerId, SubscriptionId
from tests.catalogues import START
from tests.homes import LOGIN, MAILBOX, ONU, midnight, sections
from tests.providers import ANA, Office

DAY = timedelta(days=1)
NOW = datetime(2012, 2, 24, 12, tzinfo=UTC)


@pytest.fixture
def home(each_engine: str) -> Iterator[Office]:
    """An office that sells to homes, on each engine."""
    office = Office(None, each_engine)
    office.load(**sections())
    yield office
    office.provider.close_database()


def subscribed(office: Office, *specs: Spec, name: str = "Ana") -> SubscriptionId:
    subscription = office.subscribe(office.register(name), "home")
    for spec in specs:
        office.do(AddComponent(subscription=subscription, spec=spec))
    return subscription


def login(number: int) -> Login:
    return Login(username=f"user{number}")


def test_more_are_asked_for_at_once_than_a_server_takes_parameters(home: Office) -> None:
    many = 70_000
    subscription = subscribed(home, Login(username="ana", address="192.0.2.1"))
    resource = f"{subscription}:login"
    claim, address = Claim("radius", "login/ana"), PoolAddress("@radius", "192.0.2.1")
    strangers = [str(number) for number in range(many)]

    with home.database.reading() as work:
        network, addresses = work.network, work.addresses
        theirs = network.contributions([SubscriptionId(1_000 + n) for n in range(many)], [resource])
        mine = network.contributions([subscription], strangers)
        placed = network.placements([*strangers, resource])
        holders = network.holders([claim, *(Claim("radius", name) for name in strangers)])
        held = addresses.of([*strangers, resource])
        whose = addresses.holders([address, *(PoolAddress("@radius", name) for name in strangers)])

    assert (
        [one.resource for one in [*theirs, *mine]] == [one.resource for one in placed] * 2 == [resource] * 2
    )
    assert [holder.subscription for holder in (holders[claim], whose[address])] == [subscription] * 2
    assert held == {resource: frozenset({address})}


def together(*acts: Callable[[], object]) -> list[object]:
    """Do all at the same time; return what each returned, or the error that it raised."""
    start = Barrier(len(acts))

    def one(act: Callable[[], object]) -> object:
        start.wait()
        try:
            return act()
        except IspcoreError as error:
            return error

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(one, acts))


@contextmanager
def statements_of(office: Office) -> Iterator[list[str]]:
    """Collect the statements that are sent to the database."""
    seen: list[str] = []

    def keep(_: Any, __: Any, statement: str, *___: Any) -> None:
        seen.append(statement)

    engine = office.database._engine
    sa.event.listen(engine, "before_cursor_execute", keep)
    yield seen
    sa.event.remove(engine, "before_cursor_execute", keep)


# --- rows


def contribution(subscription: SubscriptionId, **more: Any) -> Contribution:
    usual = {
        "customer": CustomerId(1),
        "component": ComponentId("login"),
        "resource": "1:login",
        "kind": Login,
        "device": "radius",
        "serves": Serves.FULL,
        "spec": Login(username="ana", password=SecretRef("s1"), macs=("02:00:00:00:00:01",)),
        "needs": ("1:onu",),
        "valid_until": NOW + DAY,
    }
    return Contribution(subscription=subscription, **{**usual, **more})


def test_a_contribution_is_read_as_it_was_saved_with_all_that_others_want_of_its_resource(
    home: Office,
) -> None:
    first, second = subscribed(home), subscribed(home)
    mine = contribution(first)
    bare = contribution(first, component=ComponentId("b"), resource="1:b", spec=None, device=None, needs=())
    hers = contribution(second, customer=CustomerId(2), valid_until=None)
    other = contribution(second, customer=CustomerId(2), component=ComponentId("b"), resource="2:b")

    with home.database.writing() as work:
        work.network.save(NetworkChange(contributions=(mine, bare, hers, other)))
    with home.database.reading() as work:
        found = work.network.contributions([first], [])
        named = work.network.contributions([], ["2:b"])
        due = work.network.carrying(NOW + DAY)
        early = work.network.carrying(NOW)
        every = work.network.carrying()

    assert found == (bare, mine, hers)
    assert named == (other,)
    assert due == every == [(CustomerId(1), first), (CustomerId(2), second)]
    assert early == []


def test_what_is_saved_again_takes_the_place_and_what_is_dropped_is_gone(home: Office) -> None:
    subscription = subscribed(home)
    before = contribution(subscription)
    after = evolve(before, serves=Serves.OFF, resource="1:other")

    for change in (
        NetworkChange(contributions=(before,)),
        NetworkChange(contributions=(after,)),
    ):
        with home.database.writing() as work:
            work.network.save(change)
    with home.database.writing() as work:
        kept = work.network.contributions([subscription], [])
        work.network.save(NetworkChange(dropped=((subscription, before.component),)))
        gone = work.network.contributions([subscription], [])

    assert kept == (after,)
    assert gone == ()


def placement(device: str = "radius", **more: Any) -> Placement:
    usual = {
        "id": PlacementId(f"1:login@{device}"),
        "resource": "1:login",
        "device": device,
        "kind": Login,
        "generation": 1,
        "wanted": LOGIN,
        "layer": 2,
        "needs": ("1:onu",),
        "moved_at": NOW,
    }
    return Placement(**{**usual, **more})


def test_a_placement_counts_in_the_database_and_begins_anew_after_trouble(home: Office) -> None:
    moved = placement(wanted=None, generation=2, moved_at=NOW + DAY, needs=())
    with home.database.writing() as work:
        work.network.save(NetworkChange(placed=(Placed(placement(), new=True),)))
        work.connection.execute(
            sa.text("update placements set generation = 5, attempts = 3, trouble = 'dead'")
        )

    with home.database.writing() as work:
        work.network.save(NetworkChange(placed=(Placed(moved, steps=1),)))
    with home.database.reading() as work:
        found = work.network.placements(["1:login"])
        (attempts,) = work.connection.execute(sa.text("select attempts from placements")).one()

    assert found == (evolve(moved, generation=6),)
    assert attempts == 0


def test_other_needs_leave_the_trouble_and_the_generation_alone(home: Office) -> None:
    with home.database.writing() as work:
        work.network.save(NetworkChange(placed=(Placed(placement(), new=True),)))
        work.connection.execute(sa.text("update placements set attempts = 3, trouble = 'dead'"))
        work.network.save(NetworkChange(placed=(Placed(placement(needs=()), steps=0),)))

    with home.database.reading() as work:
        found = work.network.placements(["1:login"])

    assert found == (placement(needs=(), trouble="dead"),)


def test_whoever_places_a_resource_second_must_read_again(home: Office) -> None:
    change = NetworkChange(placed=(Placed(placement(), new=True),))
    with home.database.writing() as work:
        work.network.save(change)

    with pytest.raises(ConcurrentChangeError, match="1:login@radius"), home.database.writing() as work:
        work.network.save(change)


def test_a_claim_is_one_placements_on_its_device_and_its_holder_is_named(home: Office) -> None:
    subscription = subscribed(home)
    other = placement("other", id=PlacementId("2:login@radius"), resource="2:login")
    name = Claim("radius", "login/ana")
    with home.database.writing() as work:
        work.network.save(
            NetworkChange(
                contributions=(contribution(subscription),),
                placed=(Placed(placement(), new=True), Placed(other, new=True)),
                claims={name: PlacementId("1:login@radius")},
            )
        )

    with home.database.writing() as work:
        holders = work.network.holders([name, Claim("other", "login/ana")])
        work.network.save(NetworkChange(claims={name: PlacementId("1:login@radius")}))
        with pytest.raises(RefusedError, match=f"subscription {subscription} of customer 1") as refusal:
            work.network.save(NetworkChange(claims={name: PlacementId("2:login@radius")}))

    assert holders == {name: Holder(PlacementId("1:login@radius"), subscription, CustomerId(1))}
    assert refusal.value.rule == "claim-taken"


def test_a_name_that_a_worker_gives_up_while_it_is_wanted_back_is_claimed_again(
    home: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscription = subscribed(home, LOGIN)
    other = ChangeComponent(subscription=subscription, component=ComponentId("login"), spec=login(1))
    home.do(other)
    save = NetworkStore.save

    def save_after_the_worker(store: NetworkStore, change: NetworkChange) -> None:
        store._connection.execute(sa.delete(claims).where(claims.c.claim == "login/ana"))
        save(store, change)

    monkeypatch.setattr(NetworkStore, "save", save_after_the_worker)
    home.do(evolve(other, spec=LOGIN))

    assert home.sql("select claim from claims order by claim") == [("login/ana",), ("login/user1",)]


def test_a_name_that_its_holder_gives_up_while_it_is_asked_for_is_to_be_asked_for_again(
    home: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscribed(home, LOGIN)
    second = subscribed(home, login(1), name="Bia")
    holders = NetworkStore.holders

    def holders_after_the_worker(store: NetworkStore, wanted: Collection[Claim]) -> dict[Claim, Holder]:
        store._connection.execute(sa.delete(claims).where(claims.c.claim == "login/ana"))
        return holders(store, wanted)

    claim = {Claim("radius", "login/ana"): PlacementId(f"{second}:login@radius")}
    monkeypatch.setattr(NetworkStore, "holders", holders_after_the_worker)
    with pytest.raises(ConcurrentChangeError), home.database.writing() as work:
        work.network.save(NetworkChange(claims=claim))


def test_placements_are_changed_in_the_order_of_their_names_so_that_nobody_waits_in_a_ring(
    home: Office,
) -> None:
    subscription = subscribed(home, Mailbox(address="a@isp.test"), Mailbox(address="b@isp.test"))
    changed: list[Any] = []

    def keep(_: Any, __: Any, statement: str, parameters: Any, *___: Any) -> None:
        if statement.startswith("UPDATE placements"):
            for row in parameters:
                values = row.values() if isinstance(row, dict) else row
                changed.extend(value for value in values if str(value).endswith("@box"))

    sa.event.listen(home.database._engine, "before_cursor_execute", keep)
    home.do(Suspend(subscription=subscription))
    sa.event.remove(home.database._engine, "before_cursor_execute", keep)

    assert changed == [f"{subscription}:mailbox-2@box", f"{subscription}:mailbox@box"]


def test_a_kind_that_nobody_knows_is_told(home: Office) -> None:
    subscription = subscribed(home, LOGIN)
    with home.database.writing() as work:
        work.connection.execute(sa.text("update placements set kind = 'cable'"))

    with pytest.raises(StorageError, match="unknown kind 'cable'"):
        home.provider.network.plan(subscription, actor=ANA)


def test_a_word_that_ispcore_never_writes_is_told_as_damage(home: Office) -> None:
    subscription = subscribed(home, LOGIN)
    with home.database.writing() as work:
        work.connection.execute(sa.text("update contributions set serves = 'much'"))

    with pytest.raises(StorageError, match="is damaged"):
        home.provider.network.plan(subscription, actor=ANA)


# --- statements


def test_without_components_a_command_asks_nothing_of_the_network(home: Office) -> None:
    without, other = subscribed(home), subscribed(home)

    with statements_of(home) as seen:
        home.do(Suspend(subscription=without))
    with statements_of(home) as compared:
        home.do(AddComponent(subscription=other, spec=LOGIN))

    tables = ("contributions", "placements", "claims")
    assert not [one for one in seen if any(name in one for name in tables)]
    assert all(any(name in one for one in compared) for name in tables)


def test_with_components_the_statements_do_not_grow_with_their_number(home: Office) -> None:
    counts = []
    few = subscribed(home, LOGIN, MAILBOX)
    many = subscribed(
        home,
        login(1),
        login(2),
        login(3),
        Onu(serial="ZTEGA"),
        Onu(serial="ZTEGB"),
        Mailbox(address="a@isp.test"),
        Domain(name="isp.test"),
    )
    for subscription in (few, many):
        with statements_of(home) as seen:
            home.do(Suspend(subscription=subscription))
        counts.append(len(seen))

    assert counts[0] == counts[1]


def test_the_statements_of_a_tick_do_not_grow_with_the_subscriptions(home: Office) -> None:
    counts = []
    for number, size in enumerate((2, 12)):
        for nth in range(size):
            subscription = subscribed(home, Login(username=f"{number}-{nth}"))
            home.do(Block(subscription=subscription, until=START + (number + 1) * DAY))
        home.clock.instant = midnight(START + (number + 1) * DAY)
        with statements_of(home) as seen:
            done = home.provider.network.tick(actor=ANA)
        assert done.moved == size
        counts.append(len(seen))
        home.clock.instant = NOW

    assert counts[0] == counts[1]


def imports(office: Office, first: int, count: int) -> list[Any]:
    def with_login(number: int) -> Any:
        def make(find: Find) -> Iterator[Any]:
            yield ImportSubscription(
                customer=CustomerId(1),
                plan="home",
                system="old",
                foreign_id=str(number),
                status="enabled",
                charge_method="slip",
                due_day=10,
                on=START,
            )
            yield AddComponent(subscription=find.subscription("old", str(number)), spec=login(number))

        return make

    return [with_login(number) for number in range(first, first + count)]


def test_an_import_with_components_is_placed_and_a_second_run_knows_it(home: Office) -> None:
    home.register()

    outcomes = list(home.provider.do_many(imports(home, 0, 12), actor=ANA, slice_size=5))
    again = list(home.provider.do_many(imports(home, 0, 12), actor=ANA, slice_size=5))

    assert [outcome.error for outcome in outcomes] == [None] * 12
    assert [str(getattr(outcome.error, "rule", None)) for outcome in again] == ["component-twice"] * 12
    with home.database.reading() as work:
        assert len(work.network.carrying()) == 12
    assert home.findings() == []


# --- at the same time


@pytest.mark.parametrize("attempt", range(2))
def test_of_two_who_want_the_same_name_one_gets_it(home: Office, attempt: int) -> None:
    both = [subscribed(home, name=str(number)) for number in range(2)]

    done = together(
        *[
            lambda one=one: home.provider.do(AddComponent(subscription=one, spec=LOGIN), actor=ANA)
            for one in both
        ]
    )

    refused = [one for one in done if isinstance(one, RefusedError)]
    assert [one.rule for one in refused] == ["claim-taken"]
    assert "of customer" in refused[0].message
    with home.database.reading() as work:
        assert len(work.network.carrying()) == 1
    assert home.findings() == []


def test_commands_to_subscriptions_that_share_a_resource_lose_nothing(home: Office) -> None:
    customer = home.register()
    first = home.subscribe(customer, "home")
    home.do(AddComponent(subscription=first, spec=ONU))
    others = [home.subscribe(customer, "home") for _ in range(3)]
    for one in others:
        home.do(AddComponent(subscription=one, resource=f"{first}:onu"))

    done = together(
        *[lambda one=one: home.provider.do(Suspend(subscription=one), actor=ANA) for one in (first, *others)]
    )

    assert not [one for one in done if isinstance(one, Exception)]
    (found,) = home.provider.network.placements(first, actor=ANA)
    assert (found.wanted, found.generation) == (
        evolve(ONU, enabled=False, download_kbit=512, upload_kbit=256),
        2,
    )
    assert home.findings() == []


def test_two_ticks_at_the_same_time_do_each_thing_once(home: Office) -> None:
    subscriptions = [subscribed(home, login(number), name=str(number)) for number in range(10)]
    for one in subscriptions:
        home.do(Block(subscription=one, until=START + DAY))
    home.clock.instant = midnight(START + DAY)

    done = together(*[lambda: home.provider.network.tick(actor=ANA)] * 2)

    assert not [one for one in done if isinstance(one, Exception)]
    assert sum(one.moved for one in done if isinstance(one, Renewal)) == 10
    for one in subscriptions:
        (found,) = home.provider.network.placements(one, actor=ANA)
        assert found.generation == 3
    assert home.findings() == []


def test_a_tick_and_commands_at_the_same_time_lose_nothing(home: Office) -> None:
    subscriptions = [subscribed(home, login(number), name=str(number)) for number in range(6)]
    for one in subscriptions:
        home.do(Block(subscription=one, until=START + DAY))
    home.clock.instant = midnight(START + DAY)

    done = together(
        lambda: home.provider.network.tick(actor=ANA),
        *[lambda one=one: home.provider.do(Suspend(subscription=one), actor=ANA) for one in subscriptions],
    )

    assert not [one for one in done if isinstance(one, Exception)]
    for one in subscriptions:
        (found,) = home.provider.network.placements(one, actor=ANA)
        assert isinstance(found.wanted, Login)
        assert found.wanted.access is Access.REFUSED
    assert home.findings() == []


# --- killed

KILLS = int(os.environ.get("ISPCORE_TICK_KILLS", "2"))
"""How often a tick is killed on each engine."""


def _tick(url: str, at: datetime, ready: Connection) -> None:
    from ispcore.usecases import renewal

    renewal.SLICE = 1
    with Provider(SqlDatabase(url)) as provider:
        provider.catalogue(actor=ANA)
        ready.send(None)
        provider.network.tick(at, actor=ANA)


def killed_tick(url: str, at: datetime, after: float) -> None:
    """Begin a tick, and kill it *after* so many seconds."""
    ready, told = Pipe()
    child = get_context("spawn").Process(target=_tick, args=(url, at, told))
    child.start()
    ready.recv()
    time.sleep(after)
    child.kill()
    child.join()
    child.close()
    ready.close()
    told.close()


@pytest.mark.endurance
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill at once")
def test_a_tick_that_is_killed_and_run_again_leaves_what_an_undisturbed_one_does(
    home: Office, each_engine: str
) -> None:
    subscriptions = [subscribed(home, login(number), name=str(number)) for number in range(8)]
    chance = random.Random(each_engine.partition(":")[0])
    for kill in range(1, KILLS + 1):
        for one in subscriptions:
            home.do(Block(subscription=one, until=START + kill * DAY))
        at = midnight(START + kill * DAY)
        home.clock.instant = at

        killed_tick(each_engine, at, chance.uniform(0, 0.15))
        done = home.provider.network.tick(actor=ANA)

        assert done.problems == ()
        assert home.provider.network.tick(actor=ANA) == Renewal()
        assert home.findings() == []
        for one in subscriptions:
            (found,) = home.provider.network.placements(one, actor=ANA)
            # Generation 1 was that of the opening; each block and each of its ends is one more.
            assert (found.generation, getattr(found.wanted, "access", None)) == (1 + 2 * kill, Access.OPEN)
