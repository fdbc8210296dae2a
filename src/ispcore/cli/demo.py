"""Telling the demo: what happened, what each closing billed, and why."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ispcore.billing import EntryKind, as_text
from ispcore.cli.network_words import tell_done, tell_happenings, tell_network, tell_plan
from ispcore.cli.plain import counted
from ispcore.cli.tables import closing_table, console, days_picture, sums
from ispcore.cli.tick_words import tell_ticks
from ispcore.cli.words import what, why
from ispcore.network import Happened
from ispcore.values import CustomerId, SubscriptionId, total

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.console import Console

    from ispcore.billing import Charge, Closing
    from ispcore.plans import Timeline
    from ispcore.scenarios import Played, Player

MANUAL = "ana"
"""The subscription whose first bill is the manual's: 6 of 29 days, 20.69."""
UPGRADE = "fabio"
"""The subscription that an upgrade ends in the middle of a paid month."""
QUIET = ("subscribe", "import_subscription", "add_component", "add_item", "close")
ABOUT_DRIFT = ("tamper", "drift")
"""What is told at the end."""
TOLD_ALREADY = ("tick", "issue_slips", "expect")
"""Of these only what happened on devices is told."""


def tell_demo(player: Player) -> list[Played]:
    """Play the demo, tell it, and return its steps."""
    screen = console()
    screen.rule(player.scenario.title, style="bold")
    screen.print(" ".join(player.scenario.about.split()), style="dim")
    opened: Counter[str] = Counter()
    steps = []
    for played in player.play():
        steps.append(played)
        tell_ticks(screen, played.ticks, played.told)
        if played.step.do in QUIET:
            opened[played.step.do] += played.step.do != "close"
            _tell_provisioned(opened, played)
        elif played.step.do in TOLD_ALREADY:
            tell_happenings(screen, played.happenings)
        elif played.step.do not in ABOUT_DRIFT:
            _tell_event(screen, played)
        if played.closings:
            _tell_openings(screen, opened)
            _tell_closing(screen, played, player)
    _tell_explanations(screen, player)
    tell_network(screen, player, steps)
    _tell_end(screen, player)
    return steps


def _tell_openings(screen: Console, opened: Counter[str]) -> None:
    words = {
        "import_subscription": "imported from the old system",
        "subscribe": "subscribed",
        "add_item": "with an item more",
    }
    told = ", ".join(f"{opened[do]} {word}" for do, word in words.items() if opened[do])
    if told:
        screen.print(f"            {told}", style="dim")
    kinds = {"login": "login", "onu": "ONU", "mailbox": "mailbox"}
    made = [_plural(opened[kind], word) for kind, word in kinds.items() if opened[kind]]
    if made:
        screen.print(f"            provisioned on simulated devices: {', '.join(made)}", style="dim")
    opened.clear()


def _tell_provisioned(opened: Counter[str], played: Played) -> None:
    for one in played.happenings:
        spec = one.after
        if one.what is Happened.MADE and spec is not None:
            opened[spec.word] += 1


def _plural(number: int, word: str) -> str:
    many = f"{word}es" if word.endswith("x") else f"{word}s"
    return f"{number} {word if number == 1 else many}"


def _tell_event(screen: Console, played: Played) -> None:
    step = played.step
    who = getattr(step.values.get("subscription") or step.values.get("customer"), "name", "")
    details = what(played)
    late = f" (recorded on {played.today:%d/%m})" if played.today != step.on else ""
    about = f"{who}: " if who else ""
    screen.print(f"{step.on:%d/%m/%Y}  {about}{step.do.replace('_', ' ')}{late}  {details}", style="dim")
    tell_plan(screen, played.moves)
    tell_done(screen, played)


def _tell_closing(screen: Console, played: Played, player: Player) -> None:
    closings = [closing for closing in played.closings if closing.entries or closing.problems]
    screen.print()
    screen.rule(f"Closing on {played.step.on:%d/%m/%Y}", align="left", style="green")
    screen.print(sums(closings))
    names = {number: word for word, number in player.names.subscriptions.items()}
    reasons: dict[str, str] = {}
    plain: list[Charge] = []
    for closing in closings:
        for entry in closing.entries:
            timeline = player.provider.subscription(entry.key.subscription, actor=player.actor).timeline
            reasons[entry.id] = why(entry, timeline)
            if not reasons[entry.id]:
                plain.append(entry)
    if reasons and len(plain) < len(reasons):
        screen.print(closing_table([_without(closing, plain) for closing in closings], names, reasons))
    if plain:
        amount = total([entry.amount for entry in plain], plain[0].amount.currency)
        screen.print(
            f"and {len(plain)} lines for whole cycles in which nothing happened: {amount}", style="dim"
        )
    for closing in closings:
        for problem in closing.problems:
            screen.print(str(problem), style="red")
    screen.print()


def _without(closing: Closing, plain: Iterable[Charge]) -> Closing:
    from attrs import evolve

    gone = {entry.id for entry in plain}
    kept = [
        evolve(one, entries=tuple(entry for entry in one.entries if entry.id not in gone))
        for one in closing.subscriptions
    ]
    return evolve(closing, subscriptions=tuple(kept))


def _tell_explanations(screen: Console, player: Player) -> None:
    for word, kind, heading in (
        (MANUAL, EntryKind.CHARGE, "Why 20.69? A plan that starts on 24 February, explained"),
        (UPGRADE, EntryKind.CREDIT, "Why a credit? The month had been paid, and the plan was changed in it"),
    ):
        number = SubscriptionId(player.names.subscriptions[word])
        view = player.provider.subscription(number, actor=player.actor)
        entry = next(charge for charge in view.charges if charge.kind is kind)
        screen.rule(heading, align="left", style="cyan")
        screen.print(as_text(player.provider.explain(entry.id, actor=player.actor)))
        _picture(screen, view.timeline, player)
        screen.print()


def _picture(screen: Console, timeline: Timeline, player: Player) -> None:
    catalogue = player.provider.catalogue(actor=player.actor)
    policy = catalogue.policy(timeline.last.policy, timeline.spans[0].since)
    screen.print(days_picture(timeline, policy, player.scenario.steps[-1].on))


def _tell_end(screen: Console, player: Player) -> None:
    states: Counter[str] = Counter()
    for number in player.names.customers.values():
        for one in player.provider.customer(CustomerId(number), actor=player.actor).receivables:
            states[one.state.value.replace("_", " ")] += 1
    screen.rule("In the books", align="left", style="cyan")
    screen.print(
        ", ".join(f"{counted(count, 'receivable')} {state}" for state, count in states.most_common())
    )
    findings = list(player.provider.check(actor=player.actor))
    verdict = "everything follows from the facts" if not findings else f"{len(findings)} findings"
    screen.print(f"check: {verdict}", style="green" if not findings else "red")
