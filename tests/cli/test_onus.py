"""What the command line tells of ONUs; the OLT is a mock device in a file."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from ispcore.cli.main import ispcore
from ispcore.driver import Discovered, Login
from ispcore.plans import AddComponent
from ispcore.storage import new_key
from ispcore.testing import MockDevice
from tests.homes import sections
from tests.hooks.distributions import Environment
from tests.providers import Office, open_office

Run = Callable[..., tuple[int, str]]
OLT = {"olt": {"vlan": 100, "customers": {"first": 1000, "last": 1999}}}


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """An office with a home that has a login, and the plugin of the mock driver."""
    folder = tmp_path / "installed"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setenv("ISPCORE_SECRET_KEYS", new_key())
    Environment(folder).install("mock", "", entry="mock = ispcore.testing.mock_plugin")
    with open_office(tmp_path / "ispcore.db") as made:
        made.load(**sections(), vlans=OLT)
        subscription = made.subscribe(made.register(), "home")
        made.do(AddComponent(subscription=subscription, spec=Login(username="ana")))
        yield made


@pytest.fixture
def olt(tmp_path: Path) -> MockDevice:
    """The device that ONUs hang on, where one waits."""
    made = MockDevice("olt", file=tmp_path / "olt.device")
    made.unknown = [Discovered(kind="onu", identity="ZTEG00000009", place="0/1/7", details={"model": "F670"})]
    return made


@pytest.fixture
def run(office: Office, tmp_path: Path, olt: MockDevice) -> Run:
    """Call the command line on the office's database, and return code and output."""

    def call(*args: str, typed: str = "") -> tuple[int, str]:
        result = CliRunner().invoke(ispcore, [*args, "--db", office.url], input=typed)
        error = result.exception
        told = f"{result.output}{'' if isinstance(error, SystemExit | None) else error}"
        return result.exit_code, told

    settings = ("--set", "device=olt", "--set", f"file={tmp_path / 'olt.device'}")
    assert call("device", "add", "olt", "--driver", "mock", *settings)[0] == 0
    return call


@pytest.fixture
def linked(run: Run) -> Run:
    """The same, with the ONU linked and made."""
    code, told = run("onu", "link", "1", "zteg00000009", "--method", "pppoe")
    assert (code, told) == (0, "Subscription 1 has ZTEG00000009 on olt 0/1/7, by pppoe as ana.\n")
    run("worker", "--once", "--device", "olt")
    return run


def test_what_waits_is_listed_and_a_silent_olt_is_told_with_1(run: Run, olt: MockDevice) -> None:
    assert run("onu", "find") == (0, "ZTEG00000009  olt 0/1/7, model: F670\n")
    assert json.loads(run("onu", "find", "olt", "--json")[1])["found"][0]["serial"] == "ZTEG00000009"

    olt.change(reachable=False)

    assert run("onu", "find") == (
        1,
        "No ONU waits.\nolt could not be asked: olt does not answer.\n",
    )


def test_a_preview_links_nothing(run: Run, olt: MockDevice) -> None:
    code, told = run("onu", "link", "1", "ZTEG00000009", "--preview")

    assert code == 0
    assert "1:onu@olt: onu/ZTEG00000009 made" in told
    assert run("onu", "status", "1") == (0, "Subscription 1 has no ONU.\n")


@pytest.mark.covers("S2-057", "S2-061")
def test_an_onu_is_linked_looked_at_and_started_anew(linked: Run, olt: MockDevice) -> None:
    _, told = linked("onu", "status", "1")
    assert told.splitlines() == [
        "onu: ZTEG00000009 on olt 0/1/7, by pppoe as ana",
        "  VLAN 100, that of its OLT, with 1000 of its own within",
        "  it is as it is wanted",
        "  light: none was told",
    ]
    code, told = linked("onu", "reboot", "1")
    assert code == 0
    assert told.startswith("reboot of 1:onu@olt on olt: done")
    (one,) = json.loads(linked("onu", "status", "1", "--json")[1])
    assert (one["olt"], one["spec"]["inner_vlan"], one["placement"]) == ("olt", 1000, "1:onu@olt")


