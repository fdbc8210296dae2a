"""What the provider of the benchmarks sells: a plan for each number of lines, all closing with the month."""

from __future__ import annotations

from typing import Any

_BOOKED = {"account": "3.1", "company": "net", "document_type": "telecom"}
_LINES = ("access", "support", "films")
_LINE_CENTS = 1_990
_PRICES = {1: "99.90", 2: "129.90", 3: "159.90", 4: "199.90"}

DUE_DAYS = (5, 10, 15, 20, 25)
METHODS = ("slip", "card")
CITY = "Londrina"


def plan_of(lines: int) -> str:
    """Return the code of the plan with so many lines, 1 to 4; one of several is what the others leave."""
    return f"lines-{lines}"


def document() -> dict[str, Any]:
    """Return the catalogue."""
    return {
        "currency": "BRL",
        "companies": {"net": {"name": "Londrina Net Ltda"}},
        "charge_methods": {name: {"name": name.capitalize()} for name in METHODS},
        "document_types": {"telecom": {"name": "Nota de comunicação"}},
        "accounts": {"3.1": {"name": "Internet access"}},
        "reasons": {"moved": {"description": "Moved away"}},
        "plans": {plan_of(lines): _plan(lines) for lines in _PRICES},
        "units": {
            "londrina": {
                "name": CITY,
                "cities": [CITY],
                "plans": [plan_of(lines) for lines in _PRICES],
                "charge_methods": list(METHODS),
                "due_days": list(DUE_DAYS),
            }
        },
    }


def _plan(lines: int) -> dict[str, Any]:
    value = f"{_LINE_CENTS // 100}.{_LINE_CENTS % 100}"
    named = [{"id": name, "description": name.capitalize(), "value": value} for name in _LINES[: lines - 1]]
    version = {"from": "2010-01-01", "price": _PRICES[lines], **_BOOKED}
    return {"name": f"Fibre {lines}", "versions": [{**version, "lines": named} if named else version]}
