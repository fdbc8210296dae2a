"""A session with a Huawei OLT: signing in, modes and prompts, questions before and pages after a command."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ispcore.testing.olts.grammar import Reading, Wrong
from ispcore.testing.olts.huawei.command import GRAMMAR, Command, Refusal
from ispcore.testing.olts.huawei.tables import COMMANDS
from ispcore.testing.olts.huawei.whereabouts import Whereabouts
from ispcore.testing.olts.olt import Entrance

if TYPE_CHECKING:
    from ispcore.testing.olts.console import Console
    from ispcore.testing.olts.huawei.config import HuaweiOlt

MORE: Final = "---- More ( Press 'Q' to break ) ----"
_FULL = "  Reenter times have reached the upper limit.\n"
_LOCKED = "  The IP address has been locked\n"
_WRONG = "  Username or password invalid.\n"
_BUSY = "System is busy, please retry after a while"
_TRIES = 3
_SAYS = {
    Wrong.UNKNOWN: "% Unknown command, the error locates at '^'",
    Wrong.PARAMETER: "% Parameter error, the error locates at '^'",
    Wrong.INCOMPLETE: "% Incomplete command, the error locates at '^'",
    Wrong.TOO_MANY: "% Too many parameters, the error locates at '^'",
}
_BANNER = """
  Huawei Integrated Access Software ({product}).

  -----------------------------------------------------------------------------
  User last login information:
  -----------------------------------------------------------------------------
  Access Type : SSH
  IP-Address  : 127.0.0.1
  -----------------------------------------------------------------------------

"""


class HuaweiShell(Whereabouts):
    """What one session has said of itself: its mode, its way of paging, how much it wants to be asked."""

    full = _FULL
    more = MORE
    wiped = f"\x1b[{len(MORE)}D{' ' * len(MORE)}\x1b[{len(MORE)}D"
    timed_out = "\n  Configuration console time out, please retry to log on\n"

    def __init__(self, olt: HuaweiOlt, console: Console) -> None:
        """Begin before the login."""
        super().__init__(olt, console)
        self.smart = True
        self.interactive = True

    async def begins(self) -> None:
        """Greet."""
        self.console.say(_BANNER.format(product=self.olt.firmware.product))

    async def ask(self, question: str) -> str:
        """Ask something before a command is done."""
        return (await self.console.line(question)).strip()

    async def signs_in(self) -> bool:
        """Ask for name and password, a few times."""
        if self.olt.locked:
            self.console.say(_LOCKED)
            return False
        for _ in range(_TRIES):
            user = await self.console.line(">>User name:")
            password = await self.console.line(">>User password:", echo=False)
            entrance = self.olt.enters(user.strip(), password)
            if entrance is Entrance.OPEN:
                return True
            if entrance is Entrance.LOCKED:
                break
            self.console.say(_WRONG)
        self.console.say(_FULL)
        return False

    # Commands

    def _known(self) -> Iterator[tuple[str, Command]]:
        lacks = self.olt.firmware.lacks
        for command in COMMANDS:
            if self.mode in command.modes and not command.pattern.startswith(lacks):
                yield command.pattern, command

    async def obey(self, line: str) -> None:
        """Do what a line says, once what it leaves open was asked for."""
        if (instead := self.olt.answer_to(line.strip())) is not None:
            await self.show(instead)
            return
        prompt, reading = self.prompt, GRAMMAR.read(line, self._known())
        if self.smart and (reading.options or self._can_be_piped(reading)):
            asked = await self._completed(line, reading)
            if asked is None:
                return
            line, reading = asked
        if reading.match is None:
            column = (len(prompt) + reading.column) % self.console.width
            self.console.say(f"{' ' * column}^\n  {_SAYS[reading.wrong]}\n\n")
        elif await self._sure(reading.match):
            await self._do(line, reading)

    def _can_be_piped(self, reading: Reading[Command]) -> bool:
        """Tell whether newer firmware would take a filter after the command, and so asks for one."""
        piped = reading.match is not None and reading.match.pattern.startswith("display")
        return self.olt.firmware.newer and piped

    async def _completed(self, line: str, reading: Reading[Command]) -> tuple[str, Reading[Command]] | None:
        """Ask for what may still come until somebody presses Enter alone; None when they gave it up."""
        tries = 0
        while reading.options or self._can_be_piped(reading):
            hints = [GRAMMAR.hint(option) for option in reading.options]
            hints += ["|<K>"] if self._can_be_piped(reading) else []
            end = ["<cr>"] if reading.match is not None else []
            more = await self.ask(f"{{ {'|'.join([*end, *hints])} }}:")
            if not more:
                break
            longer = GRAMMAR.read(f"{line.rstrip()} {more}", self._known())
            if longer.match is not None or longer.wrong is Wrong.INCOMPLETE:
                line, reading = f"{line.rstrip()} {more}", longer
                continue
            tries += 1
            if tries == _TRIES:
                self.console.say(_FULL)
                return None
            self.console.say(f"  {_SAYS[Wrong.PARAMETER]}\n")
        self.console.say(f"\n  Command:\n          {line}\n")
        return line, reading

    async def _sure(self, command: Command) -> bool:
        if not command.sure or not self.interactive:
            return True
        return (await self.ask(f"  {command.sure} (y/n)[n]:")).lower() == "y"

    async def _do(self, line: str, reading: Reading[Command]) -> None:
        command = reading.match
        if command is None:
            return
        try:
            with self.olt.lock:
                if command.writes:
                    self._may_write()
                answer = command.act(self, reading.values)
                if command.writes:
                    self.olt.wrote(line, [reading.values.get("password", "")])
            answer = answer if isinstance(answer, str) else await answer
        except Refusal as refusal:
            answer = f"  Failure: {refusal}"
        await self.show(answer)

    def _may_write(self) -> None:
        if self.is_busy():
            raise Refusal(_BUSY)
