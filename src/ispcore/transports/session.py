"""A session with a device's command line, for drivers, which are synchronous."""

from __future__ import annotations

import logging
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from attrs import evolve

from ispcore.driver import AuthFailed, Busy, Cancelled, OutcomeUnknown, Unreachable, Unrecognised
from ispcore.transports.cassettes import opener
from ispcore.transports.commands import Command, checked
from ispcore.transports.dialect import Place, ways_between
from ispcore.transports.dialogue import Asking, Say, SigningIn
from ispcore.transports.redaction import Redactor
from ispcore.transports.settings import open_stream
from ispcore.transports.streams import StreamEndedError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from ispcore.driver import DriverError, Operation, Site
    from ispcore.transports.answers import Answer
    from ispcore.transports.dialect import Dialect, Way
    from ispcore.transports.dialogue import Credentials, Dialogue
    from ispcore.transports.settings import Ssh, Telnet
    from ispcore.transports.streams import Stream
    from ispcore.values import SecretText

T = TypeVar("T")
_log = logging.getLogger("ispcore.transports")
_LONGEST_TAIL = 200


class Limit(Protocol):
    """How long something may take; an :class:`~ispcore.driver.Operation` is one."""

    def remaining(self) -> float:
        """Return the seconds that are left."""
        ...


