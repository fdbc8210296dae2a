"""A whole provider in memory: books, workers, and a mock device for each that its catalogue names."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from ispcore.app import Provider
from ispcore.customers import Address, AddressType, PersonDetails, PersonKind, RegisterCustomer
from ispcore.effects import Run, SecretSource, Settings, Ways, Worker
from ispcore.errors import NotFoundError
from ispcore.hooks.plugins import Plugins
from ispcore.plans import Subscribe
from ispcore.storage import SqlDatabase, SqlEffects, new_key
from ispcore.testing.clock import MovableClock
from ispcore.testing.mock_device import MockDevice
from ispcore.testing.mock_driver import MOCK_SPEC, MockDriver
from ispcore.timeline import Actor
from ispcore.values import AddressId, SecretText

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ispcore.driver import Driver, DriverSpec, SecretRef
    from ispcore.values import CustomerId, SubscriptionId

CATALOGUE = Path(__file__).with_name("isp.toml")
"""The catalogue that the provider in memory sells by default."""

_NOBODY = Actor("test", {"*"})


class MockIsp:
    """A provider that serves mock devices; everything stands in memory and is gone afterwards.

    ``provider`` takes commands of ``actor``; :meth:`work` carries out on the devices what they left to do.
    """

    def __init__(
        self,
        today: date | MovableClock,
        catalogue: str | Path | Mapping[str, Any] = CATALOGUE,
        *,
        actor: Actor = _NOBODY,
        url: str = "sqlite://",
        plugins: Plugins | None = None,
    ) -> None:
        """Open the provider, load *catalogue*, and put a device wherever it names one.

        It has no *plugins* unless they are given, whatever is installed.
        """
        self.clock = today if isinstance(today, MovableClock) else MovableClock(today)
        self.actor = actor
        key = cache(new_key)
        self._database = SqlDatabase(url, secret_keys=lambda: [key()])
        self._database.migrate()
        self.provider = Provider(self._database, clock=self.clock, plugins=plugins)
        self._devices: dict[str, MockDevice] = {}
        self.load(catalogue)

    def __enter__(self) -> Self:
        """Use the provider in a ``with`` block."""
        return self

    def __exit__(self, *_: object) -> None:
        """Let go of the database."""
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self.provider.close_database()

    # Books

    def load(self, catalogue: str | Path | Mapping[str, Any]) -> None:
        """Make *catalogue* that of the provider; a device that it names for the first time is empty."""
        self.provider.load_catalogue(catalogue, actor=self.actor)
        known = self.provider.catalogue(actor=self.actor)
        points = (point.devices for point in known.access_points.values())
        for name in sorted({name for devices in (known.devices, *points) for name in devices.values()}):
            if name not in self._devices:
                self.add_device(name)

    def customer(self, name: str = "Maria") -> CustomerId:
        """Register a person, and return the customer's number."""
        home = Address(id=AddressId("home"), type=AddressType.REGISTERED, city="Londrina")
        details = PersonDetails(name=name)
        command = RegisterCustomer(kind=PersonKind.PERSON, details=details, addresses=(home,))
        return self.provider.do(command, actor=self.actor).customer

    def subscribe(
        self,
        plan: str = "home",
        *,
        customer: CustomerId | None = None,
        **more: Any,  # noqa: ANN401 - fields of the command
    ) -> SubscriptionId:
        """Sell a plan that is enabled at once, to a new customer unless one is named."""
        fields = {"status": "enabled", "charge_method": "slip", "due_day": 10, **more}
        owner = self.customer() if customer is None else customer
        command = Subscribe(customer=owner, plan=plan, **fields)
        return self.provider.do(command, actor=self.actor).subscription

    def do(self, command: Any) -> Any:  # noqa: ANN401 - as Provider.do
        """Carry out a command."""
        return self.provider.do(command, actor=self.actor)

    # The network

    def add_device(self, name: str, **settings: Any) -> MockDevice:  # noqa: ANN401 - see MockSettings
        """Put one more device there; *settings* say how it behaves."""
        device = MockDevice(name, **settings)
        with self._database.writing() as work:
            work.devices.add(name, driver=MOCK_SPEC.name, config={"device": name})
        self._devices[name] = device
        return device

    def device(self, name: str) -> MockDevice:
        """Return a device to look at, or raise NotFoundError."""
        if name not in self._devices:
            known = ", ".join(sorted(self._devices)) or "none"
            raise NotFoundError("mock device", name, hint=f"There are: {known}.")
        return self._devices[name]

    def work(self) -> Run:
        """Let a worker carry out what is to be done, until nothing is left that can be done now."""
        return self.worker().run()

    def worker(self, settings: Settings | None = None) -> Worker:
        """Return a worker of one's own; its clock for leases and pauses is the provider's."""
        store = SqlEffects(self._database, instants=lambda _: self.clock.now())
        ways = Ways(self._spec, self._secret, self._made)
        return Worker(store, ways, resolve=self._resolve, settings=settings or Settings(chance=lambda: 0.0))

    def move_to(self, today: date) -> None:
        """Make it noon of that day: what ends by itself has ended, and what rested may be tried again."""
        self.clock.move_to(today)
        self.provider.network.tick(actor=self.actor)

    def next_day(self) -> None:
        """Let a day pass."""
        self.move_to(self.clock.now().date() + timedelta(days=1))

    @staticmethod
    def _spec(name: str) -> DriverSpec:
        if name != MOCK_SPEC.name:
            raise NotFoundError("driver", name, hint="A provider in memory has the mock driver alone.")
        return MOCK_SPEC

    def _made(self, _: DriverSpec) -> Driver[Any]:
        return MockDriver(*self._devices.values())

    @staticmethod
    def _secret(source: SecretSource) -> SecretText:
        raise NotFoundError("secret", source.name)

    def _resolve(self, refs: Iterable[SecretRef]) -> Mapping[SecretRef, SecretText]:
        with self._database.reading() as work:
            return work.secrets.resolve_all(refs)
