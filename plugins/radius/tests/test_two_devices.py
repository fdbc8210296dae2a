"""Why one database is one device: what becomes of a login that moves between two that share it."""

from datetime import timedelta

import pytest

from ispcore.driver import PlacementId
from ispcore.network import DriftKind
from ispcore.plans import ChangeComponent
from plugins.radius.tests.databases import Database
from plugins.radius.tests.test_office import LOGIN, office, stored
from tests.catalogues import document
from tests.homes import DEVICES, sections
from tests.providers import ANA

NOBODY = ("127.0.0.1", 1, 1)
"""Where no server of RADIUS is."""
THERE = PlacementId("1:login@cisco")


@pytest.mark.parametrize("order", [("radius", "cisco"), ("cisco", "radius")])
def test_a_login_that_moves_stands_at_last_and_one_order_needs_a_person_who_settles_the_conflict(
    database: Database, order: tuple[str, str]
) -> None:
    with office(database, NOBODY) as desk:
        desk.network.devices.add(
            "cisco", driver="radius", config=stored(database) | {"vendor": "cisco"}, actor=ANA
        )
        points = {
            code: {"name": code.capitalize(), "devices": {"login": device}}
            for code, device in (("north", "radius"), ("south", "cisco"))
        }
        bound = sections(devices={**DEVICES, "login": "radius"}, access_points=points)
        desk.provider.load_catalogue(document(**bound), actor=ANA)
        desk.has()

        move = ChangeComponent(subscription=desk.subscription, component=LOGIN, access_point="south")
        desk.provider.do(move, actor=ANA)
        for device in order:
            desk.clock.instant += timedelta(minutes=1)
            desk.network.worker(actor=ANA).run(device=device)
        trouble = desk.network.outbox.get(THERE, actor=ANA).trouble
        desk.network.outbox.retry(placement=THERE, actor=ANA)
        desk.network.worker(actor=ANA).run()
        (left,) = desk.network.drift("radius", actor=ANA)

    assert trouble == (None if order[0] == "radius" else "conflict")
    speeds = [value for _, name, _, value in database.rows("ana") if name == "Cisco-AVPair"]
    assert speeds == ["ip:sub-qos-policy-out=down-512k", "ip:sub-qos-policy-in=up-256k"]
    assert database.password("ana") == [("Cleartext-Password", ":=", "segredo")]
    assert left.counts == {DriftKind.FOREIGN: 1}
