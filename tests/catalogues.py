"""A small but full catalogue, and short ways to a subscription's timeline, for the tests of all chapters.

Fibre is the plan with everything: lines, a remainder, additional services. ADSL has a bare price. Each other
plan differs from ADSL by its billing policy, whose name it bears.
"""

from collections.abc import Iterable
from copy import deepcopy
from datetime import UTC, date, datetime, time
from typing import Any

from ispcore.catalog import Catalogue, Line, Target, read_catalogue
from ispcore.plans import (
    ChangePlan,
    Event,
    OpeningCommand,
    Setting,
    Subscribe,
    SubscriptionCommand,
    Timeline,
    check_compositions,
    decide,
    decide_opening,
    fold,
    fold_with,
)
from ispcore.timeline import EVERYTHING, Actor, Fact, Recorded, Subject, SubjectKind
from ispcore.values import CustomerId, LineId, Money, SubscriptionId

START = date(2012, 2, 24)
"""The start day of most subscriptions: a Friday, six days before the end of a leap year's February."""

CLERK = Actor("ana", frozenset({EVERYTHING}))
"""An actor who may do everything."""

CUSTOMER = CustomerId(7)
SUBSCRIPTION = SubscriptionId(104)

_BOOKED = {"account": "3.1.01", "company": "net", "document_type": "nfcom"}


def _offer(name: str, price: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "versions": [{"from": "2010-01-01", "price": price, **_BOOKED}], **more}


DOCUMENT: dict[str, Any] = {
    "currency": "BRL",
    "use_statuses": "integrator",
    "companies": {"net": {"name": "Rede Ltda"}, "media": {"name": "Mídia Ltda"}},
    "charge_methods": {
        "slip": {"name": "Boleto", "wallet": "109"},
        "card": {"name": "Cartão"},
        "cash": {"name": "Dinheiro"},
    },
    "document_types": {"nfcom": {"name": "NFCom"}, "nfse": {"name": "NFS-e"}},
    "accounts": {"3.1.01": {"name": "Acesso"}, "3.1.02": {"name": "Suporte"}},
    "reasons": {"moved": {"description": "Mudou-se"}, "price": {"description": "Preço"}},
    # Beside the shipped list: one that is left only by itself, after five days.
    "statuses": {
        "locked": {
            "description": "Em análise",
            "bucket": "inactive",
            "bills": False,
            "serves": "off",
            "days": 5,
            "next": "enabled",
            "may_change_by_hand": False,
        },
    },
    "policies": {
        "in-advance": {"advance": True},
        "closing-15": {"closing_day": 15},
        "no-last-day": {"bills_last_day": False},
        "at-closing": {"final_bill": "at_closing"},
        "strict": {"strict_composition": True},
        "trial-days": {"trial": {"kind": "days", "days": 3}},
        "trial-month": {"trial": {"kind": "month"}},
        "trial-cycle": {"closing_day": 10, "trial": {"kind": "cycle"}},
        "trial-status": {"trial": {"kind": "status", "status": "trial"}},
        "quarterly": {"every": "quarter"},
        "calendar-quarters": {"every": "quarter", "closing_month": 3},
        "weekly": {"every": "week"},
        "fortnightly": {"every": "2 weeks"},
        "anniversary": {"anchor": "start"},
        "yearly": {"every": "year", "anchor": "start"},
        "cut": {"closing_move": "cut"},
        "extend": {"suspension": "extend"},
    },
    "services": {
        "mailbox": _offer("Caixa de e-mail", "10.00"),
        "antivirus": _offer("Antivírus", "5.00"),
        "visit": _offer("Visita técnica", "80.00", recurring=False),
    },
    "plans": {
        "fibre": {
            "name": "Fibra 300",
            "technology": "fibre",
            "download_kbit": 300_000,
            "upload_kbit": 150_000,
            "permits": ["mailbox", "antivirus", "visit"],
            "versions": [
                {
                    "from": "2010-01-01",
                    "price": "120.00",
                    **_BOOKED,
                    "lines": [
                        {"id": "access", "description": "Acesso", "value": "80.00"},
                        {
                            "id": "films",
                            "description": "Filmes",
                            "value": "30.00",
                            "company": "media",
                            "document_type": "nfse",
                        },
                    ],
                }
            ],
        },
        "adsl": _offer("ADSL", "100.00", permits=["mailbox"]),
        "hosting": _offer("Hospedagem", "30.00"),
        "in-advance": _offer("Antecipado", "100.00", policy="in-advance"),
        "closing-15": _offer("Fecha dia 15", "100.00", policy="closing-15"),
        "no-last-day": _offer("Sem o último dia", "100.00", policy="no-last-day"),
        "at-closing": _offer("Final no fechamento", "100.00", policy="at-closing"),
        "trial-days": _offer("Três dias grátis", "100.00", policy="trial-days"),
        "trial-month": _offer("Resto do mês grátis", "100.00", policy="trial-month"),
        "trial-cycle": _offer("Resto do ciclo grátis", "100.00", policy="trial-cycle"),
        "trial-status": _offer("Experimenta", "100.00", policy="trial-status", permits=["mailbox"]),
        "quarterly": _offer("Trimestral", "300.00", policy="quarterly"),
        "calendar-quarters": _offer("Trimestre do ano", "300.00", policy="calendar-quarters"),
        "weekly": _offer("Semanal", "28.00", policy="weekly"),
        "fortnightly": _offer("Quinzenal", "50.00", policy="fortnightly"),
        "anniversary": _offer("Mês da adesão", "100.00", policy="anniversary"),
        "yearly": _offer("Anual", "1200.00", policy="yearly", permits=["mailbox"]),
        "cut": _offer("Corta o ciclo", "100.00", policy="cut"),
        "extend": _offer("Dias devolvidos", "100.00", policy="extend"),
        "strict": {
            "name": "Composição completa",
            "policy": "strict",
            "permits": ["mailbox"],
            "versions": [
                {
                    "from": "2010-01-01",
                    "price": "100.00",
                    **_BOOKED,
                    "lines": [{"id": "access", "description": "Acesso", "value": "100.00"}],
                }
            ],
        },
    },
    # Londrina sells everything but hosting, for slips and cards; Maringá sells one plan, on any due day.
    "units": {
        "londrina": {
            "name": "Londrina",
            "cities": ["Londrina"],
            "plans": [
                "fibre", "adsl", "in-advance", "closing-15", "no-last-day", "at-closing",
                "trial-days", "trial-month", "trial-cycle", "trial-status", "strict",
                "quarterly", "calendar-quarters", "weekly", "fortnightly", "anniversary", "yearly",
                "cut", "extend",
            ],
            "charge_methods": ["slip", "card"],
            "due_days": [5, 10, 15, 20, 25],
        },
        "maringa": {
            "name": "Maringá",
            "cities": ["Maringá"],
            "plans": ["adsl"],
            "charge_methods": ["slip"],
            "due_days": "any",
            "weekdays_only": True,
        },
    },
    "extra_fields": {
        "subscription": {"pole": {"name": "Poste", "type": "integer"}},
        "customer": {
            "nickname": {"name": "Apelido", "type": "text"},
            "born": {"name": "Nascimento", "type": "date"},
            "segment": {"name": "Segmento", "type": "choice", "choices": ["home", "office"]},
        },
    },
}  # fmt: skip


