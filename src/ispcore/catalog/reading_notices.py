"""Reading what customers are told from the catalogue's document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from ispcore.catalog.notices import Channel, ContactKind, DayForm, NoticePolicy, Offsets, plain_channel
from ispcore.catalog.templates import FIELDS, SHIPPED_TEMPLATES, Template, check_fields, use_of
from ispcore.errors import InvalidValueError
from ispcore.values import CODE, FLAG, PROSE, TEXT, TIME, Kind, one_of, shown, whole

if TYPE_CHECKING:
    from collections.abc import Collection

    from ispcore.values import Table

_PLAIN = NoticePolicy()
_LONGEST_WAIT = 60


def _offsets(value: object) -> Offsets:
    if not isinstance(value, str):
        raise InvalidValueError(f"{shown(value)} is not text.", hint="Write the days in quotes: '5, 0, -5'.")
    return Offsets.parse(value)


OFFSETS: Kind[Offsets] = Kind(_offsets, Offsets())
"""Days around a due date: ``"5, 0, -5"``."""


def read_notices(table: Table) -> NoticePolicy:
    """Return what *table* says about notices."""
    policy = NoticePolicy(
        channels=_channels(table.table("channels")),
        templates=_templates(table.table("templates")),
        opens_at=table.get("opens_at", TIME, default=_PLAIN.opens_at),
        stale_days=table.get("stale_days", whole(1, _LONGEST_WAIT), default=_PLAIN.stale_days),
        day_form=table.get("day_form", one_of(DayForm), default=_PLAIN.day_form),
    )
    table.close()
    return policy


def _channels(table: Table) -> dict[str, Channel]:
    found = dict(_PLAIN.channels)
    for code, entry in table.named():
        found[code] = _channel(entry, found.get(code, plain_channel(code)))
        entry.close()
    return found


def _channel(entry: Table, plain: Channel) -> Channel:
    return evolve(
        plain,
        to=entry.get("to", one_of(ContactKind), default=plain.to),
        short=entry.get("short", FLAG, default=plain.short),
        due=entry.get("due", OFFSETS, default=plain.due),
        warns=entry.get("warns", FLAG, default=plain.warns),
        sender=entry.get("sender", TEXT, default=None),
        notifier=entry.get("notifier", CODE, default=None),
        config=dict(entry.table("config").raw()),
    )


def _templates(table: Table) -> dict[str, Template]:
    """Return the shipped templates, with the document's own added or put in their place."""
    found = dict(SHIPPED_TEMPLATES)
    for code, entry in table.named():
        fields = FIELDS[use_of(code)]
        line, prose = _kind_with(TEXT, fields), _kind_with(PROSE, fields)
        text = entry.get("text", prose)
        found[code] = Template(
            subject=entry.get("subject", line), text=text, short=entry.get("short", prose, default=text)
        )
        entry.close()
    return found


def _kind_with(kind: Kind[str], fields: Collection[str]) -> Kind[str]:
    """Return the kind of texts that have some of these *fields*, and no others."""

    def parse(value: object) -> str:
        text = kind.parse(value)
        check_fields(text, fields)
        return text

    return Kind(parse, "")
