"""The table: a row for each figure, with its target and whether it is reached."""

from __future__ import annotations

import platform
import sqlite3
import subprocess
import sys
from importlib.metadata import version
from os import cpu_count
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table

from ispcore.errors import NotFoundError
from ispcore.testing import postgres_programs

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bench.measuring import Figure

HEAD = (
    "figure",
    "reference",
    "min",
    "median",
    "max",
    "target",
    "beyond",
    "",
    "own CPU s",
    "peak MiB",
    "others",
)
_HUNDRED = 100
_PACKAGES = ("sqlalchemy", "attrs", "cattrs", "psycopg")


def row(figure: Figure) -> tuple[str, ...]:
    """Return the cells of a figure's row."""
    target = figure.target
    told = [figure.of(figure.ours, "cpu"), figure.of(figure.theirs, "cpu")]
    peaks = [figure.of(figure.ours, "peak"), figure.of(figure.theirs, "peak")]
    return (
        figure.name + (f" ({figure.remark})" if figure.remark else ""),
        figure.reference,
        _number(min(figure.ratios)),
        _number(figure.median),
        _number(max(figure.ratios)),
        f"<= {target.reached:g}" if target else "",
        f"{target.beyond:g}" if target else "",
        _verdict(figure),
        " / ".join(f"{one:.2f}" for one in told if one is not None),
        " / ".join(f"{one:.0f}" for one in peaks if one is not None),
        f"{max(figure.foreign):.0%}" if figure.foreign else "",
    )


def _number(ratio: float) -> str:
    return f"{ratio:.3g}" if ratio < 1 else f"{ratio:.2f}" if ratio < _HUNDRED else f"{ratio:.0f}"


def _verdict(figure: Figure) -> str:
    if figure.target is None:
        return ""
    if figure.median <= figure.target.beyond:
        return "beyond"
    return "reached" if figure.median <= figure.target.reached else "missed"


def machine() -> str:
    """Say on what it was measured, without naming the machine."""
    packages = ", ".join(f"{name} {version(name)}" for name in _PACKAGES)
    cores, python = cpu_count(), f"{platform.python_implementation()} {platform.python_version()}"
    return f"{cores} cores, {python}, SQLite {sqlite3.sqlite_version}, {_postgres()}, {packages}."


def _postgres() -> str:
    try:
        asked = [str(postgres_programs() / "postgres"), "--version"]
    except NotFoundError:
        return "no PostgreSQL"
    told = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.split()
    return " ".join(["PostgreSQL", *told[2:3]])


def noise(figures: Iterable[Figure]) -> str:
    """Say how much of the processors others used during the rounds."""
    shares = sorted(share for figure in figures for share in figure.foreign)
    if not shares:
        return "How busy others kept the machine is not known here."
    middle = shares[len(shares) // 2]
    return f"Others used {middle:.0%} of the processors in the median measurement, {shares[-1]:.0%} at most."


def as_markdown(figures: Sequence[Figure], remarks: Sequence[str]) -> str:
    """Return everything as Markdown."""
    lines = ["| " + " | ".join(HEAD) + " |", "|" + "---|" * len(HEAD)]
    lines += ["| " + " | ".join(row(figure)) + " |" for figure in figures]
    return "\n".join([*lines, "", *(f"- {remark}" for remark in remarks)])


def show(figures: Sequence[Figure], remarks: Sequence[str]) -> None:
    """Print everything for the eye."""
    table = Table(*HEAD)
    for figure in figures:
        table.add_row(*row(figure))
    wide = None if sys.stdout.isatty() else 200
    console = Console(width=wide)
    console.print(table)
    for remark in remarks:
        console.print(remark, highlight=False)


def raw(figures: Sequence[Figure], remarks: Sequence[str]) -> dict[str, Any]:
    """Return everything as plain JSON."""
    return {"remarks": list(remarks), "figures": [_raw(figure) for figure in figures]}


def _raw(figure: Figure) -> Mapping[str, Any]:
    return {
        "name": figure.name,
        "reference": figure.reference,
        "ratios": figure.ratios,
        "target": figure.target and [figure.target.reached, figure.target.beyond],
        "ours": figure.ours,
        "theirs": figure.theirs,
        "foreign": figure.foreign,
    }
