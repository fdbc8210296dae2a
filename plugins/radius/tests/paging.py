"""Connections as FreeRADIUS writes them, and how a database goes about a page of them."""

from datetime import UTC, datetime

from sqlalchemy.dialects import postgresql, sqlite

from ispcore.driver import Accounting
from ispcore_radius import Engine
from ispcore_radius.counting import page_of
from plugins.radius.tests.databases import Database

NINE = datetime(2026, 3, 1, 9, tzinfo=UTC)
POINT = "10.0.0.1"


def plan_of(database: Database, asked: Accounting) -> str:
    """Return how the database would go about a page."""
    engine = database.config.engine
    dialect = sqlite.dialect() if engine is Engine.SQLITE else postgresql.dialect()  # type: ignore[no-untyped-call] # the library's
    text = page_of(asked, engine.value).compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    how = "EXPLAIN QUERY PLAN" if engine is Engine.SQLITE else "EXPLAIN"
    return "\n".join(str(row) for row in database.run(f"{how} {text}"))


def when(database: Database, instant: datetime | None) -> object:
    """Write an instant as FreeRADIUS does."""
    return instant if instant is None or database.server else int(instant.timestamp())


def write(database: Database, session: str, written: datetime | None, **columns: object) -> None:
    """Let a session of Ana stand there; instants among the *columns* as FreeRADIUS writes them."""
    usual = {"acctsessionid": session, "username": "ana", "nasipaddress": POINT, "acctstarttime": NINE}
    values = {
        name: when(database, value) if isinstance(value, datetime) else value
        for name, value in {**usual, **columns, "acctupdatetime": written}.items()
    }
    marks = ", ".join("?" * len(values))
    database.run(f"INSERT INTO radacct ({', '.join(values)}) VALUES ({marks})", *values.values())
