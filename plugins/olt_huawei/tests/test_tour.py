"""What an office does about an ONU, all the way to the OLT and back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import evolve

from ispcore.driver import ConnectionMethod, Onu, Optical, PlacementId, Reboot
from ispcore.plans import ChangeComponent, ChangePlan, RemoveComponent, Resume, Suspend
from ispcore.testing.olts import HuaweiOlt, OltFault
from ispcore.testing.wire import WireFault
from ispcore.values import ComponentId
from ispcore_olt_huawei import Status, WanState
from ispcore_radius import SPEC as RADIUS
from ispcore_radius.driver import RadiusDriver
from plugins.olt_huawei.tests.olts import olt_of
from plugins.olt_huawei.tests.tour import Shop, shop
from plugins.radius.tests.databases import sqlite_database
from tests.catalogues import march
from tests.providers import ANA

HERS = "1:onu@olt"
THE_ONU = ComponentId("onu")
SERIAL = "HWTC00000001"
WISH = Onu(serial=SERIAL, connection=ConnectionMethod.PPPOE, vlan=110, description="Ana Souza")


@pytest.fixture
def olt() -> HuaweiOlt:
    olt = olt_of()
    olt.plug(SERIAL, "0/1/3")
    return olt


@pytest.fixture
def office(olt: HuaweiOlt) -> Iterator[Shop]:
    with shop(olt) as opened:
        yield opened


def link(office: Shop) -> None:
    office.do(office.network.onus.linking(office.subscription, WISH, actor=ANA))


@pytest.mark.covers("S2-045", "S2-057")
def test_an_onu_that_waits_is_found_linked_and_shown_under_the_customer(office: Shop) -> None:
    (found,) = office.network.onus.find(actor=ANA).found

    link(office)

    assert (found.serial, found.olt, found.port) == (SERIAL, "olt", "0/1/3")
    (ont,) = office.olt.config.onts.values()
    assert (ont.serial, ont.description) == ("4857544300000001", "Ana_Souza")
    assert (ont.wans[0].mode, ont.wans[0].user, ont.wans[0].password) == ("pppoe", "ana", "segredo-da-ana")
    (port,) = office.olt.config.service_ports.values()
    tables = office.olt.config.traffic_tables
    assert (port.vlan, tables[port.outbound or 0].pir, tables[port.inbound or 0].pir) == (110, 512, 256)
    assert HERS in [one.id for one in office.network.placements(office.subscription, actor=ANA)]
    assert office.network.onus.find(actor=ANA).found == ()


def test_an_onu_that_somebody_else_put_on_another_port_is_left_alone_and_told_with_its_place(
    office: Shop,
) -> None:
    office.olt.put(SERIAL, "0/2/0", 4, description="somebody")

    office.do(
        office.network.onus.linking(office.subscription, evolve(WISH, port="0/1/3"), olt="olt", actor=ANA)
    )

    assert office.olt.writes == 0
    why = office.network.outbox.explain(PlacementId(HERS), actor=ANA)

    assert any(f"onu/{SERIAL} stands on olt at 0/2/0:4 and is not ours." in line for line in why)


@pytest.mark.covers("S2-061")
def test_its_state_its_light_and_its_connection_are_told_and_it_starts_anew(office: Shop) -> None:
    link(office)

    (status,) = office.act(Status(), HERS)
    (light,) = office.act(Optical(), HERS)
    (wan,) = office.act(WanState(), HERS)
    office.act(Reboot(), HERS)

    assert (status.run, status.configured, status.matches) == ("online", "normal", "match")
    assert light.received_dbm == office.olt.fibre["4857544300000001"].rx_dbm
    assert (wan.access, wan.status) == ("PPPoE", "Connected")
    assert office.olt.fibre["4857544300000001"].reboots == 1


def test_suspending_puts_it_out_and_resuming_lets_it_serve(office: Shop) -> None:
    link(office)
    (ont,) = office.olt.config.onts.values()

    office.do(Suspend(subscription=office.subscription))
    suspended = ont.active
    office.do(Resume(subscription=office.subscription))

    assert (suspended, ont.active) == (False, True)


def test_another_plan_is_another_speed_through_other_tables(office: Shop) -> None:
    link(office)
    office.clock.move_to(march(2))

    office.do(ChangePlan(subscription=office.subscription, plan="fast"))

    (port,) = office.olt.config.service_ports.values()
    tables = office.olt.config.traffic_tables
    assert (tables[port.outbound or 0].pir, tables[port.inbound or 0].pir) == (1024, 512)
    assert len(office.olt.config.onts) == 1


@pytest.mark.covers("S2-059", "S2-061")
def test_it_is_exchanged_and_deleted(office: Shop) -> None:
    link(office)
    other = evolve(WISH, serial="HWTC00000002", port="0/1/3")

    office.do(ChangeComponent(subscription=office.subscription, component=THE_ONU, spec=other))
    exchanged = [ont.serial for ont in office.olt.config.onts.values()]
    office.do(RemoveComponent(subscription=office.subscription, component=THE_ONU))

    assert exchanged == ["4857544300000002"]
    assert (office.olt.config.onts, office.olt.config.service_ports) == ({}, {})
    assert office.lagging() == []


@pytest.mark.parametrize(
    "fault", [WireFault.CUT_AFTER, OltFault.CUT_WITHIN, OltFault.REBOOT], ids=lambda fault: fault.name
)
def test_an_activation_that_breaks_between_two_devices_is_repaired_by_the_outbox(
    olt: HuaweiOlt, tmp_path: Path, fault: WireFault | OltFault
) -> None:
    database = sqlite_database(tmp_path)
    logins = (
        RADIUS.name,
        {"engine": "sqlite", "path": database.config.path},
        RADIUS,
        RadiusDriver(),
    )
    with shop(olt, logins) as office:
        command = office.network.onus.linking(office.subscription, WISH, actor=ANA)

        def break_at_the_first_write() -> None:
            if olt.writes == 1:
                olt.wire.at_exchange = lambda: None
                olt.wire.play(fault)

        olt.wire.at_exchange = break_at_the_first_write
        office.do(command)
        broken = office.lagging()
        for _ in range(3):
            office.clock.instant = office.clock.instant.replace(hour=(office.clock.instant.hour + 1) % 24)
            office.work()

        assert HERS in broken
        assert office.lagging() == []

    (ont,) = olt.config.onts.values()
    assert (ont.wans[0].user, ont.wans[0].password) == ("ana", "segredo-da-ana")
    assert database.password("ana") == [("Cleartext-Password", ":=", "segredo-da-ana")]
