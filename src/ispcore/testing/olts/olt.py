"""An OLT as both dialects know it: fibres, a configuration that may be saved, who is signed in."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from copy import deepcopy
from enum import Enum
from typing import TYPE_CHECKING, Generic, TypeVar

from ispcore.testing.olts.behaviour import Behaviour
from ispcore.testing.olts.fibre import Onu
from ispcore.testing.olts.wire import OltWire

if TYPE_CHECKING:
    from ispcore.testing.olts.place import Place

C = TypeVar("C")


class Entrance(Enum):
    """What becomes of somebody who signs in."""

    OPEN = "open"
    WRONG = "wrong"
    LOCKED = "locked"


class Olt(Generic[C]):
    """State that the terminal changes, and that a test looks at and changes too; hold ``lock`` meanwhile.

    ``fibre`` is what hangs where, ``config`` what was configured, ``saved`` what a reboot leaves of it.
    ``writes`` counts the lines that changed something, ``log`` keeps them, without secrets. ``answers`` are
    given to lines that begin so, which then do nothing: ``olt.answers["ont add"] = "  % What is this?"``.
    """

    def __init__(
        self, config: C, *, name: str, ports: Iterable[str], behaviour: Behaviour | None = None
    ) -> None:
        """Start up with *config*, saved."""
        self.lock = threading.RLock()
        self.name = name
        self.ports = tuple(ports)
        self.behaviour = behaviour or Behaviour()
        self.fibre: dict[str, Onu] = {}
        self.config = config
        self.saved = deepcopy(config)
        self.writes = 0
        self.log: list[str] = []
        self.sessions = 0
        self.logins_refused = 0
        self.saving = False
        self.answers: dict[str, str] = {}
        self.on_save: Callable[[], None] = lambda: None
        self.wire = OltWire()
        self._wrong_passwords = 0
        self._hang_up: list[Callable[[], None]] = []
        self._alarms: list[Callable[[str], None]] = []

    # What happens in the street

    def plug(self, serial: str, port: str, **about: object) -> Onu:
        """Hang an ONU on a port, or move it there; what is not configured is found by itself."""
        with self.lock:
            onu = Onu(serial=serial, port=port, **about)  # type: ignore[arg-type]  # as Onu has them
            self.fibre[onu.serial] = onu
            return onu

    def unplug(self, serial: str) -> None:
        """Take an ONU off its fibre."""
        with self.lock:
            del self.fibre[Onu(serial=serial, port="").serial]

    def light(self, serial: str, *, on: bool) -> None:
        """Switch the power of an ONU on or off."""
        with self.lock:
            self.fibre[Onu(serial=serial, port="").serial].lit = on

    def heard(self, serial: str, place: Place) -> Onu | None:
        """Return the ONU of this *serial* when it hangs where it is configured, and has light."""
        onu = self.fibre.get(serial)
        return onu if onu is not None and onu.lit and onu.port == place.port else None

    # What happens at the box

    def wrote(self, line: str, secrets: Iterable[str] = ()) -> None:
        """Count a line that changed something, and note it without its secrets."""
        self.writes += 1
        for secret in filter(None, secrets):
            line = line.replace(secret, "***")
        self.log.append(line)

    def save(self) -> None:
        """Keep the configuration for the next start, and tell ``on_save``."""
        with self.lock:
            self.saved = deepcopy(self.config)
            self.on_save()

    def reboot(self) -> None:
        """Start anew: every session ends, and what was not saved is gone."""
        with self.lock:
            self.config = deepcopy(self.saved)
            for hang_up in list(self._hang_up):
                hang_up()

    def hang_up(self) -> None:
        """End every session."""
        with self.lock:
            for hang_up in list(self._hang_up):
                hang_up()

    def alarm(self, text: str) -> None:
        """Print *text* at once into every session that wants to see alarms."""
        with self.lock:
            for alarm in list(self._alarms):
                alarm(text)

    def answer_to(self, line: str) -> str | None:
        """Return what is answered instead of doing what *line* says."""
        with self.lock:
            return next((text for begin, text in self.answers.items() if line.startswith(begin)), None)

    # Signing in

    def enters(self, user: str, password: str) -> Entrance:
        """Tell whether somebody is let in; too many wrong passwords lock the box until :meth:`unlock`."""
        with self.lock:
            if self._wrong_passwords >= self.behaviour.refusals:
                self.logins_refused += 1
                return Entrance.LOCKED
            if self.behaviour.refuse_logins > 0:
                self.behaviour.refuse_logins -= 1
            elif (user, password) == (self.behaviour.user, self.behaviour.password):
                self._wrong_passwords = 0
                return Entrance.OPEN
            self._wrong_passwords += 1
            self.logins_refused += 1
            return Entrance.WRONG

    @property
    def locked(self) -> bool:
        """Whether too many wrong passwords were given."""
        return self._wrong_passwords >= self.behaviour.refusals

    def unlock(self) -> None:
        """Forget wrong passwords."""
        with self.lock:
            self._wrong_passwords = 0

    def begin_session(self, hang_up: Callable[[], None], alarm: Callable[[str], None]) -> bool:
        """Take a session in; False when there are as many as may be."""
        with self.lock:
            if self.sessions >= self.behaviour.sessions:
                return False
            self.sessions += 1
            self._hang_up.append(hang_up)
            self._alarms.append(alarm)
            return True

    def end_session(self, hang_up: Callable[[], None], alarm: Callable[[str], None]) -> None:
        """Let a session go."""
        with self.lock:
            self.sessions -= 1
            self._hang_up.remove(hang_up)
            self._alarms.remove(alarm)
