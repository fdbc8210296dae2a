"""A session with a ZTE OLT: signing in, modes and prompts, pages after a command."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from ispcore.testing.olts.grammar import Reading, Wrong
from ispcore.testing.olts.olt import Entrance
from ispcore.testing.olts.place import Place
from ispcore.testing.olts.shell import Shell
from ispcore.testing.olts.zte.command import Command, Invalid, Mode, Refusal, grammar
from ispcore.testing.olts.zte.tables import COMMANDS

if TYPE_CHECKING:
    from ispcore.testing.olts.console import Console
    from ispcore.testing.olts.zte.config import ZteOlt, ZteOnu

MORE: Final = " --More-- "
_WRONG = "%Error 20209: No username or bad password.\n"
_BUSY = "%Error 20289: The system is busy, please retry later."
_INCOMPLETE = "%Error 20203: Incomplete command."
_TRIES = 3


class ZteShell(Shell["ZteOlt"]):
    """What one session has said of itself: its mode, and whether it wants pages."""

    full = "%Error 20210: Too many users.\n"
    more = MORE
    wiped = "\b" * len(MORE) + " " * len(MORE) + "\b" * len(MORE)

    def __init__(self, olt: ZteOlt, console: Console) -> None:
        """Begin before the login."""
        super().__init__(olt, console)
        self.grammar = grammar(olt.family)
        self.modes: list[tuple[Mode, str]] = [(Mode.USER, "")]

    @property
    def mode(self) -> Mode:
        """The mode, of which commands depend."""
        return self.modes[-1][0]

    @property
    def about(self) -> str:
        """What the mode is about: a port, a place, a place and the number of a vport."""
        return self.modes[-1][1]

    @property
    def place(self) -> Place:
        """The ONU that the mode is about."""
        return Place.parse(self.about.partition(" ")[0])

    @property
    def onu(self) -> ZteOnu:
        """The ONU that the mode is about.

        Raises:
            Invalid: it was deleted meanwhile.
        """
        if str(self.place) not in self.olt.config.onus:
            raise Invalid
        return self.olt.config.onus[str(self.place)]

    @property
    def prompt(self) -> str:
        """What stands before the next command."""
        tails = {
            Mode.USER: ">",
            Mode.ENABLE: "#",
            Mode.CONFIG: "(config)#",
            Mode.MNG: f"({self.olt.family.prompt})#",
            Mode.GPON: "(config-gpon)#",
            Mode.PON: "(config-pon)#",
        }
        return self.olt.name + tails.get(self.mode, "(config-if)#")

    def enter(self, mode: Mode, about: str = "") -> None:
        """Enter a mode; from one interface it goes straight to another."""
        while self.mode not in {Mode.USER, Mode.ENABLE, Mode.CONFIG}:
            self.modes.pop()
        self.modes.append((mode, about))

    async def begins(self) -> None:
        """Go on to where no second password is asked for."""
        if self.olt.behaviour.enable_password is None:
            self.enter(Mode.ENABLE)

    async def signs_in(self) -> bool:
        """Ask for name and password, a few times."""
        for _ in range(_TRIES):
            user = await self.console.line("Username:")
            password = await self.console.line("Password:", echo=False)
            entrance = self.olt.enters(user.strip(), password)
            if entrance is Entrance.OPEN:
                return True
            self.console.say(_WRONG)
            if entrance is Entrance.LOCKED:
                return False
        return False

    def _known(self) -> Iterator[tuple[str, Command]]:
        for command in COMMANDS:
            if self.mode in command.modes and command.family in {"", self.olt.family.name}:
                yield command.pattern, command

    async def obey(self, line: str) -> None:
        """Do what a line says; one that begins with ``!`` is a remark."""
        if line.lstrip().startswith("!"):
            return
        if (instead := self.olt.answer_to(line.strip())) is not None:
            await self.show(instead)
            return
        prompt, reading = self.prompt, self.grammar.read(line, self._known())
        if reading.match is None:
            self._refuse(prompt, reading)
            return
        command = reading.match
        try:
            with self.olt.lock:
                if command.writes:
                    self._may_write()
                answer = command.act(self, reading.values)
                if command.writes:
                    self.olt.wrote(line, (reading.values.get(name, "") for name in ("password", "key")))
            answer = answer if isinstance(answer, str) else await answer
        except Refusal as refusal:
            answer = str(refusal)
        except Invalid:
            self._refuse(prompt, reading)
            return
        await self.show(answer)

    def _refuse(self, prompt: str, reading: Reading[Command]) -> None:
        if reading.wrong is Wrong.INCOMPLETE and reading.match is None:
            self.console.say(f"{_INCOMPLETE}\n")
            return
        column = (len(prompt) + reading.column) % self.console.width
        number = self.olt.family.invalid
        self.console.say(f"{' ' * column}^\n%Error {number}: Invalid input detected at '^' marker.\n")

    def _may_write(self) -> None:
        if self.is_busy():
            raise Refusal(_BUSY)
