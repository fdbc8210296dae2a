"""Devices in scenarios: what a story does with them, and what a slip is told as."""

from pathlib import Path

import pytest

from ispcore.driver import Login
from ispcore.errors import DocumentError
from ispcore.network import DriftKind, Happened
from ispcore.scenarios import Played, Player, Scenario, read_scenario
from tests.engines import empty_database

CATALOGUE = Path(__file__).resolve().parents[2] / "examples" / "catalogues" / "network.toml"
HEAD = """
title = "A story"
catalogue = "network.toml"
devices = { radius-1 = { kinds = ["login"] }, olt-1 = {}, mail-1 = {} }
customers.ana.kind = "person"
customers.ana.details.name = "Ana"
customers.ana.addresses = [{ id = "home", type = "installation", city = "Londrina" }]
"""
LOGIN = 'kind = "login", username = "ana", password = "hunter2"'
ONU = 'kind = "onu", serial = "ABCD12345678"'
MAIL = 'kind = "mailbox", address = "ana@isp.test"'


def step(do: str, *keys: str, on: int = 2) -> str:
    return "\n".join(["[[steps]]", f"on = 2012-04-{on:02}", f'do = "{do}"', *keys, ""])


BILLED = 'charge_method = "slip"\ndue_day = 10'
OPEN = step(
    "subscribe", 'as = "one"', 'customer = "ana"', 'plan = "fibre-100"', 'status = "enabled"', BILLED, on=1
) + "".join(
    step("add_component", 'subscription = "one"', f"spec = {{ {spec} }}", on=1) for spec in (ONU, LOGIN, MAIL)
)
RADIUS = 'device = "radius-1"'
ANA = 'resource = "login/ana"'


def scenario(*steps: str, head: str = HEAD) -> Scenario:
    return read_scenario(head + "\n".join(steps), load=lambda _: CATALOGUE.read_bytes())


def played(*steps: str, head: str = HEAD) -> list[Played]:
    with empty_database() as url:
        player = Player(scenario(*steps, head=head), url)
        found = list(player.play())
        player.close_database()
        return found


def last_unmet(*steps: str) -> list[str]:
    return list(played(OPEN, *steps)[-1].unmet)


def happened(one: Played) -> list[tuple[str, str]]:
    return [(each.what.value, each.claim or each.device) for each in one.happenings]


def told(text: str) -> str:
    with pytest.raises(DocumentError) as refused:
        scenario(OPEN, text)
    return "\n".join(str(problem) for problem in refused.value.problems)


# --- what goes on by itself


def test_after_each_step_the_worker_makes_everything_current() -> None:
    steps = played(OPEN, step("suspend", 'subscription = "one"'))

    assert [happened(one) for one in steps[1:4]] == [
        [("made", "onu/ABCD12345678")],
        [("made", "login/ana")],
        [("made", "mailbox/ana@isp.test")],
    ]


def test_what_is_taken_away_goes_in_the_reverse_order_of_what_is_given() -> None:
    on_and_off = [step("suspend", 'subscription = "one"'), step("resume", 'subscription = "one"')]

    off, on = played(OPEN, *on_and_off)[-2:]

    claims = [claim for _, claim in happened(off)]
    assert claims == ["mailbox/ana@isp.test", "login/ana", "onu/ABCD12345678"]
    assert [claim for _, claim in happened(on)] == claims[::-1]


def test_a_story_with_a_step_that_works_works_only_there() -> None:
    steps = played(OPEN, step("suspend", 'subscription = "one"'), step("work", "expect = { done = 3 }"))

    assert [len(one.happenings) for one in steps] == [0, 0, 0, 0, 0, 3]
    assert steps[-1].unmet == ()


def test_time_passes_day_by_day_so_that_what_ends_by_itself_ends_on_its_day() -> None:
    paused = step("pause", 'subscription = "one"', 'cause = "seasonal"', "until = 2012-04-05")

    steps = played(OPEN, paused, step("expect", RADIUS, on=20))

    back = [one for one in steps[-1].happenings if one.claim == "login/ana"]
    assert [one.on.day for one in back] == [5]


def test_a_step_tells_what_its_command_moved() -> None:
    suspended = played(OPEN, step("suspend", 'subscription = "one"'))[-1]

    assert sorted(move.placement for move in suspended.moves) == [
        "1:login@radius-1",
        "1:mailbox@mail-1",
        "1:onu@olt-1",
    ]


def test_a_device_refuses_what_it_does_not_bear() -> None:
    head = HEAD.replace("olt-1 = {}", 'olt-1 = { kinds = ["wifi"] }')

    steps = played(OPEN, step("expect", 'device = "olt-1"', "to_do = 1"), head=head)

    assert steps[-1].unmet == ()
    assert happened(steps[1]) == []


# --- what people and fate do


