"""What many commands made and nobody wrote yet: written together, or at once where the database is needed."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

from ispcore.storage.blocks import Blocks
from ispcore.storage.pending import Pending, write

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ispcore.storage.database import Session
    from ispcore.timeline import SubjectKind


class HeldBack:
    """What was made and not written yet: by the items before, and by the one that is being carried out."""

    def __init__(self, session: Session) -> None:
        """Work in the transaction of *session*."""
        self._session = session
        self._before = Pending()
        self.item = Pending()
        self._savepoint: ExitStack | None = None
        self._in_database = False
        self._blocks: dict[str, tuple[int, int]] = {}
        self.numbers = Blocks(session.connection)

    @property
    def all(self) -> tuple[Pending, Pending]:
        """What was made, the latest first."""
        return self.item, self._before

    @property
    def session(self) -> Session:
        """The session, for what needs nothing that is held back."""
        return self._session

    def holds(self, kind: SubjectKind) -> bool:
        """Tell whether facts of a *kind* of subjects are held back."""
        return any(subject.kind is kind for pending in self.all for subject in pending.facts)

    @property
    def in_item(self) -> bool:
        """Whether an item is being carried out."""
        return self._savepoint is not None

    @contextmanager
    def begin(self) -> Iterator[None]:
        """Begin an item that an error undoes alone."""
        before = dict(self.numbers.blocks)
        try:
            with ExitStack() as self._savepoint:
                yield
                if self._in_database:
                    self._write(self.item)
            if not self._in_database:
                self._before.absorb(self.item)
        except BaseException:
            # Blocks that were reserved after a savepoint of the database are gone with it.
            self.numbers.go_back(before, self._blocks if self._in_database else self.numbers.blocks)
            raise
        finally:
            self.item, self._savepoint, self._in_database = Pending(), None, False

    def written(self) -> Session:
        """Return the session once everything is written."""
        self._write(self._before)
        self._before = Pending()
        if self._savepoint is not None and not self._in_database:
            self._savepoint.enter_context(self._session.savepoint())
            self._in_database = True
            self._blocks = dict(self.numbers.blocks)
        self._write(self.item)
        self.item = Pending()
        return self._session

    def _write(self, pending: Pending) -> None:
        write(pending, self._session.connection, self._session.facts)
