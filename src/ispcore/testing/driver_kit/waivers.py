"""Waivers: cases that a driver cannot meet, each with its reason, in a file beside its tests.

::

    test_a_change_of_name_is_one_change = "The OLT cannot move a network to another ONU."

    [TestOldFirmware]
    test_an_answer_in_pieces_is_read_whole = "Firmware 1.2 ends answers early; 1.3 does not."

A table holds for the test class of that name alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ispcore.errors import DocumentError
from ispcore.testing.driver_kit.kit import cases
from ispcore.values import nearest, parse_toml

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def read_waivers(file: Path, kit: str) -> dict[str, str]:
    """Return the waived cases of the test class *kit*, each with its reason; none where there is no file.

    Raises:
        DocumentError: a case is unknown, or a waiver has no reason.
    """
    if not file.exists():
        return {}
    document = parse_toml(file.read_bytes(), file.name)
    common = {name: reason for name, reason in document.items() if not isinstance(reason, dict)}
    tables = {name: table for name, table in document.items() if isinstance(table, dict)}
    problems = [*_problems(common), *(it for table in tables.values() for it in _problems(table))]
    if problems:
        raise DocumentError(file.name, problems)
    return {**common, **tables.get(kit, {})}


def _problems(waivers: Mapping[str, Any]) -> list[str]:
    known = cases()
    problems = []
    for name, reason in waivers.items():
        if name not in known:
            near = nearest(name, known)
            problems.append(f"There is no case {name!r}.{f' Did you mean {near!r}?' if near else ''}")
        if not isinstance(reason, str) or not reason.strip():
            problems.append(f"{name} is waived without a reason.")
    return problems
