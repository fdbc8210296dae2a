"""What one family of devices says and wants to hear, as a table: all that a new vendor writes.

Texts are regular expressions, but for what is sent and for pagers; blanks around prompts and questions do not
count. A prompt never has the host's name in it: hosts are renamed.
"""

from __future__ import annotations

from collections import deque

from attrs import frozen

from ispcore.errors import InvalidValueError

ANY = "*"
"""The source of a :class:`Way` that leads out of any mode, also one that the dialect does not name."""


@frozen
class Place:
    """Where a session is: a mode, and which of its kind (``Place("gpon", "0/1")``)."""

    mode: str
    at: str = ""

    def __str__(self) -> str:
        """Read as one word."""
        return f"{self.mode} {self.at}".rstrip()


@frozen
class Mode:
    """A mode of the command line, known by what stands behind the host's name in its prompt.

    The group ``at`` of *prompt* tells which of its kind it is, where the device shows that.
    """

    name: str
    prompt: str


@frozen
class Way:
    r"""A command that leads from one mode to another; ``{at}`` in it is the place that is wanted.

    *password* is how the device asks for a second password on the way (``"Password:"``), if it does.
    """

    source: str
    target: str
    command: str
    password: str = ""


@frozen
class Setup:
    """A command that is given once in each new session, as far as the device takes it: paging, alarms."""

    command: str
    mode: str


@frozen
class Pager:
    """What a device prints when a page is full, as it stands there, and the keys that answer it."""

    text: str
    more: str = " "


@frozen
class Question:
    """What a device asks in the midst of a command, as the whole line, and what is sent to agree or not.

    One that *always* may be agreed to needs no leave of the command: "press Enter for the default".
    """

    line: str
    yes: str
    no: str
    always: bool = False


@frozen
class LoginTexts:
    """What a device says while somebody signs in: two questions as whole lines, and three ways to be refused.

    *limit* tells that no session is free, *locked* that the device lets this address wait.
    """

    user: str
    password: str
    refused: tuple[str, ...] = ()
    limit: tuple[str, ...] = ()
    locked: tuple[str, ...] = ()


@frozen
class Alarm:
    """News that a device prints when it pleases: how its first line begins, and its last if it has many."""

    first: str
    last: str = ""


@frozen
class Dialect:
    """How devices of one family talk.

    ``host`` is what a host's name is made of. ``errors``, ``busy`` and ``saving`` are how lines begin; those
    of ``saving`` mean that somebody saves, unless the command itself is one of ``saves``. ``repeat`` is the
    line after which a device repeats a command whose question was answered. ``ends`` are the characters that
    a prompt, a pager or a question can end with. ``separators`` are characters that end a command for the
    device. ``quiet_seconds`` is how long nothing must come before a prompt counts that does not look as
    expected.

    Raises InvalidValueError for a way between modes that are not listed.
    """

    name: str
    modes: tuple[Mode, ...]
    ways: tuple[Way, ...]
    login: LoginTexts
    host: str = r"[^\s()#>%]+"
    setup: tuple[Setup, ...] = ()
    pagers: tuple[Pager, ...] = ()
    questions: tuple[Question, ...] = ()
    alarms: tuple[Alarm, ...] = ()
    errors: tuple[str, ...] = ()
    busy: tuple[str, ...] = ()
    saving: tuple[str, ...] = ()
    saves: tuple[str, ...] = ()
    repeat: str = ""
    echoes: bool = True
    ends: str = "#>%:-"
    separators: str = ";"
    quote: str = '"'
    longest_command: int = 512
    newline: str = "\r"
    encoding: str = "utf-8"
    columns: int = 511
    rows: int = 512
    quiet_seconds: float = 0.3
    busy_seconds: float = 60.0
    locked_seconds: float = 900.0

    def __attrs_post_init__(self) -> None:
        """Refuse ways to nowhere."""
        known = {mode.name for mode in self.modes}
        for way in self.ways:
            for name in {way.source, way.target} - known - {ANY}:
                raise InvalidValueError(
                    f"The dialect {self.name!r} has a way by {way.command!r}, but no mode {name!r}.",
                    hint="List the mode with its prompt.",
                )


def ways_between(dialect: Dialect, here: Place, there: Place) -> tuple[Way, ...]:
    """Return the shortest way from *here* to *there*; none where one is there already.

    To another place of the same mode one goes out and in again. Raises InvalidValueError where the dialect
    tells no way.
    """
    if here == there:
        return ()
    seen: set[str] = set()
    paths: deque[tuple[str, tuple[Way, ...]]] = deque([(here.mode, ())])
    while paths:
        mode, path = paths.popleft()
        for way in dialect.ways:
            if way.source in (mode, ANY) and way.target not in seen:
                if way.target == there.mode:
                    return (*path, way)
                seen.add(way.target)
                paths.append((way.target, (*path, way)))
    raise InvalidValueError(
        f"The dialect {dialect.name!r} tells no way from {here} to {there}.", hint="Add a Way for it."
    )
