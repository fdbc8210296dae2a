"""Components in scenarios: how they are written, and what a slip in them is told as."""

from datetime import time

import pytest

from ispcore.catalog import Speed
from ispcore.driver import IpAssignment, Login
from ispcore.plans import SpeedWindow
from ispcore.values import SecretText
from tests.scenarios.sample import HEAD, OPEN, played, problems, scenario, step, unmet

MACS = 'macs = ["00-1A-2B-3C-4D-5E"]'
LOGIN = f'spec = {{ kind = "login", username = "ana", password = "hunter2", {MACS}, vlan = 7 }}'


def of_one(do: str, *keys: str) -> str:
    return step(do, 'subscription = "one"', *keys)


def test_a_spec_is_a_table_with_its_kind() -> None:
    read = scenario(OPEN, of_one("add_component", LOGIN, 'access_point = "tower"'))

    assert read.steps[1].values["spec"] == Login(
        username="ana", password=SecretText("hunter2"), macs=("00-1A-2B-3C-4D-5E",), vlan=7
    )
    assert "hunter2" not in repr(read)


def test_flags_of_a_spec_are_flags() -> None:
    read = scenario(OPEN, of_one("add_component", 'spec = { kind = "ip", name = "ana", hotspot = true }'))

    assert read.steps[1].values["spec"] == IpAssignment(name="ana", hotspot=True)


def test_speeds_and_windows_are_tables() -> None:
    speed = "download_kbit = 512, upload_kbit = 256"
    read = scenario(
        OPEN,
        of_one("set_speed", 'component = "login"', f"speed = {{ {speed} }}", "until = 2012-05-01"),
        of_one("set_speed", 'component = "login"', "speed = {}"),
        of_one(
            "set_speed_windows",
            'component = "login"',
            f'windows = [{{ start = 22:00:00, end = "06:00", {speed} }}, '
            f"{{ start = 12:00:00, end = 13:00:00, days = [1, 7], {speed} }}]",
        ),
    )

    assert read.steps[1].values["speed"] == Speed(512, 256)
    assert read.steps[2].values["speed"] is None
    assert read.steps[3].values["windows"] == (
        SpeedWindow(time(22), time(6), Speed(512, 256)),
        SpeedWindow(time(12), time(13), Speed(512, 256), (1, 7)),
    )


@pytest.mark.parametrize(
    ("do", "keys", "problem"),
    [
        (
            "add_component",
            ['spec = { kind = "teapot" }'],
            "steps[1].spec.kind: 'teapot' is not known here. Use one of: login, ip, onu, ",
        ),
        ("add_component", ['spec = { kind = "onu" }'], "steps[1].spec.serial: This key is required."),
        (
            "add_component",
            ['spec = { kind = "onu", serial = "ABCD1234", enabled = false }'],
            "steps[1].spec.enabled: This key is not known here.",
        ),
        ("add_component", ['resource = "onu"'], "steps[1].resource: 'onu' names no resource."),
        ("add_component", ['resource = "two:onu"'], "steps[1].resource: 'two:onu' names no resource."),
        ("add_component", ['resource = "one:"'], "steps[1].resource: 'one:' names no resource."),
        ("add_component", ['needs = ["onu", "two:onu"]'], "steps[1].needs[1]: 'two:onu' names no resource."),
        (
            "set_speed_windows",
            [
                'component = "login"',
                "windows = [{ start = 25, end = 06:00:00, download_kbit = 1, upload_kbit = 1 }]",
            ],
            "steps[1].windows[0].start: 25 (int) is not a time of the day.",
        ),
    ],
)
def test_a_slip_is_told_at_its_place(do: str, keys: list[str], problem: str) -> None:
    (told,) = problems("\n".join([HEAD, OPEN, of_one(do, *keys)]))

    assert problem in told


def test_expected_components_are_a_list_of_names() -> None:
    text = "\n".join([HEAD, OPEN, of_one("expect", 'components = "login"')])

    (told,) = problems(text)

    assert "'login' is not a list of names." in told


def test_components_that_are_not_as_expected_are_told() -> None:
    steps = played(OPEN, of_one("expect", 'components = ["login"]'), of_one("expect", "components = []"))

    assert unmet(steps) == ["components: expected login, found none"]
