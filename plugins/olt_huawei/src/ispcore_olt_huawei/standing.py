"""An ONT as it stands: what ispcore calls it, and which commands make it into what is wanted.

Both are functions of what was read. What stands as wanted and lacks a command that nothing else shows (a
VLAN of an Ethernet port, the way to the Internet) is told as unsettled, by the same function.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from attrs import evolve, frozen

from ispcore.driver import UNREADABLE, ConnectionMethod, Invalid, Onu, Seen
from ispcore.values import SecretText
from ispcore_olt_huawei import commands
from ispcore_olt_huawei.commands import Step
from ispcore_olt_huawei.config import HuaweiConfig, profile_of
from ispcore_olt_huawei.parsing.onts import OntState
from ispcore_olt_huawei.parsing.running import Configured, ServicePort, Wan
from ispcore_olt_huawei.parsing.services import TrafficTable
from ispcore_olt_huawei.places import Place, long_serial, port_of, short_serial

Tables = Mapping[int, TrafficTable]
_ANYWHERE = Place("0/0/0", 0)
_NOT_READ = SecretText("********")
_LAST_VLAN = 4093
_MODES = {"pppoe": ConnectionMethod.PPPOE, "dhcp": ConnectionMethod.DHCP, "static": ConnectionMethod.STATIC}
_STATUS = {
    "ONT distance(m)": "distance_m",
    "Last down cause": "last_down_cause",
    "Last up time": "last_up",
    "Last down time": "last_down",
    "ONT online duration": "online",
}


@frozen(kw_only=True)
class Standing:
    """An ONT: what it was configured to be, and its state."""

    made: Configured
    state: OntState


@frozen(kw_only=True)
class Setting:
    """What counts for all ONTs of an OLT: its configuration, and whether its firmware opens WANs."""

    config: HuaweiConfig
    opens_wans: bool


def normal(onu: Onu) -> Onu:
    """Return *onu* as it would be read back: without what its way of connecting has no use for."""
    profile, port = profile_of(onu.profile), port_of(onu.port or "")
    pppoe, static = onu.connection is ConnectionMethod.PPPOE, onu.connection is ConnectionMethod.STATIC
    served = onu.vlan is not None
    return evolve(
        onu,
        serial=short_serial(onu.serial),
        port=port or onu.port,
        profile=onu.profile if profile is None else f"{profile[0]}/{profile[1]}",
        inner_vlan=onu.inner_vlan if served else None,
        connection=onu.connection or ConnectionMethod.BRIDGE,
        username=onu.username if pppoe else None,
        password=onu.password if pppoe else None,
        address=onu.address if static else None,
        netmask=onu.netmask if static else None,
        gateway=onu.gateway if static else None,
        dns=onu.dns[:2] if static else (),
        download_kbit=onu.download_kbit if served else None,
        upload_kbit=onu.upload_kbit if served else None,
        description=commands.safe(onu.description),
    )


def checked(onu: Onu, config: HuaweiConfig) -> Onu:
    """Return *onu*, which can be written.

    Raises Invalid for what no OLT takes, before anything is written.
    """
    long_serial(onu.serial)
    if port_of(onu.port or "") is None:
        raise Invalid("An ONU needs a port.", hint="Say where on the OLT it hangs: '0/1/4'.")
    if onu.profile is not None and profile_of(onu.profile) in (None, profile_of(config.profile)):
        raise Invalid(
            f"{onu.profile!r} is no profile, or the one that every ONU of this OLT has.",
            hint="Give the numbers of line and service profile ('10/20'), or nothing for the OLT's own.",
        )
    for vlan in (onu.vlan, onu.inner_vlan):
        if vlan is not None and not 0 < vlan <= _LAST_VLAN:
            raise Invalid(f"{vlan} is no VLAN of a Huawei OLT.", hint=f"It has those from 1 to {_LAST_VLAN}.")
    for kbit in (onu.download_kbit, onu.upload_kbit):
        if kbit is not None and kbit < 1:
            raise Invalid(f"A speed of {kbit} kbit/s is none.")
    if onu.connection not in (None, ConnectionMethod.BRIDGE):
        _check_connection(onu)
    return onu


def _check_connection(onu: Onu) -> None:
    if onu.vlan is None:
        raise Invalid("An ONU that connects by itself needs a VLAN.", hint="Give one, or let it be a bridge.")
    if onu.connection is ConnectionMethod.PPPOE and None in (onu.username, onu.password):
        raise Invalid(
            "An ONU that connects by PPPoE needs a login with a password.",
            hint="Link it to a login, or let it be a bridge.",
        )
    if onu.connection is ConnectionMethod.STATIC and None in (onu.address, onu.netmask):
        raise Invalid("An ONU with a fixed address needs the address and the mask of its network.")
    commands.address(_ANYWHERE, 0, onu, "1")


def service_of(made: Configured, config: HuaweiConfig) -> ServicePort | None:
    """Return the service port of the customer's service: the first through its GEM port."""
    return next((one for one in made.services if one.gemport == config.gemport), None)


