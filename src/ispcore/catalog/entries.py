"""A catalogue's document taken apart into entries, each with a history of its own, and joined again.

Entries are plain values: text, whole numbers, truth values, lists and tables; days are ISO text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from ispcore.catalog.reading import SECTIONS, read_catalogue
from ispcore.values import plain

if TYPE_CHECKING:
    from ispcore.values import Plain

Entries: TypeAlias = "dict[tuple[str, str], dict[str, Plain]]"

SETTINGS = "settings"
"""The section of the single values at the top of a document: ``("settings", "currency")``."""
_BY_OWNER = "extra_fields"


def entries(document: Mapping[str, Any]) -> Entries:
    """Return the entries of a catalogue's *document* by section and code.

    Raises:
        DocumentError: the document has problems, as :func:`read_catalogue` tells them.
    """
    read_catalogue(document)
    found: Entries = {}
    for section, written in document.items():
        if section not in SECTIONS:
            found[SETTINGS, section] = {"value": plain(written)}
        elif section == _BY_OWNER:
            for owner, mine in written.items():
                found.update({(section, f"{owner}.{code}"): _entry(entry) for code, entry in mine.items()})
        else:
            found.update({(section, code): _entry(entry) for code, entry in written.items()})
    return found


def document_of(
    entries: Mapping[tuple[str, str], Mapping[str, Any]], currency: str | None = None
) -> dict[str, Any]:
    """Return the document that consists of *entries*; *currency* holds where they name none."""
    document: dict[str, Any] = {} if currency is None else {"currency": currency}
    for (section, code), entry in entries.items():
        if section == SETTINGS:
            document[code] = entry["value"]
        elif section == _BY_OWNER:
            owner, _, field = code.partition(".")
            document.setdefault(section, {}).setdefault(owner, {})[field] = dict(entry)
        else:
            document.setdefault(section, {})[code] = dict(entry)
    return document


def _entry(entry: Mapping[str, Any]) -> dict[str, Plain]:
    return {key: plain(value) for key, value in entry.items()}