def test_what_was_tampered_with_is_found_and_mended() -> None:
    tampered = step("tamper", RADIUS, ANA, "fields = { upload_kbit = 1 }")

    hand, look, mend, after = played(
        OPEN, tampered, step("drift"), step("drift", "repair = true"), step("drift")
    )[-4:]

    assert happened(hand) == [("changed by hand", "login/ana")]
    assert [(one.kind, one.fields) for one in look.drift] == [(DriftKind.DIFFERS, ("upload_kbit",))]
    assert happened(mend) == [("drift found", "login/ana"), ("mended", "login/ana")]
    assert after.drift == ()


def test_what_was_removed_by_hand_is_missing_and_is_made_again_with_its_password() -> None:
    steps = [
        step("tamper", RADIUS, 'resource = "one:login"', "remove = true"),
        step("drift", "repair = true"),
        step("expect", RADIUS, 'stands = { "one:login" = { password = "hunter2" } }'),
    ]

    _, look, back = played(OPEN, *steps)[-3:]

    assert [one.kind for one in look.drift] == [DriftKind.MISSING]
    assert back.unmet == ()


def test_what_somebody_puts_there_is_foreign_and_stays() -> None:
    put = step("tamper", RADIUS, 'spec = { kind = "login", username = "office" }')

    _, look, after = played(OPEN, put, step("drift", "repair = true"), step("drift"))[-3:]

    assert [(one.kind, one.claim) for one in look.drift] == [(DriftKind.FOREIGN, "login/office")]
    assert after.drift == look.drift


def test_no_secret_is_in_what_happened() -> None:
    steps = played(OPEN)

    (login,) = [one.after for one in steps[2].happenings]
    assert isinstance(login, Login)
    assert login.password is None
    assert "hunter2" not in repr(steps[2].happenings)


def test_a_device_that_is_down_when_it_is_looked_at_is_told() -> None:
    steps = played(OPEN, step("device_down", RADIUS), step("drift", RADIUS))

    assert [one.what for one in steps[-1].happenings] == [Happened.DOWN]


def test_a_replaced_device_stops_once_and_goes_on_when_it_is_accepted() -> None:
    steps = played(
        OPEN,
        step("replace_device", RADIUS),
        step("suspend", 'subscription = "one"'),
        step("resume", 'subscription = "one"'),
        step("accept_device", RADIUS),
    )

    kinds = [[one.what for one in each.happenings if one.device == "radius-1"] for each in steps[-4:]]
    assert kinds == [[Happened.REPLACED], [Happened.STOPPED], [], [Happened.ACCEPTED, Happened.MADE]]


# --- expectations


STANDING = [
    ("to_do = 3", "to_do: expected 3, found 0"),
    ("stopped = true", "stopped: expected true, and it works"),
    ('stands = { "login/ana" = "absent" }', "login/ana: expected absent, and it stands there"),
    ('stands = { "login/joe" = {} }', "login/joe: expected to stand there, and is absent"),
    (
        'stands = { "login/ana" = { download_kbit = 5 } }',
        "login/ana: download_kbit: expected 5, found 100000",
    ),
    (
        'stands = { "one:login" = { access = "refused" } }',
        "1:login: access: expected refused, found open",
    ),
    (
        'stands = { "one:login" = { password = "other" } }',
        "1:login: password: another secret was written",
    ),
    (
        'stands = { "one:login" = { ssid = "x" } }',
        "1:login: a login has no 'ssid'. Known are: access, address, delegated_prefix,",
    ),
]


@pytest.fixture(scope="module")
def told_of_standing() -> dict[str, tuple[str, ...]]:
    """What is told of each expectation, all of them in one story."""
    keys = [key for key, _ in STANDING]
    steps = played(OPEN, *(step("expect", RADIUS, key) for key in keys))
    return {key: one.unmet for key, one in zip(keys, steps[-len(keys) :], strict=True)}


@pytest.mark.parametrize(("key", "line"), STANDING)
def test_what_does_not_stand_as_expected_is_told(
    told_of_standing: dict[str, tuple[str, ...]], key: str, line: str
) -> None:
    (unmet,) = told_of_standing[key]

    assert unmet.startswith(line)


def test_a_stopped_device_that_should_work_is_told_with_its_reason() -> None:
    steps = [step("replace_device", RADIUS, 'identity = "B"'), step("suspend", 'subscription = "one"')]

    (unmet,) = last_unmet(*steps, step("expect", RADIUS, "stopped = false"))

    assert unmet.startswith("stopped: expected false, and it is stopped: radius-1 was")


FINDINGS = [
    ('[{ resource = "one:login" }]', []),
    ('[{ resource = "login/ana", kind = "differs", fields = ["upload_kbit"] }]', []),
    ("[]", ["expected nothing more, found login/ana: it differs in upload_kbit"]),
    (
        '[{ resource = "login/ana", kind = "missing" }]',
        ["login/ana: found, but it differs in upload_kbit"],
    ),
    (
        '[{ resource = "login/ana", fields = ["access"] }]',
        ["login/ana: found, but it differs in upload_kbit"],
    ),
    (
        '[{ resource = "login/ana" }, { resource = "one:onu" }]',
        ["1:onu: expected to be found, and is as it should be"],
    ),
]