def seen(standing: Standing, tables: Tables, setting: Setting) -> Seen:
    """Return what stands there, in the words of ispcore."""
    made, state, config = standing.made, standing.state, setting.config
    service, wan = service_of(made, config), made.wans.get(config.ip_index)
    profile = (made.line_profile, made.service_profile)
    spec = Onu(
        serial=made.serial,
        port=made.place.port,
        enabled=state.active,
        profile=None if profile == profile_of(config.profile) else f"{profile[0]}/{profile[1]}",
        connection=ConnectionMethod.BRIDGE,
        password=UNREADABLE,
        description=made.description,
    )
    if wan is not None:
        spec = _addressed(spec, wan)
    if service is not None:
        spec = evolve(
            spec,
            vlan=service.vlan,
            inner_vlan=service.inner_vlan,
            download_kbit=_kbit(service.outbound, tables),
            upload_kbit=_kbit(service.inbound, tables),
        )
    return Seen(
        made.place.key, spec, status=_status(state), unsettled=_missing(standing, spec, setting, service)
    )


def _missing(standing: Standing, spec: Onu, setting: Setting, service: ServicePort | None) -> str | None:
    """Return which command is still to be given so that *spec*, as it was read, serves; None for none."""
    try:
        todo = steps(standing, evolve(spec, password=_NOT_READ), setting, _same(service))
        first = next(todo, None)
    except Invalid:  # somebody else's words, which ispcore would not write
        return None
    return None if first is None else f"The OLT has not been told yet: {first.text}"


def _addressed(spec: Onu, wan: Wan) -> Onu:
    return evolve(
        spec,
        connection=_MODES.get(wan.mode, ConnectionMethod.BRIDGE),
        username=wan.user,
        address=wan.address,
        netmask=wan.netmask,
        gateway=wan.gateway,
        dns=wan.dns,
    )


def _kbit(table: int | None, tables: Tables) -> int | None:
    return None if table is None or table not in tables else tables[table].kbit


def _same(service: ServicePort | None) -> Bounds:
    return lambda: (None, None) if service is None else (service.inbound, service.outbound)


def _status(state: OntState) -> dict[str, object]:
    told = {name: state.told[label] for label, name in _STATUS.items() if state.told.get(label, "-") != "-"}
    states = {"run": state.run, "config": state.config, "match": state.match}
    return {**{name: value for name, value in states.items() if value is not None}, **told}


Bounds = Callable[[], tuple[int | None, int | None]]
"""Gives the traffic tables of a service, up and down; they are made when they are asked for."""


