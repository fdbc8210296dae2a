"""Commands about the network: plan, resync; and the tick of the network alone."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from ispcore.cli.options import FOUND, clerk, provider, with_database, with_json
from ispcore.cli.plain import counted, plain, print_json
from ispcore.driver import Role, claim_of, roles_of
from ispcore.values import SubscriptionId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ispcore.driver import Spec
    from ispcore.network import Move
    from ispcore.usecases import NetworkPlan, PlannedPlacement, Renewal

_PREVIEW = click.option("--preview", is_flag=True, help="Show what would move, and save nothing.")


@click.command("plan")
@click.argument("subscription", type=int)
@with_database
@with_json
def plan_(*, subscription: int, db: str, as_json: bool) -> None:
    """Show what is wanted of the network for a SUBSCRIPTION, and what is still to be done on devices."""
    with provider(db) as opened:
        found = opened.network.plan(SubscriptionId(subscription), actor=clerk())
    if as_json:
        print_json(_plan_json(found))
    else:
        _print_plan(found)
    if found.problems:
        sys.exit(FOUND)


def _print_plan(found: NetworkPlan) -> None:
    click.echo(f"Subscription {found.subscription}: {counted(len(found.placements), 'placement')}.")
    for one in found.placements:
        placement = one.placement
        count = f"generation {placement.generation}, applied {placement.applied_generation}"
        click.echo(f"  {placement.id}  {_to_do(one)} ({count})")
        for line in field_lines(placement.applied, placement.wanted, one.change.fields if one.change else ()):
            click.echo(f"      {line}")
    if found.valid_until is not None:
        click.echo(f"Something changes by itself at {found.valid_until:%Y-%m-%d %H:%M} UTC.")
    for problem in found.problems:
        click.secho(f"  {problem}", fg="red")


def _to_do(one: PlannedPlacement) -> str:
    """Say in a few words what is still to be done."""
    if one.change is None:
        return "nothing to do"
    if one.change.after is None:
        return "to be taken away"
    return f"to be made: {claim_of(one.change.after)}" if one.change.before is None else "to be changed"


def field_lines(before: Spec | None, after: Spec | None, names: Iterable[str]) -> Iterator[str]:
    """Yield the fields that differ, as they were and as they are to be; a secret is never told."""
    if after is None:
        return
    for name, role in roles_of(type(after)).items():
        old, new = getattr(before, name, None), getattr(after, name)
        if name not in names or (before is None and new in (None, ())):
            continue
        if role is Role.WRITE_ONLY:
            yield f"{name}: another secret"
        else:
            yield f"{name}: {shown(new)}" if before is None else f"{name}: {shown(old)} -> {shown(new)}"


def shown(value: object) -> str:
    """Show the value of a field."""
    told = plain(value)
    if isinstance(told, list):
        return " ".join(map(str, told)) or "none"
    return "none" if told is None else str(told)


def _plan_json(found: NetworkPlan) -> Any:  # noqa: ANN401 - plain JSON
    return {
        "subscription": found.subscription,
        "placements": [
            {
                "id": one.placement.id,
                "device": one.placement.device,
                "generation": one.placement.generation,
                "applied_generation": one.placement.applied_generation,
                "wanted": plain(one.placement.wanted),
                "applied": plain(one.placement.applied),
                "needs": plain(one.placement.needs),
                "trouble": one.placement.trouble,
                "fields": sorted(one.change.fields) if one.change else [],
                "current": one.is_current,
                "subscriptions": [each.subscription for each in one.contributions],
            }
            for one in found.placements
        ],
        "problems": [str(problem) for problem in found.problems],
        "valid_until": plain(found.valid_until),
    }


def tick_network(db: str, *, preview: bool, as_json: bool) -> None:
    """Let the network alone follow what has changed by itself, and tell each move."""
    moves: list[Move] = []
    with provider(db) as opened:
        found = opened.network.tick(actor=clerk(), preview=preview, watch=_collect(moves))
    _tell(found, moves, as_json=as_json, preview=preview)


@click.command()
@_PREVIEW
@with_database
@with_json
def resync(*, preview: bool, db: str, as_json: bool) -> None:
    """Let the network follow today's catalogue and rules; look at a --preview first."""
    moves: list[Move] = []
    with provider(db) as opened:
        found = opened.network.resync(actor=clerk(), preview=preview, watch=_collect(moves))
    _tell(found, moves, as_json=as_json, preview=preview)


def _collect(moves: list[Move]) -> Callable[[Renewal], None]:
    return lambda part: moves.extend(part.moves)


def _tell(found: Renewal, moves: list[Move], *, as_json: bool, preview: bool) -> None:
    if as_json:
        print_json(_renewal_json(found, moves))
    else:
        looked = counted(found.subscriptions, "subscription")
        would = "would move" if preview else "moved"
        click.echo(f"Looked at {looked}; {counted(found.moved, 'placement')} {would}.")
        for move in moves:
            what = "is taken away" if move.after is None else f"is generation {move.generation}"
            click.echo(f"  {move.placement}  {what}")
            for line in field_lines(move.before, move.after, move.fields):
                click.echo(f"      {line}")
        for problem in found.problems:
            click.secho(f"  {problem}", fg="red")
    if found.problems:
        sys.exit(FOUND)


def _renewal_json(found: Renewal, moves: list[Move]) -> Any:  # noqa: ANN401 - plain JSON
    return {
        "subscriptions": found.subscriptions,
        "changed": found.changed,
        "moved": found.moved,
        "moves": [plain(move) for move in moves],
        "problems": [str(problem) for problem in found.problems],
    }
