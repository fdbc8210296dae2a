"""The only home of SQLAlchemy: tables, rows to values and back, repositories, migrations."""

from ispcore.storage import document_tables as _document_tables  # noqa: F401 - as those of drift
from ispcore.storage import drift_tables as _drift_tables  # noqa: F401 - its tables belong to the schema
from ispcore.storage import late_tables as _late_tables  # noqa: F401 - as those of drift
from ispcore.storage import network_tables as _network_tables  # noqa: F401 - as those of drift
from ispcore.storage import notice_tables as _notice_tables  # noqa: F401 - as those of drift
from ispcore.storage import payment_tables as _payment_tables  # noqa: F401 - as those of drift
from ispcore.storage import plugin_tables as _plugin_tables  # noqa: F401 - as those of drift
from ispcore.storage import slip_tables as _slip_tables  # noqa: F401 - as those of drift
from ispcore.storage import task_tables as _task_tables  # noqa: F401 - as those of drift
from ispcore.storage.database import Session, SqlDatabase
from ispcore.storage.effects import SqlEffects
from ispcore.storage.failures import shown
from ispcore.storage.secret_keys import KeySource, keys_from_environment, keys_from_file, new_key

__all__ = [
    "KeySource",
    "Session",
    "SqlDatabase",
    "SqlEffects",
    "keys_from_environment",
    "keys_from_file",
    "new_key",
    "shown",
]
