"""What sessions of every maker's OLT have in common: from login to end, line by line and page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from ispcore.testing.olts.console import Idle, Interrupted

if TYPE_CHECKING:
    from ispcore.testing.olts.console import Console
    from ispcore.testing.olts.olt import Olt

OltT = TypeVar("OltT", bound="Olt[Any]")


class Shell(Generic[OltT]):
    """A session with an OLT; each maker's says what it asks, and what it does with a line."""

    full: ClassVar[str]
    """What it says where there is no room for another session."""
    more: ClassVar[str]
    """What it shows between two pages."""
    wiped: ClassVar[str]
    """What takes that away again."""
    timed_out: ClassVar[str] = "\n"

    def __init__(self, olt: OltT, console: Console) -> None:
        """Begin before the login."""
        self.olt = olt
        self.console = console
        self.paged = True
        self.page: int | None = None
        self.over = False

    @property
    def prompt(self) -> str:
        """What stands before the next command."""
        raise NotImplementedError

    async def signs_in(self) -> bool:
        """Ask who it is, and tell whether they may come in."""
        raise NotImplementedError

    async def begins(self) -> None:
        """Do what comes before the first prompt."""

    async def obey(self, line: str) -> None:
        """Do what a line says."""
        raise NotImplementedError

    async def run(self, *, signed_in: bool) -> None:
        """Talk until the session is over."""
        if not signed_in and not await self.signs_in():
            return
        hang_up, alarm = self.console.hang_up, self.console.interrupt
        if not self.olt.begin_session(hang_up, alarm):
            self.console.say(self.full)
            return
        try:
            await self.begins()
            self.console.interruptible = True
            while not self.over:
                await self._next()
        except Idle:
            self.console.say(self.timed_out)
        finally:
            self.olt.end_session(hang_up, alarm)

    async def _next(self) -> None:
        """Do what the next line says, unless Ctrl-C comes instead of it or of an answer that it wants."""
        try:
            line = await self.console.line(self.prompt)
            if line.strip():
                await self.obey(line)
        except Interrupted:
            self.console.say("\n")

    def is_busy(self) -> bool:
        """Tell whether the OLT takes no change now; of the times that it is to be busy, this was one."""
        if self.olt.behaviour.busy > 0:
            self.olt.behaviour.busy -= 1
            return True
        return self.olt.saving

    async def show(self, answer: str) -> None:
        """Show an answer, a page at a time where pages are wanted."""
        lines = self.console.disturbed(answer.split("\n") if answer else [])
        size = (self.page or self.console.rows - 1) if self.paged else len(lines)
        for first in range(0, len(lines), size or 1):
            if first and (await self.console.key(self.more)).lower() in {"q", "\x03"}:
                self.console.say(self.wiped + "\n")
                return
            self.console.say(self.wiped if first else "")
            self.console.say("".join(f"{line}\n" for line in lines[first : first + size]))
