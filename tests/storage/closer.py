"""What a child process does that is to be killed: it closes."""

from datetime import date
from multiprocessing.connection import Connection

from tests.providers import ANA

from ispcore.app import Provider
from ispcore.storage import SqlDatabase


def close(url: str, on: date, ready: Connection) -> None:
    """Say that all is loaded, and close on that day."""
    with Provider(SqlDatabase(url)) as provider:
        provider.count_customers(actor=ANA)
        ready.send("ready")
        provider.close(on, actor=ANA)