def february(day: int) -> date:
    """Return that day of February 2012, which had 29."""
    return date(2012, 2, day)


def march(day: int) -> date:
    """Return that day of March 2012."""
    return date(2012, 3, day)


def april(day: int) -> date:
    """Return that day of April 2012."""
    return date(2012, 4, day)


def document(**sections: Any) -> dict[str, Any]:
    """Return the catalogue's document, with entries of *sections* added or put in place of others."""
    written = deepcopy(DOCUMENT)
    for section, entries in sections.items():
        written[section] = {**written.get(section, {}), **entries} if isinstance(entries, dict) else entries
    return written


def catalogue(**sections: Any) -> Catalogue:
    """Return the catalogue, with entries of *sections* added or put in place of others."""
    return read_catalogue(document(**sections))


CATALOGUE = catalogue()


def brl(amount: str) -> Money:
    """Return *amount* in the catalogue's currency."""
    return Money.of(amount, "BRL")


def line(line_id: str, value: str, **target: Any) -> Line:
    """Return a line of that *value*; *target* says where it is booked, if not as the plans are."""
    return Line(LineId(line_id), line_id.capitalize(), brl(value), Target(**{**_BOOKED, **target}))


def setting(today: date = START, actor: Actor = CLERK, **more: Any) -> Setting:
    """Return what a decision of that day looks at: the catalogue, Londrina, a number for a successor."""
    known = more.get("catalogue", CATALOGUE)
    usual = {"catalogue": known, "unit": known.unit("londrina"), "successor": SubscriptionId(105)}
    return Setting(today=today, actor=actor, **{**usual, **more})


def facts_of(
    events: Iterable[Event],
    *,
    after: int = 0,
    subscription: SubscriptionId = SUBSCRIPTION,
    at: Setting | None = None,
    reason: str | None = None,
) -> tuple[Fact[Any], ...]:
    """Return *events* as facts of one command, recorded after the sequence *after*."""
    known = at or setting()
    return tuple(
        Fact(
            subject=Subject(SubjectKind.SUBSCRIPTION, str(subscription)),
            sequence=sequence,
            effective_on=event.on,
            payload=event.payload,
            recorded=Recorded(
                at=datetime.combine(known.today, time(12), UTC),
                actor=known.actor.id,
                command_id=f"{subscription}-{after + 1}",
                cause=known.actor.cause,
            ),
            reason=reason,
        )
        for sequence, event in enumerate(events, start=after + 1)
    )


def opened(command: OpeningCommand, at: Setting | None = None) -> Timeline:
    """Return the timeline that *command* opens, decided on its own day unless *at* says otherwise."""
    known = at or setting(command.on or START)
    return fold(facts_of([decide_opening(command, known)], at=known))


def subscribed(plan: str = "adsl", on: date = START, at: Setting | None = None, **terms: Any) -> Timeline:
    """Return an enabled subscription to *plan*, paid by slip on day 10 unless *terms* say otherwise."""
    usual = {"status": "enabled", "charge_method": "slip", "due_day": 10}
    return opened(Subscribe(customer=CUSTOMER, plan=plan, on=on, **{**usual, **terms}), at)


def do(timeline: Timeline, command: SubscriptionCommand, today: date, **more: Any) -> Timeline:
    """Return *timeline* after *command*, decided on *today*; *more* goes to the setting."""
    known = setting(today, **more)
    decision = decide(command, timeline, known)
    fresh = facts_of(
        decision.events,
        after=timeline.last_sequence,
        subscription=timeline.last.id,
        at=known,
        reason=command.reason,
    )
    after = fold_with(timeline, fresh)
    check_compositions(timeline, after, known.catalogue)
    return after


def moved(timeline: Timeline, command: ChangePlan, today: date, **more: Any) -> tuple[Timeline, Timeline]:
    """Return *timeline* and its successor after a change of plan."""
    known = setting(today, **more)
    decision = decide(command, timeline, known)
    assert known.successor is not None
    successor = fold(facts_of(decision.successor, subscription=known.successor, at=known))
    return do(timeline, command, today, **more), successor
