"""How patient the provider is with tasks that are refused on their day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.values import whole

if TYPE_CHECKING:
    from ispcore.values import Table

_MOST_ATTEMPTS = 365


@frozen
class TaskPolicy:
    """On how many days a task is tried, one attempt a day, before it has failed."""

    attempts: int = 3


_PLAIN = TaskPolicy()


def read_tasks(table: Table) -> TaskPolicy:
    """Return what *table* says about tasks."""
    policy = TaskPolicy(table.get("attempts", whole(1, _MOST_ATTEMPTS), default=_PLAIN.attempts))
    table.close()
    return policy
