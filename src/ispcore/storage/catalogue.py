"""The catalogue's entries, to rows and back."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING

import sqlalchemy as sa

from ispcore.catalog import document_of, read_catalogue
from ispcore.errors import DocumentError, NotFoundError, StorageError
from ispcore.storage.prepared import Prepared
from ispcore.storage.tables import catalog_entries as table
from ispcore.usecases.rows import CatalogueEntry

if TYPE_CHECKING:
    from ispcore.catalog import Catalogue
    from ispcore.storage.turns import NoTurns


CATALOGUE_AS_TEXT = Prepared(sa.select(table.c.section, table.c.code, sa.cast(table.c.document, sa.Text)))


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
            rows = self._turns.catalogue
            if rows is None:
                rows = CATALOGUE_AS_TEXT.rows(self._connection, {})
            stored = tuple(sorted(rows))
            if not stored:
                raise NotFoundError("catalogue in this database", None, hint="Load one first.")
            self._current = _read(stored)
        return self._current

    def entries(self) -> dict[tuple[str, str], CatalogueEntry]:
        """Return the entries by section and code, to be compared with what is to be saved."""
        self._turns.change_catalogue()
        return self._stored()

    def _stored(self) -> dict[tuple[str, str], CatalogueEntry]:
        rows = self._connection.execute(sa.select(table)).all()
        # Sorted here, as above.
        ordered = sorted(rows, key=lambda row: (row.section, row.code))
        return {(row.section, row.code): CatalogueEntry(row.version, row.document) for row in ordered}

    def save(self, section: str, code: str, entry: CatalogueEntry | None) -> None:
        """Replace an entry; None takes it out."""
        self._current = self._turns.catalogue = None
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


@lru_cache(maxsize=16)
def _read(stored: tuple[tuple[str, str, str], ...]) -> Catalogue:
    """Return the catalogue of the entries *stored* as text; the same one for the same text."""
    try:
        documents = {(section, code): json.loads(document) for section, code, document in stored}
        return read_catalogue(document_of(documents))
    except (DocumentError, TypeError, ValueError, LookupError, AttributeError) as error:
        raise StorageError(
            f"The stored catalogue cannot be read: {error}", hint="Load a corrected one."
        ) from error
