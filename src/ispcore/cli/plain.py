"""Values as programs read them, and numbers as people do."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

import attrs

from ispcore.catalog import Formula
from ispcore.driver import Spec
from ispcore.values import Money, SecretText


def plain(value: Any) -> Any:  # noqa: ANN401 - any value, to plain JSON
    """Return *value* as plain JSON values: money as amount and currency, days as ISO text, no secret."""
    match value:
        case Money():
            return {"amount": str(value.amount), "currency": value.currency.code}
        case Enum():
            return value.value
        case date() | time() | timedelta() | Decimal() | Formula() | SecretText():
            return str(value)
        case Mapping():
            return {str(getattr(key, "value", key)): plain(inner) for key, inner in value.items()}
        case Exception():
            return str(value)
        case list() | tuple() | set() | frozenset():
            return [plain(inner) for inner in value]
        case _ if attrs.has(type(value)):
            kind = {"kind": value.word} if isinstance(value, Spec) else {}
            return kind | {
                field.name: plain(getattr(value, field.name)) for field in attrs.fields(type(value))
            }
        case _:
            return value


def counted(number: int, word: str) -> str:
    """Return the number with its word: ``1 charge``, ``2 charges``."""
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def print_json(value: Any) -> None:  # noqa: ANN401 - plain JSON
    """Print *value* as JSON, at once: a program may read on while the command runs."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")
    sys.stdout.flush()
