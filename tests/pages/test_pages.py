"""Whole pages: well-formed, self-contained, escaped, and the same each time."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from ispcore.cli.page import scenario_page
from ispcore.errors import NotFoundError, NotPermittedError
from ispcore.pages import SIGNATURE, Story, story_page, subscription_page
from ispcore.plans import Cancel, Pause, Suspend
from ispcore.scenarios import Player, Scenario, demo_scenario, read_scenario_file
from ispcore.timeline import Actor
from ispcore.values import SubscriptionId
from tests.catalogues import DOCUMENT
from tests.pages.markup import Markup
from tests.providers import ANA, NOBODY, Office, open_office

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.toml"))
HOSTILE = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title></style></svg><b>&amp; 'quoted'",
    "{{ 7 * 7 }}{% raw %}",
    "شركة الإنترنت",
    "x" * 200,
)


@pytest.fixture
def office() -> Iterator[Office]:
    with open_office() as office:
        yield office


def played(scenario: Scenario) -> str:
    player = Player(scenario)
    try:
        return scenario_page(player, list(player.play()))
    finally:
        player.close_database()


@pytest.fixture(scope="module")
def demo() -> str:
    return played(demo_scenario())


def faults(page: str) -> list[str]:
    """Return what is wrong with *page*: its markup, its ids, its links."""
    markup = Markup(page)
    twice = [f"id {name} twice" for name in sorted({one for one in markup.ids if markup.ids.count(one) > 1})]
    targets = [link.removeprefix("#") for link in markup.links]
    lost = [f"no id {target}" for target in targets if target not in markup.ids]
    styles = {f"url(#{name})" for name in markup.ids}
    lost += [f"no {one}" for one in re.findall(r"url\([^)]*\)", page) if one not in styles]
    return [*markup.faults, *twice, *lost]


def test_the_page_of_the_demo_is_well_formed_and_every_id_exists(demo: str) -> None:
    assert faults(demo) == []


def test_the_page_of_the_demo_is_small(demo: str) -> None:
    assert len(demo.encode()) < 500_000


def test_the_page_needs_no_network(demo: str) -> None:
    assert not re.search(r"(https?:)?//[a-z]|@import|<link|\bfetch\(|XMLHttpRequest", demo)


def test_the_page_says_in_its_first_lines_what_wrote_it(demo: str) -> None:
    assert SIGNATURE in demo[:400]


def test_the_same_scenario_gives_the_same_bytes(demo: str) -> None:
    assert played(demo_scenario()) == demo


def test_every_charge_of_the_demo_is_in_the_picture_and_in_the_table_once(demo: str) -> None:
    pictures = re.findall(r"<svg role.*?</svg>", demo)
    tables = re.findall(r'<table class="issued">.*?</table>', demo, re.DOTALL)

    drawn = [link for picture in pictures for link in re.findall(r'<a href="(#c[\d-]+)"', picture)]
    listed = [link for table in tables for link in re.findall(r'<a href="(#c[\d-]+)"', table)]

    assert len(drawn) == 163
    assert sorted(drawn) == sorted(listed)


def test_the_closings_are_summed_up_by_month(demo: str) -> None:
    (runs,) = re.findall(r'<section class="runs.*?</section>', demo, re.DOTALL)
    text = re.split("[ \n]+", " ".join(Markup(runs).texts).strip())

    assert "Charged, BRL" in runs
    assert re.findall("[A-Z][a-z]+ 2012", " ".join(text)) == ["Feb 2012", "Mar 2012", "Apr 2012"]
    assert text[-6:] == ["158", "3", "158", "12\u202f080.71", "87.04", "0"]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda path: path.stem)
def test_every_example_has_a_page(example: Path) -> None:
    assert faults(played(read_scenario_file(example))) == []


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_shown_and_never_run(office: Office, text: str) -> None:
    office.load(plans={"adsl": {**DOCUMENT["plans"]["adsl"], "name": text}})
    customer = office.register(text)
    subscription = office.subscribe(customer)
    suspended = Suspend(subscription=subscription, on=date(2012, 3, 3), note=text)
    office.do(suspended, today=date(2012, 3, 3))
    office.close(date(2012, 3, 31))
    story = Story(title=text, customers=[customer], about=text, labels={customer: text})

    for page in (
        story_page(office.provider, story, actor=ANA),
        subscription_page(office.provider, subscription, actor=ANA),
    ):
        markup = Markup(page)
        assert faults(page) == []
        assert text in "".join(markup.texts)
        assert markup.tags.count("script") == 1
        assert "img" not in markup.tags
        assert not [name for name, _ in markup.attributes if name.startswith("on")]


def test_texts_from_right_to_left_are_kept_apart_in_the_picture(office: Office) -> None:
    office.load(plans={"adsl": {**DOCUMENT["plans"]["adsl"], "name": "بريد"}})
    subscription = office.subscribe(office.register("Ana"))
    office.close(date(2012, 2, 29))

    page = subscription_page(office.provider, subscription, actor=ANA)

    assert "\u2068بريد\u2069" in page


def test_many_customers_are_a_sample_with_a_note_and_the_sums_of_all(office: Office) -> None:
    customers = [office.register(f"Quiet {n}") for n in range(9)]
    loud = office.register("Loud")
    for customer in (*customers, loud):
        office.subscribe(customer)
    (view,) = office.provider.customer(loud, actor=ANA).subscriptions
    office.do(Pause(subscription=view.row.id, on=date(2012, 2, 26)), today=date(2012, 2, 26))
    run = office.close(date(2012, 2, 29))

    story = Story(title="Ten", customers=[*customers, loud], runs=[run], most=3)
    page = story_page(office.provider, story, actor=ANA)

    assert "3 of 10 customers are shown" in page
    assert page.count('<section class="customer"') == 3
    assert "Loud" in page
    assert "<dt>customers</dt><dd>10</dd>" in page


def test_a_page_of_one_subscription_shows_no_other(office: Office) -> None:
    customer = office.register("Ana")
    mine, other = office.subscribe(customer), office.subscribe(customer)
    office.close(date(2012, 2, 29))

    page = subscription_page(office.provider, mine, actor=ANA)

    assert f'id="s{mine}"' in page
    assert f'id="s{other}"' not in page


def test_a_life_of_many_years_shows_its_last_cycles_and_lists_them_all(office: Office) -> None:
    subscription = office.subscribe(office.register("Ana"), on=date(2012, 2, 1))
    office.clock.move_to(date(2014, 12, 31))
    office.provider.close(date(2014, 12, 31), actor=ANA)

    page = subscription_page(office.provider, subscription, actor=ANA)
    (picture,) = re.findall(r"<svg role.*?</svg>", page)

    assert picture.count("<a ") == 13
    assert page.count('<section class="why"') == 35
    assert "the picture shows the last days of this life" in page
    assert faults(page) == []


def test_a_cancelled_subscription_ends_its_page_with_its_life(office: Office) -> None:
    subscription = office.subscribe(office.register("Ana"), on=date(2012, 2, 1))
    office.do(Cancel(subscription=subscription, on=date(2012, 2, 10), reason="moved"))
    office.close(date(2012, 2, 29))

    page = subscription_page(office.provider, subscription, actor=ANA)

    assert "Timeline of subscription 1, 01/02/2012 to 29/02/2012, 29 days" in page
    assert page.count('class="end"') == 2


def test_two_currencies_are_never_summed(office: Office) -> None:
    customer = office.register("Ana")
    office.subscribe(customer)
    run = office.close(date(2012, 2, 29))
    foreign = type(run)(on=date(2012, 3, 31), charges=1, charged={"USD": run.charged["BRL"]})

    page = story_page(
        office.provider, Story(title="Two", customers=[customer], runs=[run, foreign]), actor=ANA
    )

    assert "Charged, " not in page
    assert page.count("20.69 BRL<br>20.69") == 1


def test_a_story_without_customers_is_a_page_too(office: Office) -> None:
    assert faults(story_page(office.provider, Story(title="Nobody", customers=()), actor=ANA)) == []


def test_who_may_not_read_gets_no_page(office: Office) -> None:
    customer = office.register("Ana")
    subscription = office.subscribe(customer)
    office.close(date(2012, 2, 29))
    trainee = Actor("joe", {"customer.read", "subscription.read"})

    with pytest.raises(NotPermittedError):
        subscription_page(office.provider, subscription, actor=NOBODY)
    with pytest.raises(NotPermittedError) as refused:
        story_page(office.provider, Story(title="", customers=[customer]), actor=trainee)
    assert refused.value.permission == "billing.read"


def test_a_page_of_an_unknown_subscription_is_refused(office: Office) -> None:
    with pytest.raises(NotFoundError):
        subscription_page(office.provider, SubscriptionId(7), actor=ANA)
