"""Slips, notices, payments and holds on the page of a story about a late payer."""

from functools import cache
from pathlib import Path

from ispcore.cli.page import scenario_page
from ispcore.scenarios import Player, read_scenario_file
from tests.engines import in_memory
from tests.pages.markup import Markup

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "examples"


@cache
def page_of(name: str) -> str:
    player = Player(read_scenario_file(EXAMPLES / f"{name}.toml"), in_memory())
    steps = list(player.play())
    page = scenario_page(player, steps)
    player.close_database()
    return page


def texts(name: str) -> str:
    return " ".join(" ".join(Markup(page_of(name)).texts).split())


def test_a_slip_is_shown_from_its_issue_to_its_payment() -> None:
    told = texts("late-payer")

    assert "01/04/2012 to 04/05/2012 slip 1 93.00 BRL, due 10/04/2012, paid" in told
    assert "01/04/2012 to 09/04/2012 slip 2 93.00 BRL, due 10/04/2012, paid" in told


def test_what_was_told_held_and_paid_is_told_on_its_day() -> None:
    told = texts("late-payer")

    assert "20/04/2012 reduced for late payment" in told
    assert "30/04/2012 blocked for late payment" in told
    assert "04/05/2012 no longer blocked it was for late payment" in told
    assert "04/05/2012 paid 95.60 BRL for slip 1" in told


def test_the_days_of_a_slip_after_its_due_day_are_red() -> None:
    page = page_of("late-payer")

    assert page.partition("<h2")[2].count('<rect class="late" x="') == 1  # Rosa's first slip
    assert 'href="#m1-' in page


def test_slips_that_were_paid_in_time_have_no_red_days() -> None:
    page = page_of("slips_and_their_fees")

    assert 'class="late" x="' in page.partition("<h2")[0]  # the legend
    assert 'class="late" x="' not in page.partition("<h2")[2]
    assert "09/05/2012 paid 92.50 BRL for slip 1" in texts("slips_and_their_fees")


def test_what_was_renegotiated_or_written_off_has_its_sign() -> None:
    page = page_of("money_that_moves_again")

    assert "↻ 90.00" in page
    assert "⊘ 90.00" in page
