"""Compositions that a command brings: checked against the catalogue and the price they split."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from ispcore.catalog import REMAINDER, check_height, check_lines, version_for
from ispcore.errors import InvalidValueError, NotFoundError, RefusedError
from ispcore.values import TEXT, check_code

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ispcore.catalog import Catalogue, Line, Version
    from ispcore.plans import commands as c
    from ispcore.plans import item_commands as ic
    from ispcore.plans.items import Item
    from ispcore.plans.state import State
    from ispcore.values import Money


def checked_lines(
    lines: Sequence[Line], price: Money, catalogue: Catalogue, *, strict: bool
) -> tuple[Line, ...]:
    """Return *lines* if they can split *price*.

    Raises:
        RefusedError: they exceed it (or, *strict*, do not reach it), or an id stands twice.
        NotFoundError: a line books to something that the catalogue lacks.
        InvalidValueError: an id or a value that cannot be.
    """
    for line in lines:
        _check_line(line, catalogue)
    twice = [line_id for line_id, count in Counter(line.id for line in lines).items() if count > 1]
    if twice:
        raise RefusedError(f"The line id {twice[0]!r} stands twice in the composition.", rule="line-twice")
    check_lines(lines, price, strict=strict)
    return tuple(lines)


def given_lines(
    command: c.OpeningCommand | c.ChangePlan | ic.AddItem,
    version: Version,
    price: Money,
    catalogue: Catalogue,
    *,
    strict: bool,
) -> tuple[Line, ...] | None:
    """Return the composition that *command* brings; None follows the catalogue's, which must fit too.

    Raises:
        RefusedError: as :func:`checked_lines`.
    """
    if command.lines is not None:
        return checked_lines(command.lines, price, catalogue, strict=strict)
    check_lines(version.composition.lines, price, strict=strict)
    return None


def _check_line(line: Line, catalogue: Catalogue) -> None:
    check_code(line.id, "line id")
    TEXT.parse(line.description)
    if line.id == REMAINDER:
        raise InvalidValueError(
            f"The line id {REMAINDER!r} is kept for what the lines leave of the price.",
            hint="Choose another id.",
        )
    if line.value.minor < 0:
        raise InvalidValueError(f"The line {line.id!r} has the negative value {line.value}.")
    check_height(line.value, "line", line.id)
    target = line.target
    for what, code, known in (
        ("ledger account", target.account, catalogue.accounts),
        ("company", target.company, catalogue.companies),
        ("document type", target.document_type, catalogue.document_types),
        ("charge method", target.charge_method, catalogue.charge_methods),
    ):
        if code is not None and code not in known:
            raise NotFoundError(what, code, hint=f"The catalogue has: {', '.join(sorted(known)) or 'none'}.")


def current_lines(item: Item, catalogue: Catalogue, day: date) -> tuple[Line, ...]:
    """Return the lines that split *item* on *day*: its own, or the catalogue's."""
    if item.lines is not None:
        return item.lines
    return version_for(catalogue.offer(item.offer), day, item.price).composition.lines


def is_strict(state: State, catalogue: Catalogue, day: date) -> bool:
    """Tell whether the policy of *day* wants lines that make up the whole price."""
    return catalogue.policy(state.policy, day).strict_composition


def check_price(price: Money, usual: Money, offer: str) -> None:
    """Refuse a *price* below zero, too high, or of another currency than the *usual* one."""
    check_height(price, "price of", offer)
    if price.minor < 0 or price.currency != usual.currency:
        raise RefusedError(
            f"{price} cannot be the price of {offer!r}.",
            rule="price",
            hint=f"Use an amount of {usual.currency.code}, zero or more.",
        )
