"""Facts and their texts, to rows and back."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import sqlalchemy as sa

from ispcore.errors import ConcurrentChangeError, IspcoreError, StorageError
from ispcore.storage.converters import payload_of, to_plain, whole
from ispcore.storage.failures import told_as_damage
from ispcore.storage.prepared import Asked, Prepared, run_each
from ispcore.storage.tables import facts, texts
from ispcore.timeline import Cause, Fact, Origin, Recorded, Subject, SubjectKind, Upcasters

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import date, datetime


def _with_grid(payload: dict[str, Any]) -> dict[str, Any]:
    """Cycles were monthly and only had a closing day."""
    opening = payload["opening"]
    terms = dict(opening["terms"])
    grid = {"kind": "closing", "day": terms.pop("closing_day"), "every": "month", "phase": 0}
    return {**payload, "opening": {**opening, "terms": {**terms, "grid": grid}}}


UPCASTERS = Upcasters({("Subscribed", 1): _with_grid, ("Imported", 1): _with_grid})
"""How payloads of older schema versions are lifted."""


# Built once: every command asks for these.
_IDS: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)
_AS_ARRAY: sa.BindParameter[Any] = sa.bindparam("ids", type_=sa.ARRAY(sa.String))
_AS_JSON: sa.BindParameter[Any] = sa.bindparam("ids", type_=sa.JSON)
_FACTS = sa.select(facts).where(facts.c.subject_kind == sa.bindparam("kind"))
_IN_ORDER = _FACTS.order_by(facts.c.subject_id, facts.c.sequence)
_FACTS_OF = {
    "postgresql": Prepared(_IN_ORDER.where(facts.c.subject_id == sa.any_(_AS_ARRAY))),
    "sqlite": Prepared(
        _IN_ORDER.where(
            facts.c.subject_id.in_(sa.select(sa.func.json_each(_AS_JSON).table_valued("value").c.value))
        )
    ),
}
_FACTS_OF_ONE = Prepared(_FACTS.where(facts.c.subject_id == sa.bindparam("id")).order_by(facts.c.sequence))
_TEXTS_OF = sa.select(texts).where(texts.c.subject_kind == sa.bindparam("kind"), texts.c.subject_id.in_(_IDS))
_INSERT_FACT, _INSERT_TEXT = sa.insert(facts), sa.insert(texts)
_ADD_FACT, _ADD_TEXT = Prepared(_INSERT_FACT.inline()), Prepared(_INSERT_TEXT.inline())


class _FactRow(NamedTuple):
    """A row of facts; its names are those of the columns, in their order."""

    subject_kind: str
    subject_id: str
    sequence: int
    effective_on: date
    recorded_at: datetime
    actor: str
    cause: str
    command_id: str
    origin: str
    origin_version: str
    kind: str
    schema_version: int
    payload: Any
    reason: str | None
    address_ref: str | None
    note_ref: str | None


class FactStore:
    """The timelines in the database."""

    def __init__(
        self,
        connection: sa.Connection,
        upcasters: Upcasters = UPCASTERS,
        observed: Callable[[Sequence[Fact[Any]]], object] | None = None,
    ) -> None:
        """Work in the transaction of *connection*; *upcasters* lift what was written in older shapes.

        *observed* is called with all facts that are recorded.
        """
        self._connection = connection
        self._upcasters = upcasters
        self._observed = observed

    def of(self, subject: Subject) -> tuple[Fact[Any], ...]:
        """Return the facts of *subject*, in the order in which they were recorded."""
        return self.of_many(subject.kind, [subject.id]).get(subject.id, ())

    def of_many(self, kind: SubjectKind, ids: Sequence[str]) -> dict[str, tuple[Fact[Any], ...]]:
        """Return the facts of many subjects of one *kind*, read at once.

        Raises:
            StorageError: a fact is damaged.
        """
        found = {}
        for subject, its in self.readable(kind, ids).items():
            if isinstance(its, StorageError):
                raise its
            found[subject] = its
        return found

    def readable(
        self, kind: SubjectKind, ids: Sequence[str]
    ) -> dict[str, tuple[Fact[Any], ...] | StorageError]:
        """Return the facts of many subjects, read at once; for one with a damaged fact, the error."""
        try:
            with told_as_damage():
                rows = self._rows(kind, ids)
        except StorageError as error:
            # A column that holds no value of its type fails the whole read, so each is read by itself.
            if len(ids) > 1:
                return {one: its for each in ids for one, its in self.readable(kind, [each]).items()}
            return {ids[0]: _damaged(Subject(kind, ids[0]), error)}
        found: dict[str, list[_FactRow]] = defaultdict(list)
        for row in rows:
            found[row.subject_id].append(row)
        return {subject: self._facts(Subject(kind, subject), its) for subject, its in found.items()}

    def _rows(self, kind: SubjectKind, ids: Sequence[str]) -> list[_FactRow]:
        wanted = _FACTS_OF[self._connection.dialect.name]
        rows = wanted.rows(self._connection, {"kind": kind.value, "ids": list(ids)})
        return [_FactRow._make(row) for row in rows]

    def asked(self, subject: Subject) -> Asked:
        """Return the statement that finds the facts of *subject*, for :meth:`told`."""
        return _FACTS_OF_ONE, {"kind": subject.kind.value, "id": subject.id}

    def told(self, subject: Subject, rows: Sequence[tuple[Any, ...]]) -> tuple[Fact[Any], ...]:
        """Return the facts of *subject* in the *rows* that were found.

        Raises:
            StorageError: a fact is damaged.
        """
        found = self._facts(subject, [_FactRow._make(row) for row in rows])
        if isinstance(found, StorageError):
            raise found
        return found

    def _facts(self, subject: Subject, rows: Sequence[_FactRow]) -> tuple[Fact[Any], ...] | StorageError:
        try:
            return tuple(_fact(subject, row, self._upcasters) for row in rows)
        except (IspcoreError, ValueError, TypeError, LookupError, AttributeError) as error:
            return _damaged(subject, error)

    def subjects(self, kind: SubjectKind) -> tuple[str, ...]:
        """Return the ids of the subjects of this *kind* that have facts."""
        wanted = sa.select(facts.c.subject_id).where(facts.c.subject_kind == kind.value).distinct()
        return tuple(self._connection.scalars(wanted))

    def texts(self, subject: Subject) -> dict[tuple[int, str], str | None]:
        """Return the erasable texts of *subject* by sequence and path; None was erased."""
        return self.texts_of_many(subject.kind, [subject.id]).get(subject.id, {})

    def texts_of_many(
        self, kind: SubjectKind, ids: Sequence[str]
    ) -> dict[str, dict[tuple[int, str], str | None]]:
        """Return the texts of many subjects of one *kind*, read at once."""
        found: dict[str, dict[tuple[int, str], str | None]] = {}
        rows = self._connection.execute(_TEXTS_OF, {"kind": kind.value, "ids": ids}).all()
        # Sorted here: each database has an order of texts of its own.
        for row in sorted(rows, key=lambda row: (row.sequence, row.path)):
            found.setdefault(row.subject_id, {})[row.sequence, row.path] = row.text
        return found

    def append(self, new: Sequence[Fact[Any]], its_texts: Mapping[tuple[int, str], str]) -> None:
        """Record facts of one subject, and the texts that they bring.

        Raises:
            ConcurrentChangeError: somebody else recorded a fact with one of the sequences.
        """
        subject = new[0].subject
        added = [(_ADD_FACT, _row(fact, self._upcasters)) for fact in new]
        remarks = [(_ADD_TEXT, _text_row(subject, n, path, text)) for (n, path), text in its_texts.items()]
        try:
            run_each(self._connection, [*added, *remarks])
        except sa.exc.IntegrityError as error:
            raise ConcurrentChangeError(subject.kind.value, subject.id) from error
        if self._observed is not None:
            self._observed(new)

    def erase(self, subject: Subject, keep: Collection[tuple[int, str]]) -> int:
        """Erase the texts of *subject* but those to *keep*, by sequence and path; return how many."""
        mine = (texts.c.subject_kind == subject.kind.value) & (texts.c.subject_id == subject.id)
        gone = [
            {"sequence_": sequence, "path_": path}
            for (sequence, path), text in self.texts(subject).items()
            if text is not None and (sequence, path) not in keep
        ]
        if gone:
            this = (texts.c.sequence == sa.bindparam("sequence_")) & (texts.c.path == sa.bindparam("path_"))
            self._connection.execute(sa.update(texts).where(mine, this).values(text=None), gone)
        return len(gone)

    def append_all(
        self,
        new: Mapping[Subject, Sequence[Fact[Any]]],
        its_texts: Mapping[Subject, Mapping[tuple[int, str], str]],
    ) -> None:
        """Record facts of many subjects, and the texts that they bring, at once.

        Raises:
            ConcurrentChangeError: somebody else recorded a fact with one of the sequences.
        """
        fact_rows = [_row(fact, self._upcasters) for facts_of_one in new.values() for fact in facts_of_one]
        text_rows = [
            _text_row(subject, n, path, text)
            for subject, texts_of_one in its_texts.items()
            for (n, path), text in texts_of_one.items()
        ]
        try:
            if fact_rows:
                self._connection.execute(_INSERT_FACT, fact_rows)
        except sa.exc.IntegrityError as error:
            names = ", ".join(subject.id for subject in new)
            raise ConcurrentChangeError(next(iter(new)).kind.value, names) from error
        if text_rows:
            self._connection.execute(_INSERT_TEXT, text_rows)
        if self._observed is not None:
            self._observed([fact for facts_of_one in new.values() for fact in facts_of_one])


def _damaged(subject: Subject, error: Exception) -> StorageError:
    damage = StorageError(f"The facts of {subject} cannot be read: {error}")
    damage.__cause__ = error
    return damage


def _text_row(subject: Subject, sequence: int, path: str, text: str) -> dict[str, Any]:
    return {
        "subject_kind": subject.kind.value,
        "subject_id": subject.id,
        "sequence": sequence,
        "path": path,
        "text": text,
    }


def _row(fact: Fact[Any], upcasters: Upcasters) -> dict[str, Any]:
    recorded = fact.recorded
    return {
        "subject_kind": fact.subject.kind.value,
        "subject_id": fact.subject.id,
        "sequence": fact.sequence,
        "effective_on": fact.effective_on,
        "recorded_at": recorded.at,
        "actor": recorded.actor,
        "cause": recorded.cause.value,
        "command_id": recorded.command_id,
        "origin": recorded.origin.name,
        "origin_version": recorded.origin.version,
        "kind": fact.kind,
        "schema_version": upcasters.current(fact.kind),
        "payload": to_plain(fact.payload),
        "reason": fact.reason,
        "address_ref": recorded.address_ref,
        "note_ref": recorded.note_ref,
    }


def _fact(subject: Subject, row: _FactRow, upcasters: Upcasters) -> Fact[Any]:
    return Fact(
        subject=subject,
        sequence=whole(row.sequence),
        effective_on=row.effective_on,
        payload=payload_of(subject.kind, row.kind, upcasters.lift(row.kind, row.schema_version, row.payload)),
        recorded=Recorded(
            at=row.recorded_at,
            actor=row.actor,
            command_id=row.command_id,
            cause=Cause(row.cause),
            address_ref=row.address_ref,
            note_ref=row.note_ref,
            origin=Origin(row.origin, row.origin_version),
        ),
        reason=row.reason,
        schema_version=row.schema_version,
    )
