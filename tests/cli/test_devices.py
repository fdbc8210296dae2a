"""What the command line tells of devices, workers and drift; the devices are mock devices in files."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ispcore.cli.main import main
from ispcore.driver import Login
from ispcore.plans import AddComponent
from ispcore.testing import MockDevice
from tests.cli.calling import exit_code
from tests.homes import MAILBOX, sections
from tests.hooks.distributions import Environment
from tests.providers import ANA, Office, open_office

Run = Callable[..., tuple[int, str]]


@pytest.fixture(autouse=True)
def _mock_driver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install the plugin of the mock driver."""
    folder = tmp_path / "installed"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    Environment(folder).install("mock", "", entry="mock = ispcore.testing.mock_plugin")


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Office]:
    """An office with a home whose login and mailbox are on the network."""
    with open_office(tmp_path / "ispcore.db") as office:
        office.load(**sections())
        subscription = office.subscribe(office.register(), "home")
        for spec in (Login(username="ana"), MAILBOX):
            office.do(AddComponent(subscription=subscription, spec=spec))
        yield office


@pytest.fixture
def radius(tmp_path: Path) -> MockDevice:
    """The device that logins are on."""
    return MockDevice("radius", file=tmp_path / "radius.device")


@pytest.fixture
def run(home: Office, capsys: pytest.CaptureFixture[str], tmp_path: Path, radius: MockDevice) -> Run:
    """Call the command line on the office's database, where both devices are, and return code and output."""

    def call(*args: str) -> tuple[int, str]:
        code = exit_code([*args, "--db", home.url])
        return code, capsys.readouterr().out

    for name in ("radius", "box"):
        MockDevice(name, file=tmp_path / f"{name}.device")
        settings = (f"device={name}", f"file={tmp_path / f'{name}.device'}")
        added = call("device", "add", name, "--driver", "mock", "--set", settings[0], "--set", settings[1])
        assert added == (0, f"{name} is there, with 4 lanes. Try it: ispcore device check {name}\n")
    return call


def test_a_device_is_checked_and_listed(run: Run) -> None:
    code, told = run("device", "check", "radius")

    assert code == 0
    assert told.splitlines() == [
        "radius answers: mock:radius, firmware 1.0.",
        "  FENCE: no",
        "  Wifi.password_5ghz: yes",
        "  Wifi.ssid_5ghz: yes",
    ]

    _, out = run("device", "list")

    lines = [line.split() for line in out.splitlines()]
    assert lines == [
        ["device", "driver", "state", "behind", "troubled", "last", "look"],
        ["box", "mock", "never", "reached", "yet", "1", "0", "never"],
        ["radius", "mock", "well", "1", "0", "never"],
    ]


def test_a_worker_makes_everything_current_once(run: Run, radius: MockDevice) -> None:
    assert run("worker", "--once") == (0, "2 placements made current, and nothing waits.\n")

    assert radius.log == ["create login/ana"]
    assert run("outbox", "list") == (0, "Nothing waits: everything stands as it is wanted.\n")


def test_what_could_not_be_done_ends_with_1_and_is_explained(run: Run, radius: MockDevice) -> None:
    radius.change(reachable=False)

    assert run("worker", "--once") == (
        1,
        "1 placement made current; 1 still waits. See 'ispcore outbox list'.\n",
    )

    code, out = run("outbox", "explain", "1:login@radius")
    assert code == 0
    assert "Generation 1 is wanted, 0 was applied" in out
    assert "Nobody works on radius: It rests until" in out
    radius.change(reachable=True)
    run("device", "release", "radius")
    assert run("apply", "1") == (0, "1:login@radius  done\n")


@pytest.mark.parametrize(
    "damage",
    [
        '{"kind": "hologram"}',
        pytest.param('["torn', marks=pytest.mark.sqlite_only("a server keeps no torn JSON")),
    ],
)
def test_a_placement_that_cannot_be_read_is_named_as_a_problem_beside_the_others(
    run: Run, home: Office, damage: str
) -> None:
    home.sql("update placements set wanted = ? where id = '1:login@radius'", damage)

    code, out = run("outbox", "list")
    _, why = run("outbox", "explain", "1:login@radius")
    _, told = run("outbox", "list", "--json")

    lines = dict(line.split("  ") for line in out.splitlines())
    assert code == 1
    assert sorted(lines) == ["1:login@radius", "1:mailbox@box"]
    assert json.loads(told)[0]["unreadable"] in lines["1:login@radius"]
    assert "Nobody can work on it: " in why


