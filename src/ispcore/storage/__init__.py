"""The database: the only home of SQLAlchemy and Alembic."""

from ispcore.storage import network_tables as _network_tables  # noqa: F401 - its tables belong to the schema
from ispcore.storage.database import Session, SqlDatabase
from ispcore.storage.effects import SqlEffects
from ispcore.storage.failures import shown

__all__ = ["Session", "SqlDatabase", "SqlEffects", "shown"]
