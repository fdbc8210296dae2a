"""For those who test a system that embeds ispcore: an obeying clock, and places to keep its data."""

from ispcore.testing.clock import MovableClock
from ispcore.testing.executor_kit import ExecutorKit
from ispcore.testing.postgres import PostgresServer, postgres_programs, postgres_server
from ispcore.testing.provider import provider_in_memory

__all__ = [
    "ExecutorKit",
    "MovableClock",
    "PostgresServer",
    "postgres_programs",
    "postgres_server",
    "provider_in_memory",
]
