"""The cases as they stand in the data files, read as values."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from attrs import frozen

_DATA = Path(__file__).resolve().parent / "data"


@frozen
class Case:
    """One case: what went in, and what came out where it was found."""

    id: str
    what: str
    source: str
    inputs: Mapping[str, Any]
    expected: Mapping[str, Any]

    def day(self, name: str = "start") -> date:
        """Return an input that is a day."""
        return date.fromisoformat(self.inputs[name])

    @property
    def event(self) -> date:
        """The day of the only event."""
        (event,) = self.inputs["events"]
        return date.fromisoformat(event["date"])


def _read(name: str) -> Any:
    return json.loads((_DATA / name).read_text("utf-8"))


def _origin(source: str | Mapping[str, str]) -> str:
    return source if isinstance(source, str) else source["repo"].strip("()")


def _cases(rows: list[dict[str, Any]]) -> dict[str, Case]:
    return {
        row["id"]: Case(row["id"], row["what"], _origin(row["source"]), row["inputs"], row["expected"])
        for row in rows
    }


ENGINES = _cases(_read("billing_cases.json")["cases"])
"""What other engines assert in public, by id."""

BRAZIL = _cases(_read("brazil_cases.json"))
"""Brazilian rules of proration, instalments and composition, by id."""

CASES = {**ENGINES, **BRAZIL}


def cents(amount: str | int) -> int:
    """Return an amount as it is written in the data, in cents."""
    return int(Fraction(amount) * 100)


def share(price: str, fraction: str | Fraction) -> int:
    """Return a *fraction* of a *price* in cents, half a cent up."""
    return int(Fraction(price) * 100 * Fraction(fraction) + Fraction(1, 2))


def decimals(number: str | Fraction, digits: int) -> str:
    """Return a number to so many decimals, half up: engines that round fractions show them so."""
    return str(Decimal(int(Fraction(number) * 10**digits + Fraction(1, 2))).scaleb(-digits))
