"""An office with a simulated OLT, on which a customer of it gets an ONU."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from attrs import define

from ispcore.app import Provider
from ispcore.customers import PersonDetails, PersonKind, RegisterCustomer
from ispcore.driver import Driver, DriverSpec, Login
from ispcore.effects import ActionState, Settings
from ispcore.network_desk import NetworkDesk
from ispcore.plans import AddComponent, Command, Subscribe
from ispcore.storage import SqlDatabase, new_key
from ispcore.testing import MOCK_SPEC, MockDevice, MockDriver
from ispcore.testing.olts import HuaweiOlt, simulated_olt
from ispcore.usecases import Recorded
from ispcore.values import SecretText, SubscriptionId
from ispcore_olt_huawei import SPEC
from ispcore_olt_huawei.driver import HuaweiDriver
from tests.catalogues import START, document
from tests.homes import DEVICES, sections
from tests.providers import ANA, MovableClock, address

Drivers = dict[str, tuple[DriverSpec, Driver[Any]]]


@define
class Shop:
    """A provider with an OLT and a server of logins, where Ana has a subscription with a login."""

    provider: Provider
    clock: MovableClock
    olt: HuaweiOlt
    drivers: Drivers
    subscription: SubscriptionId = SubscriptionId(1)

    @property
    def network(self) -> NetworkDesk:
        return self.provider.network.using(self.drivers, Settings(chance=lambda: 0.0))

    def do(self, command: Command) -> Recorded:
        """Do what the office wants, and let a worker carry it to the network."""
        recorded: Recorded = self.provider.do(command, actor=ANA)  # type: ignore[call-overload] # any command
        self.work()
        return recorded

    def work(self) -> None:
        """Let a worker do everything that it can do a minute later."""
        self.clock.instant += timedelta(minutes=1)
        self.network.worker(actor=ANA, settings=Settings(chance=lambda: 0.0)).run()

    def act(self, action: Any, target: str) -> list[Any]:
        """Act on the network, and return what was answered."""
        acted = self.network.act(target, action, actor=ANA)
        assert acted.record.state is ActionState.DONE, acted.record.error
        return list(acted.values)

    def lagging(self) -> list[str]:
        return [one.id for one in self.network.outbox.lagging(actor=ANA)]


@contextmanager
def shop(
    olt: HuaweiOlt, login: tuple[str, dict[str, Any], DriverSpec, Driver[Any]] | None = None
) -> Iterator[Shop]:
    """Open an office with this OLT; logins stand on a mock device, or as *login* says."""
    name, config, spec, driver = login or (
        "mock",
        {"device": "radius", "password": "mock"},
        MOCK_SPEC,
        MockDriver(MockDevice("radius")),
    )
    clock, key = MovableClock(), new_key()
    books = SqlDatabase("sqlite://", secret_keys=lambda: (key,), instants=lambda _: clock.now())
    books.migrate()
    with simulated_olt(olt) as server, Provider(books, clock=clock) as provider:
        provider.load_catalogue(document(**sections(devices=DEVICES)), actor=ANA)
        opened = Shop(provider, clock, olt, {SPEC.name: (SPEC, HuaweiDriver()), name: (spec, driver)})
        opened.network.devices.add("radius", driver=name, config=config, actor=ANA)
        reached = {
            "host": server.host,
            "port": server.ssh_port,
            "host_key": server.fingerprint,
            "password": olt.behaviour.password,
            "profile": "10",
        }
        opened.network.devices.add("olt", driver=SPEC.name, config=reached, actor=ANA)
        _subscribe(opened)
        yield opened


def _subscribe(opened: Shop) -> None:
    register = RegisterCustomer(
        kind=PersonKind.PERSON,
        details=PersonDetails(name="Ana Souza"),
        addresses=(address("home", "Londrina"),),
    )
    customer = opened.provider.do(register, actor=ANA).customer
    opening = Subscribe(
        customer=customer, plan="home", on=START, status="enabled", charge_method="slip", due_day=10
    )
    assert opened.provider.do(opening, actor=ANA).subscription == opened.subscription
    login = Login(username="ana", password=SecretText("segredo-da-ana"))
    opened.provider.do(AddComponent(subscription=opened.subscription, spec=login), actor=ANA)
