"""The conversation with a device as a machine of its own: bytes go in, what to say and answers come out.

It does no input or output and knows no time, so that every order and every cut of a stream can be tried. The
same stream gives the same answer in whatever pieces it comes: decisions are taken after characters, not
after pieces. A prompt ends a command only when the command's echo has been seen, so that what an alarm or an
earlier command left behind ends nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol, TypeVar

from attrs import frozen

from ispcore.driver import AuthFailed, Busy, DriverError, RateLimited, Unrecognised
from ispcore.transports.answers import (
    Answer,
    after_echo,
    ends_with_alarm,
    first_line,
    text_of,
    without_alarms,
)
from ispcore.transports.dialect import Place
from ispcore.transports.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ispcore.transports.commands import Command
    from ispcore.transports.dialect import Dialect, Question
    from ispcore.values import SecretText

T_co = TypeVar("T_co", covariant=True)
Prompt = tuple[str, Place]
"""What a prompt tells: the name that a device calls itself, and where the session is."""
_MOST_QUESTIONS = 8
_LONG_SILENCE = 8


@frozen
class Say:
    """Something to be sent as it stands."""

    text: str


@frozen
class Credentials:
    """How to sign in; *enable* is the second password, for devices that ask for one on the way up."""

    user: str
    password: SecretText
    enable: SecretText | None = None


class Dialogue(Protocol[T_co]):
    """A part of the conversation: signing in, or one command."""

    def hear(self, some: bytes) -> Iterator[Say | T_co]:
        """Yield what follows from *some* bytes; what comes after anything else than :class:`Say` is noise."""
        ...

    def quiet(self) -> Iterator[Say | T_co]:
        """Yield what follows from nothing more coming for a while."""
        ...


def prompt_of(line: str, dialect: Dialect, host: str = "") -> Prompt | None:
    """Return the host and the place of a line that is a prompt; None for another line.

    With *host*, only that host's prompts count.
    """
    line = line.strip()
    if not line.startswith(host):
        return None
    name = re.escape(host) if host else dialect.host
    for mode in dialect.modes:
        prompt = re.fullmatch(rf"(?P<host>{name})(?:{mode.prompt})", line)
        if prompt is not None:
            return prompt["host"], Place(mode.name, prompt.groupdict().get("at") or "")
    return None


class SigningIn:
    """Gives name and password, each once, until a prompt stands there; turns pages, and says no to questions.

    Raises :class:`~ispcore.driver.AuthFailed` when they are refused or asked for again,
    :class:`~ispcore.driver.Busy` when no session is free, :class:`~ispcore.driver.RateLimited` when the
    device lets this address wait.
    """

    def __init__(self, dialect: Dialect, credentials: Credentials) -> None:
        """Begin before anything was heard."""
        self._dialect = dialect
        self._credentials = credentials
        self._screen = Screen(encoding=dialect.encoding, ends=dialect.ends)
        self._heard = 0
        self._silences = 0
        self._given: set[str] = set()
        self._host = ""

    def hear(self, some: bytes) -> Iterator[Say | Prompt]:
        """Yield what follows from *some* bytes."""
        for _ in self._screen.print(some):
            self._refuse()
            for event in self._look():
                self._end_unechoed_line()
                yield event

    def quiet(self) -> Iterator[Say | Prompt]:
        """Ask for the prompt again where one has stood for long that could be the last line of a banner."""
        self._silences += 1
        # A device under load is slow, and would answer twice.
        if self._silences % _LONG_SILENCE == 0 and prompt_of(self._screen.line, self._dialect) is not None:
            yield Say(self._dialect.newline)

    def why(self) -> DriverError | None:
        """Return what the device's last words mean, when it has closed the connection."""
        return self._refusal([*self._screen.lines[self._heard :], self._screen.line])

    def _refuse(self) -> None:
        lines = self._screen.lines[self._heard :]
        self._heard += len(lines)
        refusal = self._refusal(lines)
        if refusal is not None:
            raise refusal

    def _refusal(self, lines: Sequence[str]) -> DriverError | None:
        texts, name = self._dialect.login, self._dialect.name
        heard = "\n".join(lines)
        if any(re.search(one, heard) for one in texts.refused):
            return _not_accepted(name)
        if any(re.search(one, heard) for one in texts.limit):
            return Busy(f"The {name} has no session left.", after_seconds=self._dialect.busy_seconds)
        if any(re.search(one, heard) for one in texts.locked):
            return RateLimited(
                f"The {name} has locked this address out for a while.",
                after_seconds=self._dialect.locked_seconds,
                hint="Somebody gave a wrong password several times.",
            )
        return None

    def _end_unechoed_line(self) -> None:
        if not self._dialect.echoes:
            self._screen.end_line()

    def _look(self) -> Iterator[Say | Prompt]:
        page = _page_turned(self._screen, self._dialect)
        line, texts = self._screen.line.strip(), self._dialect.login
        if page is not None:
            yield page
        elif re.fullmatch(texts.user, line):
            yield self._give("name", self._credentials.user)
        elif re.fullmatch(texts.password, line):
            yield self._give("password", self._credentials.password.reveal())
        elif (prompt := prompt_of(line, self._dialect)) is not None:
            host = prompt[0]
            if host == self._host:
                yield prompt
            elif not self._host:
                # A banner can end like a prompt: only what stands there again after Enter is one.
                yield Say(self._dialect.newline)
            self._host = host
        else:
            for question in self._dialect.questions:
                if re.fullmatch(question.line, line):
                    yield Say(question.yes if question.always else question.no)
                    return

    def _give(self, what: str, text: str) -> Say:
        if what in self._given:
            raise _not_accepted(self._dialect.name)
        self._given.add(what)
        return Say(text + self._dialect.newline)


