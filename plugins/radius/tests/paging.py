"""How a database goes about a page of connections."""

from sqlalchemy.dialects import postgresql, sqlite

from ispcore.driver import Accounting
from ispcore_radius import Engine
from ispcore_radius.counting import page_of
from plugins.radius.tests.databases import Database


def plan_of(database: Database, asked: Accounting) -> str:
    """Return how the database would go about a page."""
    engine = database.config.engine
    dialect = sqlite.dialect() if engine is Engine.SQLITE else postgresql.dialect()  # type: ignore[no-untyped-call] # the library's
    text = page_of(asked, engine.value).compile(dialect=dialect, compile_kwargs={"literal_binds": True})
    how = "EXPLAIN QUERY PLAN" if engine is Engine.SQLITE else "EXPLAIN"
    return "\n".join(str(row) for row in database.run(f"{how} {text}"))
