"""Commands about ONUs: find, link, status, reboot, exchange, remove, wifi, list, collected."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click
from attrs import evolve

from ispcore.cli.options import FOUND, clerk, provider, with_database, with_json
from ispcore.cli.plain import counted, plain, print_json
from ispcore.driver import ConnectionMethod, DriverError, Onu, Optical, OpticalReading, Reboot, Wifi
from ispcore.errors import NotFoundError
from ispcore.network import Whereabouts
from ispcore.plans import AddComponent, ChangeComponent, CollectEquipment, RemoveComponent
from ispcore.values import ComponentId, CustomerId, SecretText, SubscriptionId

if TYPE_CHECKING:
    from ispcore.app import Provider
    from ispcore.desks import CarriedOnu, WaitingOnu

_NUMBER = click.IntRange(1)
_TAG = click.IntRange(1, 4094)


@click.group()
def onu() -> None:
    """Find ONUs, link them to subscriptions, and look after them."""


@onu.command()
@click.argument("olt", required=False)
@with_database
@with_json
def find(*, olt: str | None, db: str, as_json: bool) -> None:
    """List the ONUs that wait on the device OLT, or on all; 1 when one could not be asked."""
    with provider(db) as opened:
        search = opened.network.onus.find(olt, actor=clerk())
    if as_json:
        print_json(plain(search))
    else:
        for one in search.found:
            click.echo(_waiting(one))
        if not search.found:
            click.echo("No ONU waits.")
        for why in search.silent.values():
            click.echo(why, err=True)
    if search.silent:
        sys.exit(FOUND)


def _waiting(one: WaitingOnu) -> str:
    more = "".join(f", {name}: {text}" for name, text in one.details.items())
    held = "" if one.carried_by is None else f", carried by subscription {one.carried_by}"
    return f"{one.serial}  {one.olt} {one.port or ''}{more}{held}"


@onu.command()
@click.argument("subscription", type=_NUMBER)
@click.argument("serial")
@click.option(
    "--method",
    type=click.Choice([each.value for each in ConnectionMethod]),
    help="How it connects; PPPoE is with the login of the subscription.",
)
@click.option("--olt", help="The device that it hangs on; it is looked for on all otherwise.")
@click.option("--port", help="The port of the OLT. With --olt, nobody looks for it.")
@click.option("--access-point", help="Among several that lead to the OLT.")
@click.option("--profile", help="A profile of the OLT for the line.")
@click.option("--vlan", type=_TAG, help="In place of what the OLT's plan says.")
@click.option("--inner-vlan", type=_TAG, help="The inner tag.")
@click.option("--address", help="A static address.")
@click.option("--netmask", help="Of a static address.")
@click.option("--gateway", help="Of a static address.")
@click.option("--dns", multiple=True, help="Of a static address; up to two.")
@click.option("--service", help="The additional service that makes room for it.")
@click.option("--preview", is_flag=True, help="Tell what would be done, and do nothing.")
@with_database
@with_json
def link(  # noqa: PLR0913 - options
    *,
    subscription: int,
    serial: str,
    method: str | None,
    olt: str | None,
    access_point: str | None,
    service: str | None,
    preview: bool,
    db: str,
    as_json: bool,
    **chosen: Any,  # noqa: ANN401 - each a field of the ONU
) -> None:
    """Give the ONU with this SERIAL number to a SUBSCRIPTION, where it was found."""
    from ispcore.cli.trying import tell_attempt

    spec = Onu(serial=serial, connection=None if method is None else ConnectionMethod(method), **chosen)
    with provider(db) as opened:
        command = opened.network.onus.linking(
            SubscriptionId(subscription),
            spec,
            olt=olt,
            access_point=access_point,
            service=service,
            actor=clerk(),
        )
        if preview:
            tell_attempt(opened.try_out(command, actor=clerk()), as_json=as_json)
            return
        opened.do(command, actor=clerk())
        found = _onu_of(opened, subscription, serial.upper())
    _tell(f"Subscription {subscription} has {_described(found)}.", found, as_json=as_json)


@onu.command()
@click.argument("subscription", type=_NUMBER)
@with_database
@with_json
def status(*, subscription: int, db: str, as_json: bool) -> None:
    """Tell where the ONUs of a SUBSCRIPTION hang, what they are to be, and their light."""
    with provider(db) as opened:
        found = opened.network.onus.carried(SubscriptionId(subscription), actor=clerk())
        light = [_light(opened, one) for one in found]
    if as_json:
        print_json([{**_as_json(one), "light": plain(read)} for one, read in zip(found, light, strict=True)])
        return
    for one, read in zip(found, light, strict=True):
        click.echo(f"{one.component}: {_described(one)}")
        click.echo(f"  {one.vlans}")
        click.echo(f"  {_standing(one)}")
        if read is not None:
            click.echo(f"  {_told_light(read)}")
    if not found:
        click.echo(f"Subscription {subscription} has no ONU.")


@onu.command()
@click.argument("subscription", type=_NUMBER)
@with_database
@with_json
def reboot(*, subscription: int, db: str, as_json: bool) -> None:
    """Start the ONU of a SUBSCRIPTION anew."""
    from ispcore.cli.acted import tell_acted

    with provider(db) as opened:
        one = _onu_of(opened, subscription)
        if one.placement is None:
            raise NotFoundError("ONU on a device", one.spec.serial)
        acted = opened.network.act(one.placement.id, Reboot(), actor=clerk())
    tell_acted(acted, as_json=as_json)


@onu.command()
@click.argument("subscription", type=_NUMBER)
@click.argument("serial")
@with_database
@with_json
def exchange(*, subscription: int, serial: str, db: str, as_json: bool) -> None:
    """Put the ONU with this SERIAL number in place of that of a SUBSCRIPTION; the rest stays."""
    with provider(db) as opened:
        before = _onu_of(opened, subscription)
        chosen = _chosen(opened, subscription, before.component)
        opened.do(
            ChangeComponent(
                subscription=SubscriptionId(subscription),
                component=before.component,
                spec=evolve(chosen, serial=serial),
            ),
            actor=clerk(),
        )
        after = _onu_of(opened, subscription)
    told = f"Subscription {subscription} has {_described(after)}, in place of {before.spec.serial}."
    _tell(told, after, as_json=as_json)


@onu.command()
@click.argument("subscription", type=_NUMBER)
@with_database
@with_json
def remove(*, subscription: int, db: str, as_json: bool) -> None:
    """Take the ONU of a SUBSCRIPTION away from it, and from its OLT."""
    with provider(db) as opened:
        one = _onu_of(opened, subscription)
        number = SubscriptionId(subscription)
        opened.do(RemoveComponent(subscription=number, component=one.component), actor=clerk())
    _tell(f"Subscription {subscription} has {one.spec.serial} no more.", one, as_json=as_json)


@onu.command()
@click.argument("subscription", type=_NUMBER)
@click.option("--ssid", help="The name on 2.4 GHz.")
@click.option("--ssid-5ghz", help="The name on 5 GHz.")
@click.option("--key", is_flag=True, help="Ask for the key of 2.4 GHz.")
@click.option("--key-5ghz", is_flag=True, help="Ask for the key of 5 GHz.")
@with_database
@with_json
def wifi(  # noqa: PLR0913 - options
    *,
    subscription: int,
    ssid: str | None,
    ssid_5ghz: str | None,
    key: bool,
    key_5ghz: bool,
    db: str,
    as_json: bool,
) -> None:
    """Give the ONU of a SUBSCRIPTION names and keys for its wireless network; what is not given stays."""
    asked: dict[str, Any] = {
        "ssid": ssid,
        "ssid_5ghz": ssid_5ghz,
        "password": _asked("2.4 GHz") if key else None,
        "password_5ghz": _asked("5 GHz") if key_5ghz else None,
    }
    given = {name: value for name, value in asked.items() if value is not None}
    number = SubscriptionId(subscription)
    with provider(db) as opened:
        serial = _onu_of(opened, subscription).spec.serial
        components = opened.subscription(number, actor=clerk()).timeline.last.components
        known = [one for one in components if isinstance(one.spec, Wifi) and one.spec.onu == serial]
        if known:
            spec: Any = evolve(known[0].spec, **given)
            opened.do(ChangeComponent(subscription=number, component=known[0].id, spec=spec), actor=clerk())
        else:
            place = next(one.access_point for one in components if getattr(one.spec, "serial", "") == serial)
            network = Wifi(onu=serial, **given)
            opened.do(AddComponent(subscription=number, spec=network, access_point=place), actor=clerk())
    if as_json:
        print_json({"onu": serial, "given": sorted(given)})
    else:
        click.echo(f"The wireless network of {serial} is given.")


def _asked(band: str) -> SecretText:
    text = click.prompt(f"Key of {band}", hide_input=True, confirmation_prompt=True, err=True)
    return SecretText(text)


@onu.command("list")
@click.option(
    "--where",
    type=click.Choice([each.value for each in Whereabouts]),
    default=Whereabouts.TO_COLLECT.value,
    show_default=True,
    help="What is there.",
)
@click.option("--customer", type=_NUMBER, help="Of this customer only.")
@with_database
@with_json
def list_(*, where: str, customer: int | None, db: str, as_json: bool) -> None:
    """List ONUs by where they are, the longest there first."""
    theirs = None if customer is None else CustomerId(customer)
    with provider(db) as opened:
        found = opened.network.onus.equipment(Whereabouts(where), customer=theirs, actor=clerk())
    if as_json:
        print_json(plain(found))
        return
    for one in found:
        whose = f"customer {one.customer}, subscription {one.subscription}"
        click.echo(f"{one.serial}  {whose}, since {one.since} ({counted(one.days, 'day')})")
    if not found:
        click.echo("There is none.")


@onu.command()
@click.argument("serial")
@with_database
@with_json
def collected(*, serial: str, db: str, as_json: bool) -> None:
    """Say that the ONU with this SERIAL number came back; it is in stock from then on."""
    with provider(db) as opened:
        found = opened.network.onus.equipment(serial=serial, actor=clerk())
        if not found:
            raise NotFoundError("ONU", serial)
        mine = found[-1]
        opened.do(CollectEquipment(subscription=mine.subscription, serial=mine.serial), actor=clerk())
    if as_json:
        print_json({"serial": mine.serial, "where": Whereabouts.IN_STOCK.value})
    else:
        click.echo(f"{mine.serial} is in stock.")


def _onu_of(opened: Provider, subscription: int, serial: str | None = None) -> CarriedOnu:
    """Return the ONU of a subscription, the one with this *serial* or its first."""
    found = opened.network.onus.carried(SubscriptionId(subscription), actor=clerk())
    one = next((each for each in found if serial in (None, each.spec.serial)), None)
    if one is None:
        raise NotFoundError("ONU of subscription", subscription, hint="Link one first.")
    return one


def _chosen(opened: Provider, subscription: int, component: ComponentId) -> Onu:
    """Return the ONU as people chose it, without what follows from the timeline."""
    view = opened.subscription(SubscriptionId(subscription), actor=clerk())
    spec = view.timeline.last.component(component).spec
    assert isinstance(spec, Onu)  # noqa: S101 - it was found as one
    return spec


def _described(one: CarriedOnu) -> str:
    spec = one.spec
    where = "on no OLT" if one.olt is None else f"on {one.olt}{f' {spec.port}' if spec.port else ''}"
    method = "" if spec.connection is None else f", by {spec.connection.value}"
    login = f" as {spec.username}" if spec.username else ""
    return f"{spec.serial} {where}{method}{login}"


def _standing(one: CarriedOnu) -> str:
    if one.placement is None:
        return "it stands on no device"
    if one.placement.trouble is not None:
        return f"it needs a person: {one.placement.trouble}"
    lags = one.placement.applied_generation < one.placement.generation
    return "workers have still to make it so" if lags else "it is as it is wanted"


def _light(opened: Provider, one: CarriedOnu) -> OpticalReading | str | None:
    """Return what the OLT tells of the light, or why it does not."""
    if one.placement is None or one.placement.applied is None:
        return None
    acted = opened.network.act(one.placement.id, Optical(), actor=clerk())
    for result in acted.results:
        return str(result.value) if isinstance(result.value, DriverError) else result.value
    return str((acted.record.error or {}).get("text", "nothing was told"))


def _told_light(read: OpticalReading | str) -> str:
    if isinstance(read, str):
        return f"its light cannot be read: {read}"
    levels = {
        "received": read.received_dbm,
        "sent": read.sent_dbm,
        "received at the OLT": read.received_at_olt_dbm,
    }
    told = ", ".join(f"{name} {level} dBm" for name, level in levels.items() if level is not None)
    return f"light: {told or 'none was told'}"


def _as_json(one: CarriedOnu) -> dict[str, Any]:
    told = plain(evolve(one, placement=None))
    return {**told, "placement": one.placement and one.placement.id, "state": _standing(one)}


def _tell(text: str, one: CarriedOnu, *, as_json: bool) -> None:
    if as_json:
        print_json(_as_json(one))
    else:
        click.echo(text)
