"""A tiny OLT with a command line: what is typed goes in, what a terminal would get comes out."""

import re
from collections.abc import Generator

PAGER = "---- More ( Press 'Q' to break ) ----"
WIPE = f"\x1b[37D{' ' * 37}\x1b[37D"
BRACE = "{ <cr>|ont-type<K> }:"


# What is wanted next ("line", "hidden" or "key"); it is sent what was typed.
Life = Generator[str, str, None]


class TinyOlt:
    """What all sessions share."""

    def __init__(self) -> None:
        self.host = "MA5608T"
        self.user, self.password, self.enable = "isp", "open-sesame", ""
        self.onts: list[str] = []
        self.heard: list[str] = []
        self.logins = 0
        self.rows = 8
        self.width = 80
        self.smart = True
        self.alarm = ""
        self.before_prompt = ""
        self.answers: dict[str, str] = {}

    def console(self, *, logs_in: bool = False) -> "Console":
        return Console(self, logs_in=logs_in)


class Console:
    """One session; a generator takes typed lines and keys, and gives what is printed until the next."""

    def __init__(self, olt: TinyOlt, *, logs_in: bool) -> None:
        self._olt = olt
        self._modes = [">"]
        self._life = self._session(logs_in=logs_in)
        self._typed = ""
        self._hidden = False
        self._printed: list[str] = []
        self.ended = False
        self._advance(None)

    def take(self) -> bytes:
        """Return what was printed since the last time."""
        some, self._printed = "".join(self._printed).encode(), []
        return some

    def type(self, some: bytes) -> bytes:
        """Type *some*, and return what is printed then."""
        for key in some.decode().replace("\n", "").replace("\0", ""):
            if self.ended:
                break
            if key == "\r":
                self._echo()
                self._advance(self._typed)
            elif key == "\x03" or (self._asks_key and not self._typed):
                self._typed = ""
                self._advance(key)
            else:
                self._typed += key
        return self.take()

    def _echo(self) -> None:
        if not self._hidden:
            shown = self._typed
            wide = self._olt.width
            cut = [shown[at : at + wide] for at in range(0, len(shown), wide)]
            self._printed.append(" \x1b[1D".join(cut))
        self._printed.append("\r\n")

    def _advance(self, typed: str | None) -> None:
        self._asks_key = self._hidden = False
        self._typed = ""
        try:
            wants = next(self._life) if typed is None else self._life.send(typed)
        except StopIteration:
            self.ended = True
            return
        self._asks_key, self._hidden = wants == "key", wants == "hidden"

    # --- what it does

    def _say(self, text: str) -> None:
        self._printed.append(text)

    def _session(self, *, logs_in: bool) -> Life:
        if logs_in:
            self._say(">>User name:")
            user = yield "line"
            self._say(">>User password:")
            password = yield "hidden"
            self._olt.logins += 1
            if (user, password) != (self._olt.user, self._olt.password):
                self._say("  Username or password invalid.\r\n")
                return
        self._say("\r\n  Welcome: use '#' for notes\r\n\r\n")
        while True:
            self._say(self._olt.before_prompt)
            self._say(self._olt.host + self._modes[-1])
            line = yield "line"
            if line:
                self._olt.heard.append(line)
            if line == "quit" and len(self._modes) == 1:
                return
            yield from self._command(line)

    def _command(self, line: str) -> Life:
        way = self._way(line)
        words = line.split()
        if way is not None:
            yield from self._go(line, way)
        elif line in self._olt.answers:
            yield from self._pages(self._olt.answers[line])
        elif words[:2] == ["ont", "add"]:
            yield from self._add(line)
        elif words[:2] == ["ont", "delete"]:
            yield from self._delete()
        elif line == "display ont info all":
            yield from self._pages("".join(f"  ONT {one}\n" for one in self._olt.onts) + "  total\n")
        elif line:
            self._say("  % Unknown command, the error locates at '^'\r\n")

    def _go(self, line: str, way: list[str]) -> Life:
        if line == "enable" and self._olt.enable:
            self._say("Password:")
            if (yield "hidden") != self._olt.enable:
                self._say("  % Password error\r\n")
                return
        self._modes = way

    def _delete(self) -> Life:
        self._say("Are you sure to delete the ONT? (y/n)[n]:")
        if (yield "line") == "y":
            self._olt.onts.clear()
            self._say("  Number of ONTs that can be deleted: 1, success: 1\r\n")

    def _way(self, line: str) -> list[str] | None:
        gpon = re.fullmatch(r"interface gpon (\d+/\d+)", line)
        match self._modes[-1], line:
            case ">", "enable":
                return [*self._modes, "#"]
            case "#", "config":
                return [*self._modes, "(config)#"]
            case "(config)#", _ if gpon:
                return [*self._modes, f"(config-if-gpon-{gpon[1]})#"]
            case _, "quit" if len(self._modes) > 1:
                return self._modes[:-1]
            case "#", "disable":
                return self._modes[:-1]
            case _, "return" if len(self._modes) > 1:
                return self._modes[:2]
        return None

    def _add(self, line: str) -> Life:
        if self._olt.smart:
            self._say(BRACE)
            yield "line"
            self._say(f"\r\n  Command:\r\n          {line}\r\n")
        serial = line.split()[2]
        if serial in self._olt.onts:
            self._say("  Failure: SN already exists\r\n")
            return
        self._olt.onts.append(serial)
        self._say("  Number of ONTs that can be added: 1, success: 1\r\n")
        self._say(f"  PortID :1, ONTID :{len(self._olt.onts)}\r\n")

    def _pages(self, text: str) -> Life:
        lines = text.splitlines()
        alarm, self._olt.alarm = self._olt.alarm, ""
        for number, line in enumerate(lines):
            if number and number % self._olt.rows == 0:
                self._say(PAGER)
                key = yield "key"
                self._say(WIPE)
                if key == "q":
                    return
            self._say(f"{line}\r\n")
            if number == 0:
                self._say(alarm)
