"""Texts with named fields: ``{customer}`` stands for a name, ``{{`` and ``}}`` for a brace.

Nothing else is understood, no attribute, index or format, so whoever writes a text reaches nothing but the
fields that it is given. A field that is missing is an error that names it, when the text is saved already.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from enum import Enum

from attrs import frozen

from ispcore.errors import InvalidValueError
from ispcore.values import shown

_PIECE = re.compile(r"\{\{|\}\}|\{([a-z][a-z0-9_]{0,39})\}|[{}]")
_AROUND = 20


class TemplateUse(Enum):
    """What a template tells, which says the fields that it may have."""

    DUE = "due"
    STAGE = "stage"
    STATUS = "status"


_EVERY = frozenset({"customer", "sender"})
_BILL = _EVERY | {"number", "due_on", "amount", "days"}
FIELDS: Mapping[TemplateUse, frozenset[str]] = {
    TemplateUse.DUE: _BILL,
    TemplateUse.STAGE: _BILL | {"stage"},
    TemplateUse.STATUS: _EVERY | {"subscription", "plan", "status", "on"},
}
"""The fields of each kind of template."""

DUE_SOON, DUE_TODAY, OVERDUE, LATE, STATUS = "due", "due_today", "overdue", "late", "status"
_USES = {DUE_SOON: TemplateUse.DUE, DUE_TODAY: TemplateUse.DUE, OVERDUE: TemplateUse.DUE}


@frozen(kw_only=True)
class Template:
    """What is told: a subject, a text, and a short text for channels that take no long one."""

    subject: str
    text: str
    short: str


def use_of(code: str) -> TemplateUse:
    """Return what the template *code* tells; those about statuses begin with ``status``."""
    if code == STATUS or code.startswith(f"{STATUS}-"):
        return TemplateUse.STATUS
    return _USES.get(code, TemplateUse.STAGE)


def fields_of_text(text: str) -> tuple[str, ...]:
    """Return the names of the fields in *text*, each once, in order.

    Raises:
        InvalidValueError: a brace stands alone, or holds something else than a name.
    """
    names = dict[str, None]()
    for piece in _PIECE.finditer(text):
        if piece[0] in "{}":
            near = text[piece.start() : piece.start() + _AROUND]
            raise InvalidValueError(
                f"A brace stands alone at {shown(near)}.",
                hint="Write a field as {customer}, and a brace as {{ or }}.",
            )
        if piece[1] is not None:
            names[piece[1]] = None
    return tuple(names)


def check_fields(text: str, known: Collection[str]) -> None:
    """Refuse a *text* with a field that is not *known*, or raise as :func:`fields_of_text` does."""
    for name in fields_of_text(text):
        if name not in known:
            raise InvalidValueError(
                f"There is no field {name!r} here.", hint=f"There are: {', '.join(sorted(known))}."
            )


def filled(text: str, values: Mapping[str, str], *, most: int) -> str:
    """Return *text* with its fields' *values*; one that looks like a field itself stays as it is.

    Raises:
        InvalidValueError: a field has no value, or the whole is longer than *most* characters.
    """
    check_fields(text, values)
    whole = _PIECE.sub(lambda piece: values[piece[1]] if piece[1] else piece[0][0], text)
    if len(whole) > most:
        raise InvalidValueError(
            f"The text has {len(whole)} characters, and {most} are the most.", hint="Shorten the template."
        )
    return whole


SHIPPED_TEMPLATES: Mapping[str, Template] = {
    DUE_SOON: Template(
        subject="Your bill is due on {due_on}",
        text="Dear {customer},\n\nyour bill {number} of {amount} is due on {due_on}.\n",
        short="Your bill {number} of {amount} is due on {due_on}.",
    ),
    DUE_TODAY: Template(
        subject="Your bill is due today",
        text="Dear {customer},\n\nyour bill {number} of {amount} is due today, {due_on}.\n",
        short="Your bill {number} of {amount} is due today.",
    ),
    OVERDUE: Template(
        subject="Your bill was due on {due_on}",
        text=(
            "Dear {customer},\n\nyour bill {number} of {amount} was due on {due_on}, {days} days ago.\n"
            "If you have paid it meanwhile, please take this as settled.\n"
        ),
        short="Your bill {number} of {amount} was due on {due_on}.",
    ),
    LATE: Template(
        subject="Please pay the bill that was due on {due_on}",
        text=(
            "Dear {customer},\n\nyour bill {number} was due on {due_on}, and {amount} of it is open.\n"
            "Please pay it, so that your service goes on as usual.\n"
        ),
        short="Your bill of {due_on} is open: {amount}. Pay it, so that your service goes on as usual.",
    ),
    STATUS: Template(
        subject="Your subscription {subscription}: {status}",
        text="Dear {customer},\n\nthe status of your subscription {subscription} is {status} since {on}.\n",
        short="Your subscription {subscription}: {status} since {on}.",
    ),
}
"""The templates that hold unless the catalogue has its own."""
