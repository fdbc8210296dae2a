"""What a page shows of a provider, read through its facade."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from attrs import evolve, frozen

from ispcore.app import Provider
from ispcore.catalog import Catalogue
from ispcore.network import Happening, carries, resources_of
from ispcore.pages.life import Entry, Life
from ispcore.pages.money import Money, money_of
from ispcore.pages.network import NetworkStory, Wire, wires_of
from ispcore.plans import Cycle
from ispcore.timeline import Actor, SubjectKind
from ispcore.usecases import HistoryEntry, Overview, SlipQuery, SlipView, SubscriptionView
from ispcore.values import ONE_DAY, ItemId, SubscriptionId


@frozen
class Shown:
    """A subscription as the page shows it."""

    view: SubscriptionView
    life: Life
    history: tuple[HistoryEntry, ...]


@frozen
class Reader:
    """Reads *provider* as *actor*, up to the day *until*; ``network`` is what was kept of its devices."""

    provider: Provider
    actor: Actor
    until: date | None = None
    network: NetworkStory = NetworkStory()
    catalogue: Catalogue | None = None

    @classmethod
    def of(
        cls, provider: Provider, actor: Actor, until: date | None = None, network: NetworkStory | None = None
    ) -> Reader:
        """Return a reader; without the permission to read the catalogue it shows nothing of the network."""
        catalogue = provider.catalogue(actor=actor) if actor.may("catalog.read") else None
        return cls(provider, actor, until, network or NetworkStory(), catalogue)

    def wires(self, view: SubscriptionView, until: date) -> tuple[Wire, ...]:
        """Return what a subscription has on the network."""
        if self.catalogue is None or not carries(view.timeline):
            return ()
        return wires_of(view.timeline, self.catalogue, until, self.network.happenings)

    def money(self, account: Overview) -> Mapping[SubscriptionId, Money]:
        """Return the slips of each subscription of *account*, as far as the actor may see them."""
        if not self.actor.may("slips.read"):
            return {}
        customer = account.customer.id
        slips = self.provider.slips.list(SlipQuery(customer), actor=self.actor)
        views = [self.provider.slips.get(slip.id, actor=self.actor) for slip in slips]
        sees = bool(views) and self.actor.may("notice.read")
        notices = self.provider.notices.list(actor=self.actor, customer=customer) if sees else ()
        found = {}
        for view in account.subscriptions:
            mine = [one for one in views if view.row.id in _on(one)]
            found[view.row.id] = money_of(view.timeline, mine, notices)
        return found


def _on(view: SlipView) -> frozenset[SubscriptionId]:
    return frozenset(one.receivable.key.subscription for one in view.amounts)


def all_shown(reader: Reader, account: Overview) -> tuple[Shown, ...]:
    """Return what the page shows of every subscription of *account*; their pictures begin together."""
    money = reader.money(account)
    found = [shown(reader, account, view, money) for view in account.subscriptions]
    if not found:
        return ()
    begins = min(_begins(one.life) for one in found)
    ends = max(one.life.until for one in found)
    return tuple(evolve(one, life=evolve(one.life, since=begins, until=ends)) for one in found)


def _begins(life: Life) -> date:
    return min([life.begins, *(entry.charge.key.cycle.period.start for entry in life.entries)])


def shown(
    reader: Reader,
    account: Overview,
    view: SubscriptionView,
    money: Mapping[SubscriptionId, Money],
) -> Shown:
    """Return what the page shows of one subscription of *account*."""
    balances = {one.receivable.id: one for one in account.receivables}
    number = view.row.id
    issues: dict[tuple[ItemId, Cycle, int], str] = {}
    entries = []
    for charge in view.charges:
        issue = charge.key.item, charge.key.cycle, charge.fact
        anchor = issues.setdefault(issue, f"c{number}-{len(issues) + 1}")
        explanation = reader.provider.explain(charge.id, actor=reader.actor)
        entries.append(Entry(anchor, charge, explanation, balances.get(charge.id)))
    until = reader.until or last_known_day(view)
    return Shown(
        view=view,
        life=Life(
            view.timeline,
            tuple(entries),
            until,
            wires=reader.wires(view, until),
            money=money.get(number, Money()),
        ),
        history=reader.provider.history(SubjectKind.SUBSCRIPTION, number, actor=reader.actor),
    )


def last_known_day(view: SubscriptionView) -> date:
    """Return the last day of which something is known: a fact, a cycle that was billed, or the end."""
    timeline = view.timeline
    if timeline.end is not None:
        return timeline.end.on
    days = [fact.effective_on for fact in timeline.facts]
    return max([*days, *(charge.key.cycle.period.end - ONE_DAY for charge in view.charges)])


def traits(account: Overview, happened: Mapping[str, Sequence[Happening]]) -> Iterator[str]:
    """Yield what there is to see of a customer: facts, states, cycles, credits, what *happened*."""
    for view in account.subscriptions:
        for resource in resources_of(view.timeline):
            yield from (f"network {one.what.value}" for one in happened.get(resource, ()))
        yield from (fact.kind for fact in view.timeline.recorded)
        yield from (charge.kind.value for charge in view.charges)
        yield from (charge.amount.currency.code for charge in view.charges)
        yield from (_length(charge.key.cycle.period.days) for charge in view.charges)
        yield from (hold.kind.value for span in view.timeline.spans for hold in span.state.holds)
        yield f"trial {view.timeline.last.trial.kind.value}"
    yield from (balance.state.value for balance in account.receivables)


def _length(days: int) -> str:
    return f"cycle of about {(days + 3) // 7} weeks"
