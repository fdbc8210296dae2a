"""Telling what an action on a device came to: a line for each answer, or a table where they are alike."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from ispcore.cli.options import FOUND
from ispcore.cli.plain import plain, print_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ispcore.effects import Acted, ActionRecord


def tell_acted(acted: Acted, *, as_json: bool) -> None:
    """Tell an action and its answers, and end with a finding where it was not done."""
    record = acted.record
    if as_json:
        print_json(plain(record))
    else:
        click.echo(told(record))
        rows = list(_alike(record.results))
        for result in record.results if not rows else [one for one in record.results if "error" in one]:
            line = result.get("error") or _line(result.get("value"))
            click.echo(f"  {result['target'] + '  ' if result['target'] else ''}{line}")
        if rows:
            _print_table(rows)
    if record.state.value != "done":
        sys.exit(FOUND)


def tell_redone(every: Sequence[Acted], *, as_json: bool) -> None:
    """Tell what was done once more, and end with a finding where something was not done."""
    if as_json:
        print_json([plain(acted.record) for acted in every])
    else:
        lines = [told(acted.record) for acted in every]
        click.echo("\n".join(lines or ["There is nothing that lasts."]))
    if any(acted.record.state.value != "done" for acted in every):
        sys.exit(FOUND)


def told(record: ActionRecord) -> str:
    """Say in a line what was done, with what, by whom, and how it ended."""
    on = f" of {', '.join(record.targets)}" if record.targets else ""
    on += "".join(f" {name}={text}" for name, text in record.arguments.items() if text)
    why = f": {record.error['text']}" if record.error else ""
    return f"{record.word}{on} on {record.device}: {record.state.value}{why} ({record.id}, {record.actor})"


def _alike(results: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield the answers where they are several, with the same fields, and more than one of these."""
    values = [one["value"] for one in results if "error" not in one]
    fields = {tuple(one) if isinstance(one, dict) else () for one in values}
    if len(values) > 1 and len(fields) == 1 and len(fields.pop()) > 1:
        yield from values


def _print_table(rows: Sequence[Mapping[str, Any]]) -> None:
    from rich.table import Table

    from ispcore.cli.tables import console

    names = [name for name in rows[0] if any(_said(one[name]) for one in rows)]
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name in names:
        table.add_column(name.replace("_", " "), overflow="fold")
    for one in rows:
        table.add_row(*(_said(one[name]) for name in names))
    console().print(table)


def _line(value: Any) -> str:  # noqa: ANN401 - plain JSON
    if not isinstance(value, dict):
        return _said(value)
    return ", ".join(f"{name}: {said}" for name, one in value.items() if (said := _said(one)))


def _said(value: Any) -> str:  # noqa: ANN401 - plain JSON
    """Say a value of an answer; nothing of what was not told."""
    if isinstance(value, dict):
        return "; ".join(f"{name} {one}" for name, one in value.items())
    return "" if value is None else str(value)
