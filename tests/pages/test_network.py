"""The network beneath the books: what was wanted by the day, what stood there, and what happened."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from ispcore.catalog import Serves
from ispcore.cli.page import scenario_page
from ispcore.driver import Access, IpAssignment, Login, Mailbox, Spec
from ispcore.network import Happened
from ispcore.pages import NetworkStory, Story, story_page, subscription_page
from ispcore.pages.network import Wire, kind_of, wires_of, words_of
from ispcore.scenarios import Player, demo_scenario, read_scenario, read_scenario_file
from ispcore.timeline import Actor
from ispcore.values import CustomerId, SubscriptionId
from tests.pages.markup import Markup
from tests.scenarios.test_devices import CATALOGUE, HEAD, OPEN, RADIUS, step

EXAMPLES = Path(__file__).parents[2] / "examples"


def play(*steps: str, until: int = 30) -> tuple[list[Wire], str]:
    """Return the wires of the story's last subscription, and the story's page."""
    text = HEAD + OPEN + "".join(steps) + step("expect", 'subscription = "one"', on=until)
    return played_in(lambda: Player(read_scenario(text, load=lambda _: CATALOGUE.read_bytes())))


def played_in(make: Callable[[], Player]) -> tuple[list[Wire], str]:
    player = make()
    steps = list(player.play())
    assert [line for one in steps for line in one.unmet] == []
    number = SubscriptionId(max(player.names.subscriptions.values()))
    view = player.provider.subscription(number, actor=player.actor)
    catalogue = player.provider.catalogue(actor=player.actor)
    wires = wires_of(view.timeline, catalogue, steps[-1].step.on, player.network.journal.happenings)
    page = scenario_page(player, steps)
    player.close_database()
    return list(wires), page


def wanted(wire: Wire) -> list[tuple[int, int, str]]:
    return [(one.period.start.day, one.period.last.day, words_of(one.spec)) for one in wire.wanted]


def stood(wire: Wire) -> list[tuple[int, int, str, str]]:
    def told(one: object) -> str:
        return "drift" if getattr(one, "is_drift", False) else "same"

    return [
        (
            one.period.start.day,
            one.period.last.day,
            words_of(one.spec),
            told(one) if one.is_wanted or one.is_drift else "behind",
        )
        for one in wire.stood
    ]


def test_what_was_wanted_follows_the_statuses_day_by_day() -> None:
    wires, _ = play(
        step("suspend", 'subscription = "one"', on=10), step("resume", 'subscription = "one"', on=20)
    )

    by_claim = {wire.claim: wanted(wire) for wire in wires}
    assert by_claim["login/ana"] == [(1, 9, "100/50 Mbit/s"), (10, 19, "refused"), (20, 30, "100/50 Mbit/s")]
    assert by_claim["onu/ABCD12345678"] == [
        (1, 9, "100/50 Mbit/s"),
        (10, 19, "disabled"),
        (20, 30, "100/50 Mbit/s"),
    ]


def test_what_was_changed_by_hand_stood_until_it_was_mended() -> None:
    wires, page = play(
        step("tamper", RADIUS, 'resource = "login/ana"', "fields = { download_kbit = 256 }", on=10),
        step("drift", "repair = true", on=20),
    )

    login = next(wire for wire in wires if wire.claim == "login/ana")
    assert [one.what for one in login.happenings] == [
        Happened.MADE,
        Happened.BY_HAND,
        Happened.FOUND,
        Happened.MENDED,
    ]
    assert [one for one in stood(login) if one[3] == "drift"] == [(10, 19, "256/50000 kbit/s", "drift")]
    assert "256/50000 kbit/s on radius-1 since 10/04" in page
    assert "256 should be" in page


def test_what_a_dead_device_kept_was_not_as_wanted() -> None:
    wires, _ = play(
        step("device_down", RADIUS, on=9),
        step("suspend", 'subscription = "one"', on=10),
        step("device_up", RADIUS, on=15),
    )

    login = next(wire for wire in wires if wire.claim == "login/ana")
    assert (10, 14, "100/50 Mbit/s", "behind") in stood(login)
    assert stood(login)[-1][2:] == ("refused", "same")


def test_an_empty_box_holds_nothing_until_it_is_accepted() -> None:
    wires, page = play(
        step("replace_device", RADIUS, 'identity = "<B>"', on=9),
        step("suspend", 'subscription = "one"', on=10),
        step("accept_device", RADIUS, on=15),
    )

    login = next(wire for wire in wires if wire.claim == "login/ana")
    held = [day for first, last, *_ in stood(login) for day in range(first, last + 1)]
    assert held == [*range(1, 9), *range(15, 31)]
    assert "<B>" not in page
    assert "&lt;B&gt;" in page


def test_after_a_change_of_plan_the_successor_alone_wants_it() -> None:
    def moved() -> Player:
        return Player(read_scenario_file(EXAMPLES / "left_at_the_old_speed.toml"))

    (wire,), page = played_in(moved)

    assert wanted(wire) == [(16, 30, "512/128 kbit/s")]
    assert "256/128 kbit/s on radius-1 since 18/04" in page


def test_every_dot_opens_a_panel_and_the_table_says_the_same() -> None:
    _, page = play(step("suspend", 'subscription = "one"', on=10))

    markup = Markup(page)
    dots = re.findall(r'<a href="#(n[\d-]+)">', page)
    assert len(dots) == 6
    assert set(dots) <= set(markup.ids)
    assert page.count("made by the worker") == 3 * 2
    assert "wanted: refused, off" in page


def test_the_devices_are_summed_up() -> None:
    _, page = play(step("replace_device", RADIUS, on=9), step("suspend", 'subscription = "one"', on=10))

    (table,) = re.findall(r'<table class="devices">.*?</table>', page, re.DOTALL)
    rows = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in table.split("<tr>")[2:]]
    assert [row[:3] for row in rows] == [
        ["radius-1", "nothing", "1"],
        ["olt-1", "1 ONU", "2"],
        ["mail-1", "1 mailbox", "2"],
    ]
    assert rows[0][-1].startswith("radius-1 was")


def test_no_password_is_on_the_page() -> None:
    _, page = play()

    assert "hunter2" not in page


def test_who_may_not_read_the_catalogue_sees_the_books_alone() -> None:
    player = Player(read_scenario(HEAD + OPEN, load=lambda _: CATALOGUE.read_bytes()))
    list(player.play())
    books = {"customer.read", "subscription.read", "billing.read"}

    without = subscription_page(player.provider, SubscriptionId(1), actor=Actor("clerk", books))
    with_it = subscription_page(
        player.provider, SubscriptionId(1), actor=Actor("clerk", {*books, "catalog.read"})
    )
    player.close_database()

    assert "login/ana on radius-1" not in without
    assert "login/ana on radius-1" in with_it


@pytest.mark.parametrize(
    ("spec", "serves", "kind", "words"),
    [
        (Login(username="a"), Serves.FULL, "on", "open"),
        (Login(username="a", download_kbit=2_000, upload_kbit=1_000), Serves.FULL, "on", "2/1 Mbit/s"),
        (Login(username="a", download_kbit=2_000), Serves.REDUCED, "held", "2 Mbit/s"),
        (Login(username="a", download_kbit=512), Serves.FULL, "on", "512 kbit/s"),
        (Login(username="a", access=Access.WALLED), Serves.BLOCKED, "held", "walled"),
        (Login(username="a", access=Access.REFUSED), Serves.OFF, "off", "refused"),
        (Mailbox(address="a@b"), Serves.REDUCED, "on", "enabled"),
        (Mailbox(address="a@b", enabled=False), Serves.OFF, "off", "disabled"),
        (IpAssignment(name="a", enabled=False), Serves.BLOCKED, "off", "disabled"),
    ],
)
def test_a_stretch_is_drawn_and_said_as_what_it_gives(
    spec: Spec, serves: Serves, kind: str, words: str
) -> None:
    assert kind_of(spec, serves) == kind
    assert words_of(spec) == words


def test_names_that_a_device_writes_its_own_way_are_the_same() -> None:
    macs = OPEN.replace('password = "hunter2"', 'password = "hunter2", macs = ["00-1A-2B-3C-4D-5E"]')
    text = HEAD + macs + step("expect", 'subscription = "one"', on=3)

    wires, _ = played_in(lambda: Player(read_scenario(text, load=lambda _: CATALOGUE.read_bytes())))

    assert all(one.is_wanted and not one.is_drift for wire in wires for one in wire.stood)
    assert {wire.stood[-1].period.last for wire in wires} == {date(2012, 4, 3)}


def test_a_sample_shows_whose_speed_was_changed_by_hand() -> None:
    player = Player(demo_scenario())
    steps = list(player.play())
    story = Story(
        title="One",
        customers=[CustomerId(number) for number in player.names.customers.values()],
        network=NetworkStory(one for each in steps for one in each.happenings),
        most=3,
    )
    page = story_page(player.provider, story, actor=player.actor)
    player.close_database()

    assert "Fábio Moreira" in page
    assert "100/50 Mbit/s on radius-1 since 20/04" in page
