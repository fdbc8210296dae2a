"""The database: the only home of SQLAlchemy and Alembic."""

from ispcore.storage.database import Session, SqlDatabase
from ispcore.storage.failures import shown

__all__ = ["Session", "SqlDatabase", "shown"]
