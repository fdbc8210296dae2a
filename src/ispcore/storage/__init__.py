"""The database: the only home of SQLAlchemy and Alembic."""

from ispcore.storage.database import Session, SqlDatabase

__all__ = ["Session", "SqlDatabase"]