@pytest.fixture(scope="module")
def told_of_findings() -> dict[str, tuple[str, ...]]:
    """What is told when a login has another upload than was left there."""
    keys = [key for key, _ in FINDINGS]
    tampered = step("tamper", RADIUS, ANA, "fields = { upload_kbit = 1 }")
    looks = (step("drift", f"expect = {{ findings = {key} }}") for key in keys)
    steps = played(OPEN, tampered, *looks)
    return {key: one.unmet for key, one in zip(keys, steps[-len(keys) :], strict=True)}


@pytest.mark.parametrize(("findings", "lines"), FINDINGS)
def test_findings_are_met_one_by_one(
    told_of_findings: dict[str, tuple[str, ...]], findings: str, lines: list[str]
) -> None:
    assert list(told_of_findings[findings]) == lines


def test_what_is_missing_is_told_as_that() -> None:
    gone = step("tamper", RADIUS, ANA, "remove = true")

    assert last_unmet(gone, step("drift", "expect = { findings = [] }")) == [
        "expected nothing more, found login/ana: it is missing"
    ]


def test_counts_of_work_and_tick_are_told() -> None:
    assert last_unmet(step("work", RADIUS, "expect = { done = 2, left = 1 }")) == [
        "done: expected 2, found 1",
        "left: expected 1, found 0",
    ]
    assert last_unmet(step("tick", "expect = { moved = 1 }")) == ["moved: expected 1, found 0"]


def test_tampering_with_what_is_not_there_is_refused() -> None:
    for name in ("login/joe", "one:onu"):
        refused = step(
            "tamper", RADIUS, f'resource = "{name}"', "remove = true", 'refused = "object on radius-1"'
        )
        assert last_unmet(refused) == []


# --- slips


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (step("device_down", 'device = "radius-2"'), "no device 'radius-2'. Did you mean 'radius-1'?"),
        (step("expect", 'device = "mail-2"'), "no device 'mail-2'. Did you mean 'mail-1'?"),
        (step("device_downn", RADIUS), "Did you mean 'device_down'?"),
        (step("device_up"), "steps[4].device: This key is required."),
        (step("tick", RADIUS), "steps[4].device: This key is not known here."),
        (step("tamper", RADIUS, ANA), "steps[4].fields: It does not say what is done by hand."),
        (
            step("tamper", RADIUS, ANA, "fields = { uplod_kbit = 1 }"),
            "'uplod_kbit' is no field of it. Did you mean 'upload_kbit'?",
        ),
        (
            step("tamper", RADIUS, ANA, 'fields = { password = "x" }'),
            "steps[4].fields.password: No look can tell that a secret was changed.",
        ),
        (
            step("tamper", RADIUS, 'resource = "logn/ana"', "remove = true"),
            "'logn' is no kind of component. Did you mean 'login'?",
        ),
        (step("tamper", RADIUS, 'resource = "two:login"', "remove = true"), "'two:login' names no resource."),
        (step("expect", RADIUS, 'stands = { "login/ana" = 3 }'), "neither a table of fields nor 'absent'"),
        (step("expect", RADIUS, 'stands = { "login/ana" = { access = "opn" } }'), "access"),
        (step("drift", 'expect = { findings = [{ resource = "one:login", kind = "x" }] }'), "Use one of"),
        (step("drift", "expect = { done = 1 }"), "steps[4].expect.done: This key is not known here."),
        (step("work", 'as = "x"'), "This step makes nothing that could be named."),
    ],
)
def test_a_slip_is_told_with_its_place_and_a_way_out(text: str, problem: str) -> None:
    assert problem in told(text)


@pytest.mark.parametrize(
    ("devices", "problem"),
    [
        ('{ box = { kinds = ["logn"] } }', "devices.box.kinds[0]"),
        ('{ box = { driver = "huawei" } }', "Use one of: mock."),
        ("{ box = { kind = [] } }", "Did you mean 'kinds'?"),
        ("{ box = { capacity = 0 } }", "devices.box.capacity"),
    ],
)
def test_a_slip_in_a_device_is_told(devices: str, problem: str) -> None:
    head = HEAD.replace("devices = {", f"devices = {devices} #")

    with pytest.raises(DocumentError) as refused:
        scenario(OPEN, head=head)

    assert problem in str(refused.value)


def test_steps_about_devices_need_devices() -> None:
    with pytest.raises(DocumentError) as refused:
        scenario(OPEN, step("work"), head=HEAD.replace("devices = {", "#"))

    assert "The scenario has no devices. Write [devices.NAME] for each" in str(refused.value)
