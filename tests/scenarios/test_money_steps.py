"""Steps about money in scenarios: what time does, what everybody pays, and what is expected of it."""

import pytest

from ispcore.errors import DocumentError
from ispcore.scenarios import Played, Player, read_scenario
from tests.engines import in_memory

HEAD = """
title = "Slips"
catalogue = "catalogues/late.toml"
{daily}
[customers.ana]
kind = "person"
details = {{ name = "Ana", email = "ana@example.org" }}
addresses = [{{ id = "home", type = "installation", city = "Londrina" }}]

[[steps]]
on = 2012-04-01
do = "subscribe"
as = "net"
customer = "ana"
plan = "home"
status = "enabled"
charge_method = "slip"
due_day = 10

[[steps]]
on = 2012-04-30
do = "close"
"""


def catalogue(name: str) -> bytes:
    from tests.test_examples import EXAMPLES

    return (EXAMPLES[0].parent / name).read_bytes()


def step(on: str, do: str, *lines: str) -> str:
    return "\n".join(["[[steps]]", f"on = {on}", f'do = "{do}"', *lines, ""])


def play(*steps: str, daily: str = "") -> list[Played]:
    text = HEAD.format(daily=daily) + "\n".join(steps)
    player = Player(read_scenario(text, load=catalogue), in_memory())
    played = list(player.play())
    player.close_database()
    return played


def unmet(*steps: str) -> tuple[str, ...]:
    return play(*steps)[-1].unmet


def test_everybody_pays_on_the_due_day_but_those_who_are_named() -> None:
    issue = step("2012-05-01", "issue_slips")

    everybody = play(issue, step("2012-05-12", "pay_slips"))
    nobody = play(issue, step("2012-05-12", "pay_slips", 'but = ["ana"]'))
    too_early = play(issue, step("2012-05-09", "pay_slips"))

    assert [story[-1].paid for story in (everybody, nobody, too_early)] == [1, 0, 0]


def test_nobody_is_spared_who_is_not_known() -> None:
    with pytest.raises(DocumentError, match="No customer was named 'bento'"):
        play(step("2012-05-12", "pay_slips", 'but = ["bento"]'))


def test_a_day_that_ticks_by_itself_tells_what_it_did_and_who_was_told() -> None:
    told = play(step("2012-05-05", "expect", 'customer = "ana"'), daily='daily = "everything"')[-1]

    assert [str(tick.on) for tick in told.ticks] == ["2012-05-01", "2012-05-05"]
    assert [(str(one.on), one.message.recipient) for one in told.told] == [("2012-05-05", "ana@example.org")]


def test_a_story_without_devices_does_nothing_by_itself() -> None:
    assert play(step("2012-05-05", "expect", 'customer = "ana"'))[-1].ticks == ()


def test_counts_of_a_tick_that_are_others_are_told() -> None:
    wrong = step("2012-05-01", "tick", "expect = { issued = 2, told = 0 }")

    assert unmet(wrong) == ("issued: expected 2, found 1",)


def test_tasks_of_a_tick_are_counted() -> None:
    suspended = step("2012-05-01", "suspend", 'subscription = "net"', "task = true", "today = 2012-04-30")
    ticked = step("2012-05-01", "tick", "expect = { tasks = 1 }")

    assert unmet(suspended, ticked) == ()
    assert unmet(ticked) == ("tasks: expected 1, found 0",)


def test_problems_that_a_tick_should_have_had_are_told() -> None:
    wrong = step("2012-05-01", "tick", "expect = { problems = 1 }")

    assert unmet(wrong) == ("problems: expected 1, found 0",)


@pytest.mark.parametrize(
    ("expected", "told"),
    [
        ("slips = []", "slips: expected nothing more, found amount 90.00 BRL, due 2012-05-10, state open"),
        (
            'slips = [{ amount = "90.00" }, { amount = "80.00", state = "open" }]',
            "slips: expected amount 80.00 BRL, state open, found nothing more",
        ),
        (
            'slips = [{ amount = "90.00", state = "paid" }]',
            (
                "slips: expected amount 90.00 BRL, state paid, "
                "found amount 90.00 BRL, due 2012-05-10, state open"
            ),
        ),
        ('documents = [{ amount = "90.00" }]', "documents: expected amount 90.00 BRL, found nothing more"),
        ('late = "0.00"', "late: expected 0.00 BRL, found 90.00 BRL"),
        ('stages = ["slow"]', "stages: expected slow, found warned"),
        ("told = []", "told: expected none, found late"),
    ],
)
def test_an_account_that_is_otherwise_is_told(expected: str, told: str) -> None:
    tick = step("2012-05-13", "tick")

    assert unmet(tick, step("2012-05-13", "expect", 'customer = "ana"', expected)) == (told,)
