"""What the columns of tables are made of: their types, and one catalogue of all tables."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import Dialect


class UtcInstant(sa.types.TypeDecorator[datetime]):
    """An instant in UTC, aware on every engine (SQLite would hand it back without its zone)."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Write the instant in UTC."""
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """Read the instant in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

Json = sa.JSON(none_as_null=True)
Code = sa.String(40)
Big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def column(name: str, kind: Any, *args: Any, null: bool = False, **options: Any) -> sa.Column[Any]:  # noqa: ANN401
    """Return a column that must be given, unless *null* says otherwise."""
    return sa.Column(name, kind, *args, nullable=null, **options)
