"""What quiet subscriptions are billed by: kept once for each different content, under a name made of it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from ispcore.billing import Profile
from ispcore.errors import StorageError
from ispcore.storage.converters import digest_of, from_plain, to_plain
from ispcore.storage.failures import told_as_damage
from ispcore.storage.tables import profiles
from ispcore.storage.upsert import keep_once

if TYPE_CHECKING:
    from collections.abc import Sequence


def keep_profiles(connection: sa.Connection, used: Sequence[Profile]) -> dict[int, str]:
    """Keep profiles, once for each different content, and return their names by identity."""
    names = {id(profile): profile_name(profile) for profile in used}
    wanted = {names[id(profile)]: profile for profile in used}
    keep_once(connection, profiles, wanted, _row)
    return names


def read_profiles(connection: sa.Connection, wanted: Sequence[str]) -> dict[str, Profile]:
    """Return the profiles of these names, but damaged ones."""
    try:
        with told_as_damage():
            rows = connection.execute(sa.select(profiles).where(profiles.c.id.in_(wanted))).all()
            kept = [row for row in rows if digest_of(row.document) == row.id]
            return {row.id: from_plain(row.document, Profile) for row in kept}
    except StorageError:
        apart = wanted if len(wanted) > 1 else ()
        return {name: one for each in apart for name, one in read_profiles(connection, [each]).items()}


def _row(name: str, profile: Profile) -> dict[str, Any]:
    return {"id": name, "document": to_plain(profile)}


@lru_cache(maxsize=10_000)
def profile_name(profile: Profile) -> str:
    """Return the name of *profile* by its content."""
    return digest_of(to_plain(profile))
