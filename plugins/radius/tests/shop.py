"""A small provider whose logins stand in one database of RADIUS."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from ispcore import Actor, Provider
from ispcore.customers import Address, AddressType, PersonDetails, PersonKind, RegisterCustomer
from ispcore.driver import Login
from ispcore.effects import Acted
from ispcore.hooks import Plugins
from ispcore.plans import AddComponent, Subscribe, SubscriptionCommand
from ispcore.storage import keys_from_environment, new_key
from ispcore.testing import MovableClock
from ispcore.usecases.ports import Clock
from ispcore.values import AddressId, SecretText, SubscriptionId, parse_toml
from ispcore_radius import Admit, RadiusConfig, plugin

SHOP = Path(__file__).parents[3] / "docs" / "files" / "shop.toml"
CLERK = Actor("ana", {"*"})
MARIA = Login(username="maria", password=SecretText("correct horse"))


@contextmanager
def open_shop(
    config: RadiusConfig, books: str = "sqlite://", clock: Clock | None = None
) -> Iterator[Provider]:
    """Open a provider that sells ADSL with one login, which it keeps in the database of *config*.

    The books are in memory; elsewhere, they are locked with the key of the environment.
    """
    keys = keys_from_environment if books != "sqlite://" else new_key().split
    provider = Provider.open(
        books,
        clock=clock or MovableClock(date(2012, 2, 24)),
        secret_keys=keys,
        plugins=Plugins.of(plugin),
    )
    settings: dict[str, Any] = {"engine": config.engine.value, "path": config.path}
    if not config.path:
        settings = {name: getattr(config, name) for name in ("host", "port", "database", "user", "password")}
    provider.network.devices.add("radius", driver="radius", config=settings, actor=CLERK)
    catalogue = parse_toml(SHOP.read_bytes(), "shop.toml")
    catalogue["plans"]["adsl"]["includes"] = {"login": 1}
    catalogue["devices"] = {"login": "radius"}
    provider.load_catalogue(catalogue, actor=CLERK)
    with provider:
        yield provider


def sell(provider: Provider, login: Login) -> SubscriptionId:
    """Register a customer with ADSL and a login, and return the number of the subscription."""
    home = Address(id=AddressId("home"), type=AddressType.REGISTERED, city="Londrina")
    person = RegisterCustomer(kind=PersonKind.PERSON, details=PersonDetails(name="Maria"), addresses=(home,))
    maria = provider.do(person, actor=CLERK).customer
    assert maria is not None
    adsl = provider.do(
        Subscribe(customer=maria, plan="adsl", status="enabled", charge_method="slip", due_day=10),
        actor=CLERK,
    ).subscription
    assert adsl is not None
    carry_out(provider, AddComponent(subscription=adsl, spec=login))
    return adsl


def carry_out(provider: Provider, command: SubscriptionCommand) -> None:
    """Carry out a command, and make the database as it is wanted."""
    provider.do(command, actor=CLERK)
    provider.network.worker(actor=CLERK).run()


def admit(provider: Provider, address: str, secret: str, name: str = "") -> Acted:
    """Let an access point ask."""
    action = Admit(address=address, name=name, secret=SecretText(secret))
    return provider.network.act("radius", action, actor=CLERK)