class Asking:
    """One command, from its echo to the prompt after its answer.

    Raises :class:`~ispcore.driver.Busy` where the device says that it saves, and takes nothing meanwhile,
    :class:`~ispcore.driver.Unrecognised` where it asks without end, and
    :class:`~ispcore.driver.AuthFailed` where it asks for the second password again.
    """

    def __init__(
        self,
        dialect: Dialect,
        host: str,
        command: Command,
        *,
        redact: Callable[[str], str] = str,
        enable: SecretText | None = None,
    ) -> None:
        """Begin when *command* is sent; *redact* takes secrets out of what is shown.

        *enable* is the second password, for a command that may be asked for it.
        """
        self._dialect = dialect
        self._host = host
        self._command = command
        self._redact = redact
        self._enable = enable
        self._enabled = False
        self._silences = 0
        self._pagers = tuple(pager.text.strip() for pager in dialect.pagers)
        lines = [question.line for question in dialect.questions] + [command.password or "(?!)"]
        self._asks = re.compile("|".join(f"(?:{line})" for line in lines)).fullmatch
        self._screen = Screen(encoding=dialect.encoding, ends=dialect.ends)
        self._asked: dict[int, str] = {}
        self._declined: list[str] = []

    @property
    def said(self) -> str:
        """What the device has printed so far."""
        return "\n".join([*self._screen.lines, self._screen.line])

    def hear(self, some: bytes) -> Iterator[Say | Answer]:
        """Yield what follows from *some* bytes."""
        for _ in self._screen.print(some):
            yield from self._look(sure=False)

    def quiet(self) -> Iterator[Say | Answer]:
        """Yield what the last line means when nothing more comes, though the echo or the host was another.

        A prompt alone may have been left behind, and the device be slow: it counts after a long silence only.
        """
        self._silences += 1
        if self._silences % _LONG_SILENCE == 0 or self._has_answered():
            yield from self._look(sure=True)

    def _has_answered(self) -> bool:
        lines = without_alarms(self._screen.lines, self._dialect, self._host)
        return self._echo() is not None or any(line.strip() for line in lines)

    def _look(self, *, sure: bool) -> Iterator[Say | Answer]:
        line = self._screen.line.strip()
        if not sure and not self._could_end(line):
            return
        page = _page_turned(self._screen, self._dialect)
        if page is not None:
            yield page
            return
        prompt = prompt_of(line, self._dialect, "" if sure else self._host)
        if prompt is not None and (sure or self._is_due()):
            yield self._answer(*prompt)
        elif prompt is None and len(self._screen.lines) not in self._asked:
            yield from self._reply(line, sure=sure)

    def _could_end(self, line: str) -> bool:
        """Tell quickly that a line is nothing to look at: a table is full of characters that end prompts."""
        return line.startswith(self._host) or line.endswith(self._pagers) or self._asks(line) is not None

    def _is_due(self) -> bool:
        """Tell whether a prompt ends the command; after an alarm it may only be shown again."""
        return self._echo() is not None and not ends_with_alarm(self._screen.lines, self._dialect)

    def _echo(self) -> str | None:
        """Return the echo that the screen shows; None when there is none yet."""
        if not self._dialect.echoes:
            return ""
        said = self.said
        echoes = (self._command.text, self._redact(self._command.text))
        return next((one for one in echoes if after_echo(said, one) is not None), None)

    def _reply(self, line: str, *, sure: bool) -> Iterator[Say]:
        if self._command.password and re.fullmatch(self._command.password, line):
            self._mark()
            yield Say(self._second_password() + self._dialect.newline)
            return
        for question in self._dialect.questions:
            if re.fullmatch(question.line, line) and (sure or self._echo() is not None):
                self._mark()
                yield Say(self._decided(question, line))
                return

    def _second_password(self) -> str:
        if self._enable is None or self._enabled:
            raise AuthFailed(
                f"The {self._dialect.name} does not accept the second password."
                if self._enabled
                else f"The {self._dialect.name} asks for a second password, and none was given.",
            )
        self._enabled = True
        return self._enable.reveal()

    def _decided(self, question: Question, line: str) -> str:
        if question.always or any(one in line for one in self._command.confirms):
            return question.yes
        self._declined.append(line)
        return question.no

    def _mark(self) -> None:
        self._asked[len(self._screen.lines)] = self._screen.line.rstrip()
        if not self._dialect.echoes:
            self._screen.end_line()
        if len(self._asked) > _MOST_QUESTIONS:
            raise Unrecognised(f"The {self._dialect.name} asks one question after another.")

    def _answer(self, host: str, place: Place) -> Answer:
        echo = (self._echo() or self._command.text) if self._dialect.echoes else ""
        text = text_of(self._screen.lines, self._asked, echo, host=self._host, dialect=self._dialect)
        saves = any(re.match(one, self._command.text) for one in self._dialect.saves)
        busy = first_line(text, self._dialect.busy + (() if saves else self._dialect.saving))
        if busy is not None:
            raise Busy(
                f"The {self._dialect.name} is busy: {self._redact(busy)}",
                after_seconds=self._dialect.busy_seconds,
            )
        error = first_line(text, self._dialect.errors)
        return Answer(
            text,
            host,
            place,
            shown=self._redact(text),
            error=None if error is None else self._redact(error),
            declined=tuple(self._redact(one) for one in self._declined),
        )


def _page_turned(screen: Screen, dialect: Dialect) -> Say | None:
    """Return what turns the page, where the line asks for it, and take the pager off the screen."""
    for pager in dialect.pagers:
        if screen.line.rstrip().endswith(pager.text.rstrip()):
            screen.erase(pager.text)
            return Say(pager.more)
    return None


def _not_accepted(name: str) -> AuthFailed:
    return AuthFailed(f"The {name} does not accept the name or the password.")
