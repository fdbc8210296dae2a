"""Lives as the pages draw them, from books in memory."""

from datetime import date

from ispcore.pages.life import Entry, Life
from ispcore.values import SubscriptionId
from tests.books import KeptBooks
from tests.catalogues import DOCUMENT, SUBSCRIPTION, catalogue

LAST = date(2012, 4, 30)

CATALOGUE = catalogue(plans={"adsl": {**DOCUMENT["plans"]["adsl"], "permits": ["mailbox", "visit"]}})
"""The usual catalogue, but the plan permits additional services."""


def life_of(books: KeptBooks, number: SubscriptionId = SUBSCRIPTION, until: date = LAST) -> Life:
    """Return the life of a subscription in *books*; what was issued at once has one anchor."""
    anchors: dict[object, str] = {}
    entries = []
    for charge in books.charges:
        if charge.key.subscription == number:
            issue = charge.key.item, charge.key.cycle, charge.fact
            anchor = anchors.setdefault(issue, f"c{len(anchors) + 1}")
            balance = books.standing(charge.id) if charge.id in books.receivables else None
            entries.append(Entry(anchor, charge, books.explain(charge), balance))
    return Life(books.timelines[number], tuple(entries), until)