def steps(
    standing: Standing, after: Onu, setting: Setting, bounds: Bounds, *, password: bool = False
) -> Iterator[Step]:
    """Yield the commands that make what stands into *after*, one that stops serving first of all.

    Serial number and port are as wanted already. With *password*, it is written whatever stands there.
    """
    made, place = standing.made, standing.made.place
    if standing.state.active and not after.enabled:
        yield commands.switch(place, on=False)
    wanted = profile_of(after.profile or setting.config.profile)
    if (made.line_profile, made.service_profile) != wanted:
        yield commands.reprofile(place, after, setting.config)
    if made.description != after.description:
        yield commands.describe(place, after)
    service = service_of(made, setting.config)
    new = _service(service, standing, after, setting)
    if service is not None and not _stays(service, new):
        yield commands.remove_service(service.index)
    vlan = None if new is None else new.user_vlan
    yield from _connected(made, after, setting, vlan, password=password)
    if new is not None:
        yield from _served(service if _stays(service, new) else None, new, bounds)
    if after.enabled and not standing.state.active:
        yield commands.switch(place, on=True)


def _service(
    service: ServicePort | None, standing: Standing, after: Onu, setting: Setting
) -> ServicePort | None:
    """Return the service port that is wanted, still without its tables."""
    if after.vlan is None:
        return None
    kept = service if service is not None and service.vlan == after.vlan else None
    tagged = kept is not None and kept.user_vlan.isdecimal()
    usable = tagged or after.connection in (None, ConnectionMethod.BRIDGE)
    if kept is not None and kept.inner_vlan == after.inner_vlan and usable:
        return kept  # also where the customer's side has another VLAN, as a technician has set it
    return ServicePort(
        index=-1,
        vlan=after.vlan,
        place=standing.made.place,
        gemport=setting.config.gemport,
        user_vlan=str(after.inner_vlan or after.vlan),
        transform="translate" if after.inner_vlan is None else "translate-and-add",
        inner_vlan=after.inner_vlan,
    )


def _stays(service: ServicePort | None, new: ServicePort | None) -> bool:
    return service is not None and service is new


def _served(service: ServicePort | None, new: ServicePort, bounds: Bounds) -> Iterator[Step]:
    inbound, outbound = bounds()
    if service is None:
        yield commands.add_service(evolve(new, inbound=inbound, outbound=outbound))
    elif (service.inbound, service.outbound) != (inbound, outbound):
        lost = (service.inbound is not None and inbound is None) or (
            service.outbound is not None and outbound is None
        )
        if lost:  # a service port is not let go by a table; it is made anew without
            yield commands.remove_service(service.index)
            yield commands.add_service(evolve(service, inbound=inbound, outbound=outbound))
        else:
            yield commands.bound_service(service.index, inbound, outbound)


def _connected(
    made: Configured, after: Onu, setting: Setting, vlan: str | None, *, password: bool
) -> Iterator[Step]:
    config, place = setting.config, made.place
    index, wan = config.ip_index, made.wans.get(config.ip_index)
    if after.connection in (None, ConnectionMethod.BRIDGE):
        for lan_port in config.lan_ports if vlan is not None and vlan.isdecimal() else ():
            if made.natives.get(lan_port) != int(str(vlan)):
                yield commands.bridge(place, lan_port, str(vlan))
        if wan is not None:
            yield commands.unaddress(place, index)
        return
    if vlan is None:
        return
    same = wan is not None and str(wan.vlan) == vlan and _same_address(wan, after)
    if not same or (password and after.connection is ConnectionMethod.PPPOE):
        yield commands.address(place, index, after, vlan)
    if setting.opens_wans and index not in made.internet:
        yield commands.let_online(place, index)
    if setting.opens_wans and config.wan_profile not in (None, made.wan_profiles.get(index)):
        yield commands.bind_wan(place, index, int(config.wan_profile or 0))


def _same_address(wan: Wan, after: Onu) -> bool:
    there = _addressed(Onu(serial=after.serial), wan)
    return all(
        getattr(there, name) == getattr(after, name)
        for name in ("connection", "username", "address", "netmask", "gateway", "dns")
    )
