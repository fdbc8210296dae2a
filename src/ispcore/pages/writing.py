"""Writing pages: one HTML text each, with everything in it, the same bytes for the same books."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from attrs import field, frozen
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from ispcore.pages import content as c
from ispcore.pages.drift import parts
from ispcore.pages.labels import WIDTHS
from ispcore.pages.network import NetworkStory
from ispcore.pages.network_part import device_lines
from ispcore.pages.picture import STATES
from ispcore.pages.reading import Reader, all_shown, shown, traits
from ispcore.pages.sample import chosen
from ispcore.pages.svg import HEIGHTS
from ispcore.pages.words import amount, counted, plain_words, with_currency
from ispcore.usecases import Run
from ispcore.values import CustomerId, as_tuple

if TYPE_CHECKING:
    from ispcore.app import Provider
    from ispcore.effects import DriftReport
    from ispcore.timeline import Actor
    from ispcore.values import SubscriptionId

SIGNATURE = '<meta name="generator" content="ispcore">'
"""What a page carries in its first lines, so that it is known again."""
MOST_CUSTOMERS = 60
_LEGEND = (
    ("on", "served and billed"),
    ("free", "trial"),
    ("off", "not billed"),
    ("held", "billed, and served less"),
    ("used", "days charged"),
)

_MONEY_LEGEND = (("paid", "slip that was paid"), ("late", "slip past its due day"))

_NETWORK_LEGEND = (
    ("same", "on the device as wanted"),
    ("behind", "not as wanted"),
    ("drift", "changed by hand"),
)


@frozen
class Story:
    """What a page tells of a provider.

    ``labels`` name customers as they are called elsewhere; ``until`` is the last day to show, by default that
    of the last run. Of more customers than ``most`` a sample is shown, chosen for its variety. ``network`` is
    what was kept of its devices.
    """

    title: str
    customers: tuple[CustomerId, ...] = field(converter=as_tuple)
    about: str = ""
    runs: tuple[Run, ...] = field(default=(), converter=as_tuple)
    labels: Mapping[CustomerId, str] = field(factory=dict)
    until: date | None = None
    most: int = MOST_CUSTOMERS
    network: NetworkStory = NetworkStory()


def story_page(provider: Provider, story: Story, *, actor: Actor) -> str:
    """Return the page of several customers, with their closings.

    Raises:
        NotFoundError: there is no such customer.
        NotPermittedError: the actor may not read customers, subscriptions or the books.
    """
    accounts = {number: provider.customer(number, actor=actor) for number in story.customers}
    happened = story.network.by_resource()
    seen = {number: tuple(traits(one, happened)) for number, one in accounts.items()}
    picked = chosen(seen, story.most)
    reader = Reader.of(provider, actor, story.until or c.last_day(story.runs), story.network)
    parts = []
    for number in picked:
        views = all_shown(reader, accounts[number])
        parts.append(c.customer_part(accounts[number], views, story.labels.get(number, "")))
    return _written(
        c.Page(
            title=story.title,
            about=story.about,
            unit=c.only_currency(story.runs),
            figures=c.figures(story.runs, tuple(accounts.values())),
            runs=c.run_rows(story.runs),
            whole=c.run_row("", story.runs) if len(story.runs) > 1 else None,
            problems=tuple(str(problem) for run in story.runs for problem in run.problems),
            devices=device_lines(story.network),
            customers=tuple(parts),
            many=len(parts) > 1,
            note=_note(len(parts), len(accounts)),
            foot="Written by ispcore from the facts and the books.",
        )
    )


def _note(told: int, whole: int) -> str:
    if told == whole:
        return ""
    return f"{told} of {counted(whole, 'customer')} are shown, chosen so that each kind of event is seen."


def subscription_page(
    provider: Provider, subscription: SubscriptionId, *, actor: Actor, until: date | None = None
) -> str:
    """Return the page of one subscription, up to the day *until* or to all that is known.

    Raises:
        NotFoundError: there is no such subscription.
        NotPermittedError: the actor may not read the customer, the subscription or the books.
    """
    view = provider.subscription(subscription, actor=actor)
    account = provider.customer(view.row.customer, actor=actor)
    reader = Reader.of(provider, actor, until)
    found = shown(reader, account, view, reader.money(account))
    return _written(
        c.Page(
            title=f"{account.customer.details.name}: subscription {subscription}",
            about="",
            unit="",
            figures=(),
            runs=(),
            whole=None,
            problems=(),
            devices=(),
            customers=(c.customer_part(account, [found]),),
            many=False,
            note="",
            foot="Written by ispcore from the facts and the books.",
        )
    )


def drift_page(reports: Sequence[DriftReport]) -> str:
    """Return the page of what *reports* of looks at devices found."""
    return _environment().get_template("drift.html").render(parts=parts(reports))


def _written(page: c.Page) -> str:
    signs = [(sign, plain_words(name)) for name, sign in STATES.items()]
    return (
        _environment()
        .get_template("page.html")
        .render(
            page=page,
            widths=WIDTHS,
            heights=HEIGHTS,
            legend=_LEGEND,
            money_legend=_MONEY_LEGEND if any(one.was_asked for one in page.customers) else (),
            network_legend=_NETWORK_LEGEND if any(one.carries for one in page.customers) else (),
            signs=signs,
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("ispcore.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(plain=amount, named=with_currency)
    environment.filters["drawn"] = Markup
    return environment
