"""Load a catalogue: checked as a whole, kept entry by entry, each change a fact of its entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from attrs import frozen

from ispcore.catalog import SETTINGS, EntrySaved, EntryWithdrawn, entries, read_catalogue
from ispcore.errors import DocumentError, RefusedError
from ispcore.timeline import Actor, Subject, SubjectKind
from ispcore.usecases.desk import Desk, begin
from ispcore.usecases.rows import CatalogueEntry
from ispcore.values import Problem, suggestion

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ispcore.catalog import Catalogue
    from ispcore.usecases.desk import Writing
    from ispcore.usecases.ports import UnitOfWork

PERMISSION = "catalog.load"
ROLES = "catalog.roles"
"""The permission to change what roles allow: who configures plans does not give rights."""


@frozen
class Loaded:
    """Which entries a load added, changed and withdrew, as ``section/code``."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    withdrawn: tuple[str, ...]


def load_catalogue(
    desk: Desk, document: Mapping[str, Any], *, actor: Actor, on: date | None = None, withdraw: bool = False
) -> Loaded:
    """Make *document* the catalogue, and say what that changed.

    Raises:
        DocumentError: the document has problems, or a zone is unknown; every one is listed.
        RefusedError: entries would be withdrawn, and *withdraw* does not say so; or the currency changes.
    """
    actor.require(PERMISSION)
    catalogue = read_catalogue(document)
    _check_zones(catalogue)
    wanted = entries(document)
    day = on or desk.today_of(catalogue)
    writing = begin(desk, actor)
    with desk.database.writing() as work:
        stored = work.catalogue.entries()
        withdrawn = sorted(set(stored) - set(wanted))
        _check_replacing(stored, wanted, withdrawn if not withdraw else [])
        if withdrawn:
            _check_unused(withdrawn, work.subscriptions.in_use(desk.today_of(catalogue)))
        changed = [
            key for key, document in wanted.items() if key not in stored or stored[key].document != document
        ]
        if any(section == "roles" for section, _ in (*changed, *withdrawn)):
            actor.require(ROLES)
        for key in changed:
            _save(work, writing, day, key, wanted[key])
        for key in withdrawn:
            _save(work, writing, day, key, None)
        if any(section == "policies" for section, _ in (*changed, *withdrawn)):
            work.subscriptions.look_again()
    return Loaded(
        added=_names([key for key in changed if key not in stored]),
        changed=_names([key for key in changed if key in stored]),
        withdrawn=_names(withdrawn),
    )


def _check_replacing(
    stored: Mapping[tuple[str, str], CatalogueEntry],
    wanted: Mapping[tuple[str, str], Mapping[str, Any]],
    lacking: list[tuple[str, str]],
) -> None:
    """Refuse another currency, and entries that are *lacking* without anybody having said so."""
    known = stored.get((SETTINGS, "currency"))
    if known is not None and known.document != wanted[SETTINGS, "currency"]:
        raise RefusedError("A database keeps its currency.", rule="currency", hint="Open another database.")
    if lacking:
        names = ", ".join("/".join(key) for key in lacking)
        raise RefusedError(
            f"This catalogue lacks entries that are in force: {names}.",
            rule="withdrawal",
            hint="Put them back, or say that they are to be withdrawn.",
        )


def _check_unused(withdrawn: list[tuple[str, str]], in_use: Mapping[tuple[str, str], int]) -> None:
    """Refuse to withdraw a plan or a unit that somebody has."""
    held = [f"{'/'.join(key)} ({in_use[key]})" for key in withdrawn if key in in_use]
    if held:
        raise RefusedError(
            f"Living subscriptions have what would be withdrawn: {', '.join(held)}.",
            rule="in-use",
            hint="Detach it from the business units so that it is sold no more, or move the subscriptions.",
        )


def _check_zones(catalogue: Catalogue) -> None:
    """Refuse a time zone that this computer does not know; the pure reader only knows what one looks like."""
    problems = []
    for unit in catalogue.units.values():
        try:
            ZoneInfo(unit.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            hint = suggestion(unit.zone, available_timezones())
            problems.append(Problem(f"units.{unit.code}.zone", f"There is no time zone {unit.zone!r}.", hint))
    if problems:
        raise DocumentError("The catalogue", problems)


def _save(
    work: UnitOfWork, writing: Writing, day: date, key: tuple[str, str], document: Mapping[str, Any] | None
) -> None:
    subject = Subject(SubjectKind.CATALOG, "/".join(key))
    last = max((fact.sequence for fact in work.facts.of(subject)), default=0)
    payload = EntryWithdrawn() if document is None else EntrySaved(document)
    facts = writing.facts(subject, last, [(day, payload)])
    work.facts.append(facts, writing.texts(facts))
    work.catalogue.save(*key, None if document is None else CatalogueEntry(last + 1, document))


def _names(keys: list[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(sorted("/".join(key) for key in keys))
