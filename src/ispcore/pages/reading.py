"""What a page shows of a provider, read through its facade."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from ispcore.pages.life import Entry, Life
from ispcore.plans import Cycle
from ispcore.timeline import SubjectKind
from ispcore.usecases import HistoryEntry, Overview, SubscriptionView
from ispcore.values import ONE_DAY, ItemId

if TYPE_CHECKING:
    from ispcore.app import Provider
    from ispcore.timeline import Actor


@frozen
class Shown:
    """A subscription as the page shows it."""

    view: SubscriptionView
    life: Life
    history: tuple[HistoryEntry, ...]


def all_shown(
    provider: Provider, account: Overview, *, actor: Actor, until: date | None
) -> tuple[Shown, ...]:
    """Return what the page shows of every subscription of *account*; their pictures begin together."""
    found = [shown(provider, account, view, actor=actor, until=until) for view in account.subscriptions]
    if not found:
        return ()
    begins = min(_begins(one.life) for one in found)
    ends = max(one.life.until for one in found)
    return tuple(evolve(one, life=evolve(one.life, since=begins, until=ends)) for one in found)


def _begins(life: Life) -> date:
    return min([life.begins, *(entry.charge.key.cycle.period.start for entry in life.entries)])


def shown(
    provider: Provider, account: Overview, view: SubscriptionView, *, actor: Actor, until: date | None
) -> Shown:
    """Return what the page shows of one subscription of *account*."""
    balances = {one.receivable.id: one for one in account.receivables}
    number = view.row.id
    issues: dict[tuple[ItemId, Cycle, int], str] = {}
    entries = []
    for charge in view.charges:
        issue = charge.key.item, charge.key.cycle, charge.fact
        anchor = issues.setdefault(issue, f"c{number}-{len(issues) + 1}")
        explanation = provider.explain(charge.id, actor=actor)
        entries.append(Entry(anchor, charge, explanation, balances.get(charge.id)))
    return Shown(
        view=view,
        life=Life(view.timeline, tuple(entries), until or last_known_day(view)),
        history=provider.history(SubjectKind.SUBSCRIPTION, number, actor=actor),
    )


def last_known_day(view: SubscriptionView) -> date:
    """Return the last day of which something is known: a fact, a cycle that was billed, or the end."""
    timeline = view.timeline
    if timeline.end is not None:
        return timeline.end.on
    days = [fact.effective_on for fact in timeline.facts]
    return max([*days, *(charge.key.cycle.period.end - ONE_DAY for charge in view.charges)])


def traits(account: Overview) -> Iterator[str]:
    """Yield what there is to see of a customer: kinds of facts, states, lengths of cycles, credits."""
    for view in account.subscriptions:
        yield from (fact.kind for fact in view.timeline.recorded)
        yield from (charge.kind.value for charge in view.charges)
        yield from (charge.amount.currency.code for charge in view.charges)
        yield from (_length(charge.key.cycle.period.days) for charge in view.charges)
        yield from (hold.kind.value for span in view.timeline.spans for hold in span.state.holds)
        yield f"trial {view.timeline.last.trial.kind.value}"
    yield from (balance.state.value for balance in account.receivables)


def _length(days: int) -> str:
    return f"cycle of about {(days + 3) // 7} weeks"
