"""The rows that make a login, and the login that rows make; nothing in here talks to a database.

A login is made of parts, each with its attributes in a table. Rows of other attributes belong to somebody
else: they are neither read nor written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence

from attrs import evolve, frozen

from ispcore.driver import Login
from ispcore.errors import InvalidValueError
from ispcore_radius import texts
from ispcore_radius.config import RadiusConfig
from ispcore_radius.parts import parts_of
from ispcore_radius.rows import Part, Row, Table, key_of, keys
from ispcore_radius.terms import CLASS, terms_of


@frozen
class Written:
    """What is to be done to one user's rows."""

    drop: tuple[Row, ...] = ()
    add: tuple[Row, ...] = ()


_OF_SESSIONS = keys(Table.REPLY, CLASS)
_TWICE = (
    "Name an attribute that nothing else of a login stands in, or a walled_group whose replies override it."
)


class Layout:
    """The parts of a login under one configuration."""

    def __init__(self, config: RadiusConfig) -> None:
        """Lay the parts out."""
        self._safe = config.safe_characters
        self._parts = parts_of(config)
        self._places = {key: place for place, part in enumerate(self._parts) for key in part.concerns}
        counts = Counter(key for part in self._parts for key in part.concerns)
        twice = {attribute for (_, attribute), count in counts.items() if count > 1}
        named = (config.walled_attribute, config.download_attribute, config.upload_attribute)
        for attribute in named:
            if attribute.lower() in twice:
                raise InvalidValueError(f"{attribute} would say two things of a login.", hint=_TWICE)

    def ours(self, rows: Iterable[Row]) -> list[Row]:
        """Return the rows that are part of a login."""
        return [row for row in rows if (part := self._part(row)) is not None and part.owns(row)]

    def others(self, rows: Iterable[Row]) -> dict[str, tuple[str, ...]]:
        """Name what else stands under the same user, by table: it is shown, and left alone."""
        ours = {id(row) for row in self.ours(rows)}
        rest = [row for row in rows if id(row) not in ours]
        names = {table: {row.attribute for row in rest if row.table is table} for table in Table}
        return {table.value: tuple(sorted(those)) for table, those in names.items() if those}

    def login(self, username: str, rows: Sequence[Row]) -> Login | None:
        """Return the login that *rows* make; None where none of them is part of one."""
        if not self.ours(rows):
            return None
        there = self._by_part(rows)
        values = {
            name: value
            for part, those in zip(self._parts, there, strict=True)
            for name, value in part.read(those).items()
        }
        return Login(username=username, **values)  # type: ignore[arg-type]  # by name, each of its field's type

    def stale(self, login: Login, rows: Sequence[Row]) -> str | None:
        """Say that sessions would begin on other terms than *login* gives; None where they would not."""
        told = {row.value for row in self.ours(rows) if key_of(row) in _OF_SESSIONS}
        if not told or told == {terms_of(login).value}:
            return None
        return f"{login.username} has a {CLASS} that is not that of its speed and addresses."

    def written(self, rows: Sequence[Row], after: Login, fields: Collection[str], salt: bytes) -> Written:
        """Return what makes the named fields of *after* out of what stands there.

        Raises:
            Invalid: FreeRADIUS has no row for such a value.
        """
        texts.checked_name(after.username, self._safe)
        drop: list[Row] = []
        add: list[Row] = []
        for part, there in zip(self._parts, self._by_part(rows), strict=True):
            if part.fields.isdisjoint(fields):
                continue
            wanted = list(part.write(after, salt))
            ours = [row for row in there if part.owns(row)]
            if wanted != ours and not self._says(part, there, after):
                drop += ours
                add += wanted
        return Written(tuple(drop), tuple(add))

    def _by_part(self, rows: Iterable[Row]) -> list[list[Row]]:
        """Return the rows that each part is read from; a row concerns one part at most."""
        found: list[list[Row]] = [[] for _ in self._parts]
        for row in rows:
            place = self._places.get(key_of(row))
            if place is not None:
                found[place].append(row)
        return found

    def _part(self, row: Row) -> Part | None:
        place = self._places.get(key_of(row))
        return None if place is None else self._parts[place]

    @staticmethod
    def _says(part: Part, rows: Sequence[Row], after: Login) -> bool:
        told = part.read(rows)
        # What a part says of no field is compared as rows alone.
        return bool(told) and all(getattr(after, name) == value for name, value in told.items())


def normal(login: Login) -> Login:
    """Return *login* as its rows would be read back."""
    return evolve(
        login,
        macs=texts.macs(login.macs),
        address=_one(texts.address, login.address),
        ipv6_prefix=_one(texts.prefix, login.ipv6_prefix),
        delegated_prefix=_one(texts.prefix, login.delegated_prefix),
    )


def _one(spelling: Callable[[str], str], text: str | None) -> str | None:
    return None if text is None else texts.spelt(spelling, text)