def test_drift_is_told_field_by_field_and_mended(run: Run, radius: MockDevice, tmp_path: Path) -> None:
    run("worker", "--once")
    radius.tamper("login/ana", download_kbit=256)
    radius.put(Login(username="carlos"))

    code, out = run("drift", "--device", "radius", "--html", str(tmp_path / "drift.html"))

    assert code == 1
    assert out == (
        "radius: 1 placement compared, 1 differs, 1 foreign.\n"
        "  differs: login/ana (1:login@radius)\n"
        "      download_kbit: 256 -> 512\n"
        "  foreign: login/carlos\n"
    )
    page = (tmp_path / "drift.html").read_text()
    assert "<td><bdi>256</bdi></td><td><bdi>512</bdi></td>" in page
    assert run("drift", "--device", "radius", "--repair")[1].endswith(
        "  1 placement will be written again.\n"
    )
    run("worker", "--once")
    assert run("drift", "--device", "box") == (0, "box: 1 placement compared, no drift.\n")
    assert run("drift")[1].startswith(
        "box: 1 placement compared, no drift.\nradius: 1 placement compared, 1 foreign."
    )
    assert run("adopt", "radius") == (0, "login/carlos  username: carlos, access: open, sessions: 1\n")
    assert run("adopt", "radius", "--all")[1].startswith("0 placements may have")
    assert json.loads(run("adopt", "radius", "--all", "--json")[1]) == {"adopted": 0}
    assert run("adopt", "radius", "login/carlos", "--all")[0] == 2


def test_an_action_is_told_and_kept(run: Run, radius: MockDevice) -> None:
    run("worker", "--once")

    code, out = run("device", "act", "1:login@radius", "disconnect")

    assert code == 0
    assert out.startswith("disconnect of 1:login@radius on radius: done (")
    assert radius.log[-1] == "disconnect login/ana"
    assert "disconnect of 1:login@radius on radius: done" in run("device", "actions", "radius")[1]


def test_an_action_is_given_what_it_needs(run: Run) -> None:
    code, out = run("device", "act", "radius", "disconnect", "--set", "access_point=bras-1", "--json")

    assert (code, json.loads(out)["arguments"]) == (0, {"access_point": "bras-1"})
    assert run("device", "act", "radius", "disconnect", "--set", "point=bras-1")[0] == 3


def test_a_config_that_does_not_fit_is_refused_with_its_problems(
    home: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["device", "add", "olt", "--driver", "mock", "--set", "divice=olt", "--json", "--db", home.url])

    assert stop.value.code == 3
    assert "divice" in json.loads(capsys.readouterr().err)["problems"][0]


@pytest.mark.parametrize("name", ["", "olt@home", "two words", "olt\n1", "\x1b[31molt", "x" * 41])
def test_what_cannot_name_a_device_is_refused(run: Run, home: Office, name: str) -> None:
    code, _ = run("device", "add", name, "--driver", "mock", "--set", "device=odd")

    assert code == 3
    assert {one.row.name for one in home.provider.network.devices.all(actor=ANA)} == {"radius", "box"}


@pytest.mark.parametrize("text", ["env:", "file:", "env", "swordfish"])
def test_a_secret_is_told_by_where_it_is(run: Run, text: str) -> None:
    code, out = run(
        "device", "add", "odd", "--driver", "mock", "--set", "device=odd", "--set", f"password={text}"
    )

    assert (code, out) == (2, "")


@pytest.mark.sqlite_only("a time is changed in the file")
def test_a_device_that_failed_is_not_called_well_when_its_rest_is_over(
    run: Run, radius: MockDevice, tmp_path: Path
) -> None:
    radius.change(reachable=False)
    run("worker", "--once")

    with closing(sqlite3.connect(tmp_path / "ispcore.db")) as database, database:
        database.execute("UPDATE devices SET paused_until = '2012-01-01 00:00:00.000000' WHERE failures > 0")

    assert "failed, and is tried again" in " ".join(run("device", "list")[1].split())
    _, out = run("outbox", "explain", "1:login@radius")
    assert "Nobody works on radius: It failed, and the next worker tries again." in out


def test_a_device_that_the_catalogue_names_and_that_is_not_there_is_found(
    home: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        main(["doctor", "--db", home.url])

    out = " ".join(capsys.readouterr().out.split())
    assert stop.value.code == 1
    assert "device box: There is no such device. Placements that wait for it: 1." in out
    assert "device radius: There is no such device. Placements that wait for it: 1." in out
