"""A provider with mock devices on its network, a clock that workers go by too, and short ways to both."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import cache
from typing import Any

from attrs import define

from ispcore.app import Provider
from ispcore.customers import PersonDetails, PersonKind, RegisterCustomer
from ispcore.driver import Login, Spec, claim_of
from ispcore.effects import DriftReport, Run, Settings
from ispcore.network_desk import NetworkDesk
from ispcore.plans import AddComponent, Command, Subscribe
from ispcore.storage import SqlDatabase, new_key
from ispcore.testing import MOCK_SPEC, MockDevice, MockDriver
from ispcore.usecases import Recorded
from ispcore.values import SubscriptionId
from tests import engines
from tests.catalogues import START, document
from tests.homes import sections
from tests.providers import ANA, MovableClock, address


@define
class Stage:
    """A provider, its devices by name, and the clock of everybody."""

    provider: Provider
    clock: MovableClock
    devices: dict[str, MockDevice]

    @property
    def network(self) -> NetworkDesk:
        driver = MockDriver(*self.devices.values())
        settings = Settings(chance=lambda: 0.0)
        return self.provider.network.using({"mock": (MOCK_SPEC, driver)}, settings)

    def subscribe(self, *specs: Spec, plan: str = "home") -> SubscriptionId:
        """Return an enabled subscription of a new customer, which carries these on the network."""
        register = RegisterCustomer(
            kind=PersonKind.PERSON,
            details=PersonDetails(name="Ana Souza"),
            addresses=(address("home", "Londrina"),),
        )
        customer = self.provider.do(register, actor=ANA).customer
        opening = Subscribe(
            customer=customer, plan=plan, on=START, status="enabled", charge_method="slip", due_day=10
        )
        subscription = self.provider.do(opening, actor=ANA).subscription
        for spec in specs:
            self.do(AddComponent(subscription=subscription, spec=spec))
        return subscription

    def do(self, command: Command) -> Recorded:
        recorded: Recorded = self.provider.do(command, actor=ANA)  # type: ignore[call-overload] # any command
        return recorded

    def work(self) -> Run:
        """Let a worker do everything that it can do now."""
        return self.network.worker(actor=ANA, settings=Settings(chance=lambda: 0.0)).run()

    def look(self, device: str = "radius", **options: Any) -> DriftReport:
        (report,) = self.network.drift(device, actor=ANA, **options)
        return report

    def pass_by(self, **time: float) -> None:
        self.clock.instant += timedelta(**time)

    def lagging(self) -> list[str]:
        return [one.id for one in self.network.outbox.lagging(actor=ANA)]

    def on_devices(self) -> dict[str, Spec]:
        """Return everything that stands on any device, by its name there."""
        standing = (one for device in self.devices.values() for one in device.standing().values())
        return {claim_of(one.spec): one.spec for one in standing}

    def login(self, username: str = "ana") -> Login:
        found = self.devices["radius"].spec(f"login/{username}")
        assert isinstance(found, Login)
        return found


KEY = new_key()
"""What secrets of stages are locked with."""


@contextmanager
def a_stage() -> Iterator[Stage]:
    """Give a stage with a RADIUS server, an OLT and a box for everything else."""
    clock, url = MovableClock(), engines.in_memory()
    database = SqlDatabase(url, secret_keys=lambda: (KEY,), instants=lambda _: clock.now())
    if engines.on_postgresql():
        database.migrate()
    else:
        with database.reading() as work:
            work.connection.connection.driver_connection.deserialize(_prepared())  # type: ignore[union-attr] # SQLite's
    with Provider(database, clock=clock) as provider:
        stage = Stage(provider, clock, {name: MockDevice(name) for name in DEVICES})
        if engines.on_postgresql():
            _prepare(stage)
        yield stage
    engines.drop_database(url)


DEVICES = ("radius", "olt", "box")


def _prepare(stage: Stage) -> None:
    stage.provider.load_catalogue(document(**sections()), actor=ANA)
    for name in DEVICES:
        config = {"device": name, "password": "mock"}
        stage.network.devices.add(name, driver="mock", config=config, lanes=1, actor=ANA)


@cache
def _prepared() -> bytes:
    """Return the database of a stage before anything happens on it."""
    database = SqlDatabase("sqlite://", secret_keys=lambda: (KEY,))
    database.migrate()
    with Provider(database, clock=MovableClock()) as provider:
        _prepare(Stage(provider, MovableClock(), {}))
        with database.reading() as work:
            kept: bytes = work.connection.connection.driver_connection.serialize()  # type: ignore[union-attr] # SQLite's
        return kept
