"""When fiscal documents are asked for: a rule of each document type, read from the catalogue's document."""

from __future__ import annotations

from datetime import date
from enum import Enum
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.values import CODE, DAY, PROSE, one_of, whole

if TYPE_CHECKING:
    from ispcore.values import Table


class DocumentDue(Enum):
    """What makes a document due."""

    NEVER = "never"
    """Nobody asks for one here."""
    ON_RECEIPT = "on_receipt"
    """The money has come, all of it."""
    ON_DUE_DAY = "on_due_day"
    IN_ADVANCE = "in_advance"
    """A day of the month, before the money is due."""


class AdvanceMonth(Enum):
    """Which due dates a document in advance considers."""

    CURRENT = "current"
    """Those of the month of its day."""
    NEXT = "next"
    """Those of the month after."""


class DocumentCovers(Enum):
    """What a document is about."""

    FEES = "fees"
    """Plans and additional services."""
    ALL = "all"
    """Whatever is owed, sales too."""


@frozen
class DocumentRule:
    """When documents of a type are asked for, about what, from whom, and with which standing text.

    ``day`` is the day of the month of those in advance, clamped to its end. Nothing that was issued before
    ``since`` gets one.
    """

    due: DocumentDue = DocumentDue.NEVER
    day: int = 1
    month: AdvanceMonth = AdvanceMonth.CURRENT
    covers: DocumentCovers = DocumentCovers.FEES
    text: str = ""
    issuer: str = "files"
    since: date | None = None


_PLAIN = DocumentRule()


def read_document_rule(table: Table) -> DocumentRule:
    """Return the rule that the table of a document type holds."""
    due = table.get("asked_for", one_of(DocumentDue), default=_PLAIN.due)
    if due is not DocumentDue.IN_ADVANCE:
        for key in ("day", "month"):
            if key in table:
                table.problem(f"{key!r} is for documents in advance.", "Leave it out.", at=key)
    return DocumentRule(
        due=due,
        day=table.get("day", whole(1, 31), default=_PLAIN.day),
        month=table.get("month", one_of(AdvanceMonth), default=_PLAIN.month),
        covers=table.get("covers", one_of(DocumentCovers), default=_PLAIN.covers),
        text=table.get("text", PROSE, default=_PLAIN.text),
        issuer=table.get("issuer", CODE, default=_PLAIN.issuer),
        since=table.get("since", DAY, default=None),
    )
