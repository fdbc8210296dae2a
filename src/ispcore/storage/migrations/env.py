"""Alembic's entry: runs the revisions on the connection that ispcore hands over."""

from __future__ import annotations

from alembic import context

from ispcore.storage import connection_tables, network_tables  # noqa: F401 - their tables belong to the schema
from ispcore.storage.columns import metadata
from ispcore.storage.jobs import is_of_the_queue

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    include_name=lambda name, kind, parents: not is_of_the_queue(name, kind, parents),
    transactional_ddl=True,
)
context.run_migrations()
