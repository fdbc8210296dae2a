"""What happens to an entry of the catalogue, as facts: saved, and withdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from attrs import frozen


@frozen
class EntrySaved:
    """An entry was added or changed; ``document`` is its whole text from then on, as plain values."""

    document: Mapping[str, Any]


@frozen
class EntryWithdrawn:
    """An entry was taken out of the catalogue; what it pinned before stays as it is."""


FACTS = (EntrySaved, EntryWithdrawn)