def test_where_an_onu_stands_is_told_before_workers_come_and_when_the_light_cannot_be_read(
    linked: Run, olt: MockDevice
) -> None:
    linked("onu", "exchange", "1", "ZTEG00000010")
    olt.change(reachable=False)

    told = linked("onu", "status", "1")[1]

    assert "workers have still to make it so" in told
    assert "its light cannot be read: olt does not answer." in told


@pytest.mark.covers("S2-059", "S2-061")
def test_an_onu_is_exchanged_and_removed(linked: Run, olt: MockDevice) -> None:
    code, told = linked("onu", "exchange", "1", "ZTEG00000010")

    assert code == 0
    assert told == (
        "Subscription 1 has ZTEG00000010 on olt 0/1/7, by pppoe as ana, in place of ZTEG00000009.\n"
    )
    linked("worker", "--once", "--device", "olt")
    assert [key for key in olt.standing() if "ZTEG" in str(olt.standing()[key].spec)]
    assert linked("onu", "remove", "1") == (0, "Subscription 1 has ZTEG00000010 no more.\n")
    linked("worker", "--once", "--device", "olt")
    assert olt.standing() == {}
    assert linked("onu", "reboot", "1")[1] == "There is no ONU of subscription 1. Link one first."


def test_what_is_to_be_collected_is_listed_until_it_came_back(linked: Run) -> None:
    assert linked("onu", "list") == (0, "There is none.\n")
    linked("onu", "exchange", "1", "ZTEG00000010")

    assert linked("onu", "list")[1].startswith("ZTEG00000009  customer 1, subscription 1, since ")
    assert "ZTEG00000010" in linked("onu", "list", "--where", "with_customer", "--customer", "1")[1]
    assert linked("onu", "collected", "zteg00000009") == (0, "ZTEG00000009 is in stock.\n")
    (one,) = json.loads(linked("onu", "list", "--where", "in_stock", "--json")[1])
    assert (one["serial"], one["where"]) == ("ZTEG00000009", "in_stock")
    assert linked("onu", "collected", "ZTEG7")[1] == "There is no ONU 'ZTEG7'."


@pytest.mark.covers("S2-023", "S2-046", "S2-047", "S2-048", "S2-049", "S2-050", "S2-051")
def test_a_wireless_network_has_a_name_and_a_key_on_each_band_that_is_filled(
    linked: Run, olt: MockDevice, office: Office
) -> None:
    bound = {"wifi": "olt"}
    office.load(**{**sections(), "devices": {**sections()["devices"], **bound}}, vlans=OLT)
    typed = "battery staple\nbattery staple\n"

    assert linked("onu", "wifi", "1", "--ssid", "Ana", "--key", typed=typed)[0] == 0
    linked("worker", "--once", "--device", "olt")
    first = olt.spec("wifi/ZTEG00000009"), olt.secrets("wifi/ZTEG00000009")
    typed = "staple battery\nstaple battery\n"
    code, told = linked("onu", "wifi", "1", "--ssid-5ghz", "Ana 5G", "--key-5ghz", "--json", typed=typed)
    linked("worker", "--once", "--device", "olt")
    second = olt.spec("wifi/ZTEG00000009"), olt.secrets("wifi/ZTEG00000009")

    assert code == 0
    assert "battery" not in told
    assert [getattr(first[0], name) for name in ("ssid", "ssid_5ghz")] == ["Ana", None]
    assert first[1] == {"password": "battery staple"}
    assert [getattr(second[0], name) for name in ("ssid", "ssid_5ghz")] == ["Ana", "Ana 5G"]
    assert second[1] == {"password": "battery staple", "password_5ghz": "staple battery"}
