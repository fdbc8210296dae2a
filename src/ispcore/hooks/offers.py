"""What plugins register beside drivers: health checks and commands."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from attrs import field, frozen
from attrs.validators import instance_of, is_callable, matches_re


@frozen
class HealthCheck:
    """Something that ``ispcore doctor`` asks: *check* returns a sentence for each thing that is wrong."""

    name: str = field(validator=matches_re(r"[a-z0-9][a-z0-9_.-]{0,39}"))
    check: Callable[[], Iterable[str]] = field(validator=is_callable())


@frozen
class CommandSpec:
    """A command of ``ispcore``: its *name*, the Click command at *target*, and one line of *help*.

    *target* is ``"package.module:name"``, imported when the command is called.
    """

    name: str = field(validator=matches_re(r"[a-z][a-z0-9-]{0,39}"))
    target: str = field(validator=matches_re(r"[\w.]+:\w+"))
    help: str = field(default="", validator=instance_of(str))
