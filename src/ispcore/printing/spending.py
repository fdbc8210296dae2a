"""What a template has used up of its limits while it is printed."""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, NoReturn

from ispcore.errors import PrintError

if TYPE_CHECKING:
    from ispcore.catalog import PrintTemplate
    from ispcore.printing.limits import Limits


class Stopped(Exception):  # noqa: N818 - it is caught where printing began, and nobody sees it
    """Ends printing from within; ReportLab makes such exceptions anew, so it carries nothing itself."""


class Spending:
    """Counts what one printing uses up; raises Stopped where that is too much, and keeps the ``reason``."""

    def __init__(self, template: PrintTemplate, limits: Limits) -> None:
        """Begin to count."""
        self.reason: PrintError | None = None
        self._code = template.code
        self._limits = limits
        self._turns = 0
        self._filled = 0
        self._ends = monotonic() + limits.seconds

    def begin(self, text: str) -> None:
        """Count the *text* of the template itself."""
        if len(text) > self._limits.template:
            self._stop("template-too-long", f"has {len(text)} characters", self._limits.template)

    def turn(self) -> None:
        """Count a turn of a loop."""
        self._turns += 1
        if self._turns > self._limits.turns:
            self._stop("too-many-turns", "loops too often", self._limits.turns)
        self.look_at_clock()

    def fill(self, text: str) -> None:
        """Count a piece of the text that the fields were put into."""
        self._filled += len(text)
        if self._filled > self._limits.filled:
            self._stop("too-much-text", "becomes too long a text", self._limits.filled)
        self.look_at_clock()

    def page(self, number: int) -> None:
        """Count a page by its *number*."""
        if number > self._limits.pages:
            self._stop("too-many-pages", "fills too many pages", self._limits.pages)

    def look_at_clock(self) -> None:
        """Stop what takes too long."""
        if monotonic() > self._ends:
            self._stop("too-slow", "takes too many seconds", self._limits.seconds)

    def _stop(self, rule: str, what: str, most: int) -> NoReturn:
        self.reason = PrintError(
            f"The template {self._code!r} {what}; {most} are the most.",
            rule=rule,
            hint="Shorten it, or print less at once.",
        )
        raise Stopped
