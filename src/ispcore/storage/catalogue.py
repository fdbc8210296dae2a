"""The catalogue's entries, to rows and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import sqlalchemy as sa

from ispcore.catalog import document_of, read_catalogue
from ispcore.errors import DocumentError, NotFoundError, StorageError
from ispcore.storage.tables import catalog_entries as table
from ispcore.usecases.ports import CatalogueEntry

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from ispcore.catalog import Catalogue
    from ispcore.storage.turns import NoTurns


class CatalogueStore:
    """The catalogue in the database."""

    def __init__(self, connection: sa.Connection, turns: NoTurns) -> None:
        """Work in the transaction of *connection*."""
        self._connection = connection
        self._turns = turns
        self._current: Catalogue | None = None

    def current(self) -> Catalogue:
        """Return the catalogue as it stands.

        Raises:
            NotFoundError: none was loaded yet.
            StorageError: it is damaged, or today's rules do not admit it.
        """
        if self._current is None:
            self._turns.read_catalogue()
            stored = self._stored()
            if not stored:
                raise NotFoundError("catalogue in this database", None, hint="Load one first.")
            self._current = _read({key: entry.document for key, entry in stored.items()})
        return self._current

    def entries(self) -> dict[tuple[str, str], CatalogueEntry]:
        """Return the entries by section and code, to be compared with what is to be saved."""
        self._turns.change_catalogue()
        return self._stored()

    def _stored(self) -> dict[tuple[str, str], CatalogueEntry]:
        rows = self._connection.execute(sa.select(table)).all()
        # Sorted here: each database has an order of texts of its own.
        ordered = sorted(rows, key=lambda row: (row.section, row.code))
        return {(row.section, row.code): CatalogueEntry(row.version, row.document) for row in ordered}

    def save(self, section: str, code: str, entry: CatalogueEntry | None) -> None:
        """Replace an entry; None takes it out."""
        self._current = None
        same = (table.c.section == section) & (table.c.code == code)
        self._connection.execute(sa.delete(table).where(same))
        if entry is not None:
            row = {
                "section": section,
                "code": code,
                "version": entry.version,
                "document": dict(entry.document),
            }
            self._connection.execute(sa.insert(table), row)


def _read(stored: Mapping[tuple[str, str], Mapping[str, Any]]) -> Catalogue:
    try:
        return read_catalogue(document_of(stored))
    except (DocumentError, TypeError, ValueError, LookupError, AttributeError) as error:
        raise StorageError(
            f"The stored catalogue cannot be read: {error}", hint="Load a corrected one."
        ) from error
