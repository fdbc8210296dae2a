"""What a page shows of a provider, read through its facade."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from ispcore.network import carries, resources_of
from ispcore.pages.life import Entry, Life
from ispcore.pages.network import NetworkStory, Wire, wires_of
from ispcore.plans import Cycle
from ispcore.timeline import SubjectKind
from ispcore.usecases import HistoryEntry, Overview, SubscriptionView
from ispcore.values import ONE_DAY, ItemId

if TYPE_CHECKING:
    from ispcore.app import Provider
    from ispcore.catalog import Catalogue
    from ispcore.network import Happening
    from ispcore.timeline import Actor


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


def all_shown(reader: Reader, account: Overview) -> tuple[Shown, ...]:
    """Return what the page shows of every subscription of *account*; their pictures begin together."""
    found = [shown(reader, account, view) for view in account.subscriptions]
    if not found:
        return ()
    begins = min(_begins(one.life) for one in found)
    ends = max(one.life.until for one in found)
    return tuple(evolve(one, life=evolve(one.life, since=begins, until=ends)) for one in found)


def _begins(life: Life) -> date:
    return min([life.begins, *(entry.charge.key.cycle.period.start for entry in life.entries)])


def shown(reader: Reader, account: Overview, view: SubscriptionView) -> Shown:
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
        life=Life(view.timeline, tuple(entries), until, wires=reader.wires(view, until)),
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