class CliSession:
    """A session with one device: it goes to the mode that a command needs, and waits for the answer.

    A connection that has ended is opened anew before a command, never after one was sent. A failure closes
    it, so that no answer is taken for that of another command. What refuses the password is not asked again.
    """

    def __init__(
        self,
        dialect: Dialect,
        credentials: Credentials,
        open_connection: Callable[[float], Stream],
        *,
        patience_seconds: float = 10.0,
        redact: Redactor | None = None,
    ) -> None:
        """Connect with the first command; *open_connection* is told how many seconds it may take."""
        self._dialect = dialect
        self._credentials = credentials
        self._open = open_connection
        self._patience_seconds = patience_seconds
        self._redact = redact or Redactor()
        self._redact.learn(one for one in (credentials.password, credentials.enable) if one is not None)
        self._stream: Stream | None = None
        self._refused: AuthFailed | None = None
        self._host = ""
        self._place = Place("")

    @property
    def host(self) -> str:
        """What the device calls itself; empty before the first connection."""
        return self._host

    @property
    def place(self) -> Place:
        """Where the session is."""
        return self._place

    def read(
        self,
        command: str,
        op: Operation,
        *,
        mode: Place | str | None = None,
        secrets: Sequence[SecretText] = (),
        confirms: Sequence[str] = (),
    ) -> Answer:
        """Return the answer to a command that changes nothing.

        The command is given in *mode* (the name of one, or a :class:`Place`), or where the session is.
        *secrets* are those that stand in the command. *confirms* are parts of the questions that may be
        agreed to. An answer that tells an error is returned like another: what it means is the driver's to
        say.

        Raises :class:`~ispcore.driver.Invalid` for a command that is not one line, before anything is sent;
        :class:`~ispcore.driver.Cancelled` without time left; :class:`~ispcore.driver.Unreachable`,
        :class:`~ispcore.driver.Busy`, :class:`~ispcore.driver.RateLimited`,
        :class:`~ispcore.driver.AuthFailed`; and :class:`~ispcore.driver.Unrecognised` for a question
        that the command does not agree to, or a mode that is not reached.
        """
        return self._run(Command(command, confirms), op, mode, secrets)

    def write(
        self,
        command: str,
        op: Operation,
        *,
        mode: Place | str | None = None,
        secrets: Sequence[SecretText] = (),
        confirms: Sequence[str] = (),
    ) -> Answer:
        """Return the answer to a command that changes something; it is sent once and never again.

        As :meth:`read`, but where no answer comes, :class:`~ispcore.driver.OutcomeUnknown` is raised. The
        driver calls ``op.checkpoint()`` before.
        """
        return self._run(Command(command, confirms, writes=True), op, mode, secrets)

    def connect(self, op: Limit) -> None:
        """Connect, sign in and set the session up, where there is no connection.

        Raises as :meth:`read` does.
        """
        self._connected(op)

    def close(self) -> None:
        """Close the connection."""
        stream, self._stream = self._stream, None
        if stream is not None:
            stream.close()

    # --- on the way to a command

    def _run(
        self, command: Command, op: Operation, mode: Place | str | None, secrets: Sequence[SecretText]
    ) -> Answer:
        checked(command.text, self._dialect)
        self._redact.learn(secrets)
        stream = self._connected(op)
        self._enter(stream, mode, op)
        answer = self._ask(stream, command, op)
        if answer.declined:
            raise Unrecognised(
                f"The {self._dialect.name} asks {answer.declined[0]!r}, which the command does not agree to.",
                raw=answer.shown,
                wrote=False,
            )
        return answer

    def _connected(self, op: Limit) -> Stream:
        """Return a connection that has not ended; what came in the meantime belongs to no command."""
        if self._refused is not None:
            raise self._refused
        try:
            while self._stream is not None and self._stream.receive(0):
                pass
        except StreamEndedError:
            self.close()
        if self._stream is None:
            stream = self._signed_in(_Patience(min(op.remaining(), self._patience_seconds)))
            self._set_up(stream, op)
            return stream
        return self._stream

    def _set_up(self, stream: Stream, op: Limit) -> None:
        try:
            for setup in self._dialect.setup:
                self._enter(stream, setup.mode, op)
                self._ask(stream, Command(setup.command), op)
        except Busy:
            self.close()  # half set up
            raise

    def _signed_in(self, limit: Limit) -> Stream:
        signing_in = SigningIn(self._dialect, self._credentials)
        try:
            self._stream = stream = self._open(limit.remaining())
            self._host, self._place = self._talk(stream, signing_in, limit)
        except AuthFailed as error:
            raise self._never_again(error) from error.__cause__
        except StreamEndedError as error:
            raise signing_in.why() or self._unreachable("closed the connection") from error
        except TimeoutError as error:
            raise self._unreachable("shows no prompt") from error
        return stream

    def _enter(self, stream: Stream, mode: Place | str | None, op: Limit) -> None:
        """Go to *mode* by the ways that the dialect tells."""
        if mode is None:
            return
        there = Place(mode) if isinstance(mode, str) else mode
        for way in ways_between(self._dialect, self._place, there):
            command = checked(way.command.replace("{at}", there.at), self._dialect)
            answer = self._ask(stream, Command(command, password=way.password), op)
            if answer.place.mode != way.target:
                raise self._not_reached(way, answer)
            if way.target == there.mode:
                self._place = evolve(self._place, at=self._place.at or there.at)

    def _not_reached(self, way: Way, answer: Answer) -> DriverError:
        name = self._dialect.name
        if way.password and self._credentials.enable is not None:
            self.close()
            return self._never_again(AuthFailed(f"The {name} does not accept the second password."))
        return Unrecognised(
            f"The {name} did not go to the mode {way.target!r} by {way.command!r}.",
            raw=answer.shown,
            wrote=False,
        )

    # --- a command

    def _ask(self, stream: Stream, command: Command, op: Limit) -> Answer:
        if op.remaining() <= 0:
            self.close()
            raise Cancelled(f"There is no time left for {self._redact(command.text)!r}.")
        asking = Asking(
            self._dialect,
            self._host,
            command,
            redact=self._redact,
            enable=self._credentials.enable,
        )
        _log.debug("%s: %s", self._host, self._redact(command.text))
        try:
            self._send(stream, command.text + self._dialect.newline)
            answer = self._talk(stream, asking, op)
        except AuthFailed as error:
            raise self._never_again(error) from None
        except StreamEndedError as error:
            raise self._unanswered(command, "closed the connection", asking) from error
        except TimeoutError as error:
            raise self._unanswered(command, "did not answer in time", asking) from error
        kept = self._place.at if answer.place.mode == self._place.mode else ""
        self._host, self._place = answer.host, evolve(answer.place, at=answer.place.at or kept)
        return answer

    def _talk(self, stream: Stream, dialogue: Dialogue[T], limit: Limit) -> T:
        """Carry on *dialogue* until it comes to something; the connection is closed where it does not."""
        came_to = False
        try:
            while True:
                heard = self._receive(stream, limit)
                for event in dialogue.hear(heard) if heard else dialogue.quiet():
                    if isinstance(event, Say):
                        self._send(stream, event.text)
                    else:
                        came_to = True
                        return event
        except Busy:
            came_to = isinstance(dialogue, Asking)  # then a prompt stands there
            raise
        finally:
            if not came_to:
                self.close()

    def _receive(self, stream: Stream, limit: Limit) -> bytes:
        left = limit.remaining()
        if left <= 0:
            raise TimeoutError
        return stream.receive(min(left, self._dialect.quiet_seconds))

    def _send(self, stream: Stream, text: str) -> None:
        stream.send(text.encode(self._dialect.encoding))

    def _never_again(self, error: AuthFailed) -> AuthFailed:
        """Remember that a password was refused: another try could lock us out."""
        self._refused = error
        return error

    def _unreachable(self, what: str) -> Unreachable:
        return Unreachable(f"The {self._dialect.name} {what}.")

    def _unanswered(self, command: Command, what: str, asking: Asking) -> Unreachable | OutcomeUnknown:
        shown = self._redact(command.text)
        text = f"The {self._dialect.name} {what}, after {shown!r}"
        # An echo that was cut may end within a secret, where it is not recognised.
        if shown == command.text and asking.said.strip():
            text += f"; the last that it said was {self._redact(asking.said.strip())[-_LONGEST_TAIL:]!r}"
        text += "."
        return OutcomeUnknown(text) if command.writes else Unreachable(text)


class _Patience:
    """A time that is up some seconds from now."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def remaining(self) -> float:
        return max(0.0, self._end - time.monotonic())


@contextmanager
def connected(
    site: Site[Any], device: Ssh | Telnet, credentials: Credentials, dialect: Dialect
) -> Iterator[CliSession]:
    """Give a session with *device* that is signed in, and close it at the end, whatever happened.

    It connects to what ``site.dial`` answers, within ``site.patience_seconds``. Raises what
    :meth:`CliSession.connect` does.
    """

    def open_connection(seconds: float) -> Stream:
        return open_stream(device, site.dial(device.host, device.port), credentials, dialect, seconds)

    redact = Redactor()
    session = CliSession(
        dialect,
        credentials,
        opener(open_connection, redact),
        patience_seconds=site.patience_seconds,
        redact=redact,
    )
    try:
        session.connect(_Patience(site.patience_seconds))
        yield session
    finally:
        session.close()
