"""What the command line tells of the network."""

import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from ispcore.driver import Login
from ispcore.plans import AddComponent, Block, Cancel
from ispcore.values import SubscriptionId
from tests.catalogues import START
from tests.cli.calling import exit_code
from tests.homes import DEVICES, MAILBOX, PLANS, sections
from tests.providers import ANA, Office, open_office

Run = Callable[..., tuple[int, str]]


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
def run(home: Office, capsys: pytest.CaptureFixture[str]) -> Run:
    """Call the command line on the office's database, and return its exit code and output."""

    def call(*args: str) -> tuple[int, str]:
        code = exit_code([*args, "--db", home.url])
        return code, capsys.readouterr().out

    return call


def test_a_plan_shows_what_is_to_be_made_field_by_field(run: Run) -> None:
    code, out = run("plan", "1")

    assert code == 0
    assert out == (
        "Subscription 1: 2 placements.\n"
        "  1:login@radius  to be made: login/ana (generation 1, applied 0)\n"
        "      username: ana\n"
        "      access: open\n"
        "      download_kbit: 512\n"
        "      upload_kbit: 256\n"
        "      sessions: 1\n"
        "  1:mailbox@box  to be made: mailbox/ana@isp.test (generation 1, applied 0)\n"
        "      address: ana@isp.test\n"
        "      enabled: True\n"
    )


def test_a_plan_shows_what_differs_from_what_stands_there_and_no_secret(run: Run, home: Office) -> None:
    home.sql("update placements set applied = wanted, applied_generation = 1")
    home.sql(
        "update placements set wanted = ?, generation = 2 where device = 'radius'",
        json.dumps(
            {"kind": "login", "username": "ana", "password": {"name": "s1"}, "macs": ["02:00:00:00:00:01"]}
        ),
    )
    home.sql("update placements set wanted = null, generation = 2 where device = 'box'")

    _, out = run("plan", "1")

    assert out == (
        "Subscription 1: 2 placements.\n"
        "  1:login@radius  to be changed (generation 2, applied 1)\n"
        "      password: another secret\n"
        "      download_kbit: 512 -> none\n"
        "      upload_kbit: 256 -> none\n"
        "      macs: none -> 02:00:00:00:00:01\n"
        "  1:mailbox@box  to be taken away (generation 2, applied 1)\n"
    )


def test_what_stands_as_it_is_wanted_has_nothing_to_do(run: Run, home: Office) -> None:
    home.sql("update placements set applied = wanted, applied_generation = 1")

    _, out = run("plan", "1")

    assert out.count("nothing to do (generation 1, applied 1)") == 2


def test_a_plan_with_a_problem_ends_with_1(run: Run, home: Office) -> None:
    home.load(**sections(devices={"login": "radius"}))
    home.provider.network.resync(actor=ANA)

    code, out = run("plan", "1")

    assert code == 1
    assert "No device is bound to '1:mailbox'" in out


def test_a_plan_for_programs_has_what_is_wanted_and_applied(run: Run) -> None:
    _, out = run("plan", "1", "--json")

    found = json.loads(out)
    login = found["placements"][0]
    assert (login["id"], login["device"], login["generation"], login["current"]) == (
        "1:login@radius",
        "radius",
        1,
        False,
    )
    assert login["wanted"]["access"] == "open"
    assert login["applied"] is None
    assert login["subscriptions"] == [1]
    assert (found["problems"], found["valid_until"]) == ([], None)


def test_a_resync_shows_first_and_moves_then(run: Run, home: Office) -> None:
    faster = {**PLANS, "home": {**PLANS["home"], "download_kbit": 600}}
    home.load(**sections(plans=faster))

    shown = run("resync", "--preview")
    done = run("resync")
    again = run("resync")

    line = "  1:login@radius  is generation 2\n      download_kbit: 512 -> 600\n"
    assert shown == (0, f"Looked at 1 subscription; 1 placement would move.\n{line}")
    assert done == (0, f"Looked at 1 subscription; 1 placement moved.\n{line}")
    assert again == (0, "Looked at 1 subscription; 0 placements moved.\n")


def test_a_tick_without_anything_due_does_nothing(run: Run) -> None:
    assert run("tick", "--network") == (0, "Looked at 0 subscriptions; 0 placements moved.\n")


def test_a_tick_tells_what_has_ended_by_itself(run: Run, home: Office) -> None:
    # The command line goes by today's clock, which is long after the end of this hold.
    home.do(Block(subscription=SubscriptionId(1), until=START + timedelta(days=1)))

    shown = run("tick", "--network", "--preview")
    code, done = run("tick", "--network", "--json")

    assert (code, shown[0]) == (0, 0)
    assert shown[1] == (
        "Looked at 1 subscription; 1 placement would move.\n"
        "  1:login@radius  is generation 3\n"
        "      access: walled -> open\n"
    )
    assert [move["placement"] for move in json.loads(done)["moves"]] == ["1:login@radius"]


def test_what_is_taken_away_by_a_tick_is_told_so(run: Run, home: Office) -> None:
    home.do(Cancel(subscription=SubscriptionId(1), reason="moved"))

    _, out = run("tick", "--network")

    assert "  1:mailbox@box  is taken away\n" in out


def test_a_problem_of_a_resync_ends_it_with_1(run: Run, home: Office) -> None:
    home.load(**sections(devices={**DEVICES, "mailbox": "other"}))
    home.sql(
        "insert into placements (id, resource, device, kind, generation, layer, needs, moved_at) "
        "values ('9:mailbox@other', '9:mailbox', 'other', 'mailbox', 1, 4, '[]', '2012-03-01 00:00:00')"
    )
    home.sql(
        "insert into claims (device, claim, placement) "
        "values ('other', 'mailbox/ana@isp.test', '9:mailbox@other')"
    )

    code, out = run("resync")

    assert code == 1
    assert "'mailbox/ana@isp.test' on 'other' is taken" in out
    assert "still to be taken away" in out
