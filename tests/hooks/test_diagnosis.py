"""What a doctor finds about devices and deliveries, from how they stand."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ispcore.effects import DeviceStanding, Lag
from ispcore.hooks import Plugins, hookimpl
from ispcore.hooks.diagnosis import diagnose
from tests.hooks.distributions import driver
from tests.providers import ANA, Office

NOW = datetime(2012, 3, 1, 12, tzinfo=UTC)
LONG_AGO, JUST_NOW = NOW - timedelta(minutes=16), NOW - timedelta(minutes=15)


def plugins() -> Plugins:
    module = type("Tables", (), {})()
    scope: dict[str, Any] = {}
    exec(driver("radius"), scope)
    module.ispcore_drivers = scope["ispcore_drivers"]
    return Plugins.of(module)


def found(**standing: Any) -> list[tuple[str, str]]:
    device = DeviceStanding(**{"name": "edge", "driver": "radius", **standing})
    return [(one.rule, one.message) for one in diagnose(plugins(), NOW, devices=[device])]


def test_a_device_that_is_well_is_no_finding() -> None:
    assert found(lagging=3, since=JUST_NOW, held_until=NOW + timedelta(days=1)) == []


def test_a_device_that_is_wanted_and_is_not_there_is_found() -> None:
    (finding,) = diagnose(plugins(), NOW, absent={"olt-77": 40})

    assert (finding.subject, finding.rule) == ("device olt-77", "absent")
    assert finding.message.startswith("There is no such device. Placements that wait for it: 40. Add it with")


@pytest.mark.parametrize(
    ("standing", "rule", "words"),
    [
        ({"driver": "olt"}, "driver", "No plugin brings a driver 'olt'; there is radius."),
        ({"stopped": {"text": "It is another box."}}, "stopped", "It is stopped: It is another box."),
        ({"stopped": {}}, "stopped", "It is stopped: It needs a person."),
        (
            {"stopped": {"reason": "emptied", "text": "40 of 40 are gone."}},
            "stopped",
            "It is stopped: 40 of 40 are gone. Look, then run 'ispcore device accept edge'.",
        ),
        (
            {"stopped": {"reason": "auth", "text": "It takes no password."}},
            "stopped",
            "It is stopped: It takes no password. Mend its settings with 'ispcore device change edge'.",
        ),
        (
            {"failures": 3, "paused_until": NOW + timedelta(minutes=2)},
            "paused",
            "It failed 3 times and is left alone until 2012-03-01 12:02 UTC.",
        ),
        (
            {"lagging": 7, "since": LONG_AGO},
            "lag",
            "Placements to be applied: 7, the oldest since 2012-03-01 11:44 UTC.",
        ),
        ({"troubled": 2}, "trouble", "Placements in need of a person: 2."),
    ],
)
def test_what_is_wrong_with_a_device_is_told(standing: dict[str, Any], rule: str, words: str) -> None:
    ((found_rule, message),) = found(**standing)

    assert found_rule == rule
    assert message.startswith(words)


def test_a_pause_that_is_over_is_no_finding() -> None:
    assert found(failures=3, paused_until=NOW) == []


def test_an_observer_that_keeps_up_is_no_finding() -> None:
    class Crm:
        @hookimpl
        def ispcore_fact_recorded(self, event: object) -> None: ...

    lags = [Lag("Crm", 2, 0, JUST_NOW)]

    assert list(diagnose(Plugins.of(Crm()), NOW, lags=lags)) == []


def test_how_devices_stand_is_read_from_the_tables_of_each_engine(each_engine: str) -> None:
    office = Office(Path("known"), each_engine)
    device = "insert into devices (name, driver, config, lanes, version) values (?, 'olt', '{}', 1, 1)"
    placement = (
        "insert into placements (id, resource, device, kind, generation, wanted, layer, needs, moved_at,"
        " applied_generation, trouble) values (?, '1:onu', 'north', 'onu', 2, '{}', 1, '[]',"
        " '2012-02-24 10:00:00.000000', ?, ?)"
    )
    office.sql(device, "north")
    office.sql(device, "south")
    office.sql(placement, "a", 1, None)
    office.sql(placement, "b", 2, None)
    office.sql(placement, "c", 0, "refused")

    findings = [
        (one.subject, one.rule, one.message) for one in office.provider.plugin_desk.diagnose(actor=ANA)
    ]
    office.provider.close_database()

    assert [(subject, rule) for subject, rule, _ in findings] == [
        ("device north", "driver"),
        ("device north", "lag"),
        ("device north", "trouble"),
        ("device south", "driver"),
    ]
    assert findings[1][2] == "Placements to be applied: 2, the oldest since 2012-02-24 10:00 UTC."
    assert findings[2][2] == "Placements in need of a person: 1."
