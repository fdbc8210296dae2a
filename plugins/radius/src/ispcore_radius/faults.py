"""What an error of a database means for the core.

The words of a server are not passed on: they may hold a row, and so a password.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import sqlalchemy as sa

from ispcore.driver import (
    AuthFailed,
    Busy,
    DeviceError,
    DriverError,
    Invalid,
    Locked,
    OutcomeUnknown,
    Unreachable,
)

_NOT_LET_IN = re.compile(
    r"authentication failed|no password supplied|no pg_hba\.conf entry"
    r"|role .* does not exist|permission denied"
)
_NO_ROOM = re.compile(r"too many (clients|connections)|remaining connection slots|starting up|shutting down")
_NO_TABLE = re.compile(r"no such (table|column)")
_SQLITE_LOCKED = re.compile(r"database( table)? is locked")
_SQLITE_STOPPED = re.compile(r"interrupted")
_SCHEMA = (
    "Load FreeRADIUS's schema into it (mods-config/sql/main), or name the right database."
    " Without radacct.class, set follow_sessions = false."
)

_BY_STATE: Mapping[str, tuple[type[DeviceError], str]] = {
    "28": (AuthFailed, "does not let us in"),
    "3D": (Unreachable, "does not exist"),
    "42501": (AuthFailed, "does not let this user read and write the tables of logins"),
    "42P01": (Unreachable, "lacks a table of FreeRADIUS"),
    "42703": (Unreachable, "lacks a column of FreeRADIUS's tables"),
    "55P03": (Locked, "has rows that somebody else holds"),
    "57014": (Busy, "took too long"),
    "25006": (Busy, "takes no changes: it is a copy that only reads"),
    "40": (Busy, "had another change of the same rows"),
    "53": (Busy, "has no room for us"),
}
_OF_A_ROW = ("22", "23")


def refuses_a_row(error: sa.exc.DBAPIError) -> bool:
    """Tell whether it is a row that is refused, and not all that is done."""
    return isinstance(error, sa.exc.IntegrityError | sa.exc.DataError) or _state(error).startswith(_OF_A_ROW)


def row_refused(name: str) -> DriverError:
    """Return the fault of a login whose rows the database does not take."""
    return Invalid(f"The database does not take the rows of {name!r}: a value is too long, or double.")


def fault_of(error: sa.exc.DBAPIError, where: str, *, committing: bool, late: bool) -> DeviceError:
    """Return the fault that *error* is; *where* names the database.

    While *committing*, a connection that breaks leaves it open whether the rows were written. *late* is
    whether we broke it, because the time was over.
    """
    state, text = _state(error), str(error.orig)
    for known, (kind, words) in _BY_STATE.items():
        if state.startswith(known):
            return kind(f"{where} {words} ({state}).", hint=_SCHEMA if state.startswith("42P") else None)
    if _SQLITE_LOCKED.search(text):
        return Locked(f"{where} is being written by somebody else.")
    if committing:
        return OutcomeUnknown(f"{where} was lost while it wrote; the rows may be there or not.")
    if late or _SQLITE_STOPPED.search(text):
        return Busy(f"{where} took too long.")
    return _without_state(text, where)


def _without_state(text: str, where: str) -> DeviceError:
    if _NOT_LET_IN.search(text):
        return AuthFailed(f"{where} does not let us in.", hint="Look at user, password and rights.")
    if _NO_ROOM.search(text):
        return Busy(f"{where} takes no connection for now.")
    if _NO_TABLE.search(text):
        return Unreachable(f"{where} lacks a table, or a column, of FreeRADIUS.", hint=_SCHEMA)
    return Unreachable(f"{where} cannot be reached, or broke the connection.")


def _state(error: sa.exc.DBAPIError) -> str:
    return getattr(error.orig, "sqlstate", None) or ""
