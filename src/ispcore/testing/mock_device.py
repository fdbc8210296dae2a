"""A device that exists in memory, or in a file: what the mock driver talks to, and what a test looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from attrs import asdict, evolve, frozen

from ispcore.driver import (
    UNREADABLE,
    Adjust,
    CapacityExhausted,
    Change,
    Conflict,
    Discovered,
    DriverError,
    Key,
    Onu,
    PlacementId,
    Role,
    Seen,
    Spec,
    claim_of,
    fields_of,
    identity_of,
    revealed,
)
from ispcore.errors import NotFoundError
from ispcore.testing.mock_shelf import FileShelf, MemoryShelf, Standing, without_secrets
from ispcore.testing.mock_wire import MockWire

if TYPE_CHECKING:
    from ispcore.driver import AccountingRecord, OpenSession
    from ispcore.testing.mock_shelf import Shelf


@frozen(kw_only=True)
class MockSettings:
    """How a mock device behaves; :meth:`MockDevice.change` changes it.

    ``sessions`` is how many it bears at once, ``capacity`` how many objects; ``slow_seconds`` is what every
    exchange takes. With ``fences`` it refuses an older generation, with ``five_ghz`` it has a second band.
    """

    identity: str
    firmware: str = "1.0"
    password: str = "mock"  # noqa: S105 - of a device that does not exist
    reachable: bool = True
    sessions: int | None = None
    capacity: int | None = None
    slow_seconds: float = 0.0
    fences: bool = False
    five_ghz: bool = True


class MockDevice:
    """Objects with the names that drivers see, and the marks and secrets that were written to them.

    ``before_write`` is called before each write and may raise, wait, or end the process. ``refusals`` say by
    claim what it will not take. ``unknown`` is what a discovery finds, ``online`` who is connected, and
    ``counted`` what is told of connections.
    """

    def __init__(self, name: str = "mock", *, file: Path | None = None, **settings: Any) -> None:  # noqa: ANN401 - see MockSettings
        """Make an empty device, or with *file* go on with the one that is kept there."""
        self.name = name
        self.wire = MockWire()
        self.sessions_open = 0
        self.before_write: Callable[[Change], None] = lambda _: None
        self.refusals: dict[str, DriverError] = {}
        self.online: list[OpenSession] = []
        self.counted: list[AccountingRecord] = []
        self._shelf: Shelf = MemoryShelf() if file is None else FileShelf(file)
        with self._shelf.held():
            if settings or self._shelf.fact("settings", None) is None:
                self._keep(evolve(MockSettings(identity=f"mock:{name}"), **settings))

    def __repr__(self) -> str:
        """Show the name alone."""
        return f"MockDevice({self.name!r})"

    # How it behaves

    @property
    def settings(self) -> MockSettings:
        """How it behaves now."""
        with self._shelf.held():
            return MockSettings(**self._shelf.fact("settings", None))

    def change(self, **settings: Any) -> Self:  # noqa: ANN401 - see MockSettings
        """Let it behave otherwise: ``device.change(reachable=False)``."""
        with self._shelf.held():
            self._keep(evolve(self.settings, **settings))
        return self

    def _keep(self, settings: MockSettings) -> None:
        self._shelf.keep("settings", asdict(settings))

    @property
    def unknown(self) -> tuple[Discovered, ...]:
        """What a discovery finds."""
        with self._shelf.held():
            return tuple(Discovered(**one) for one in self._shelf.fact("unknown", ()))

    @unknown.setter
    def unknown(self, found: Iterable[Discovered]) -> None:
        with self._shelf.held():
            self._shelf.keep("unknown", [asdict(one) for one in found])

    def replace(self, identity: str) -> None:
        """Put an empty box of another *identity* in its place."""
        with self._shelf.held():
            self.change(identity=identity)
            for key in self._shelf.in_use():
                self._shelf.put(key, None)

    # What a test looks at

    @property
    def writes(self) -> int:
        """How many writes it has seen."""
        with self._shelf.held():
            return int(self._shelf.fact("writes", 0))

    @property
    def log(self) -> list[str]:
        """What was written, a line each, without secrets: ``"change login/ana: access"``."""
        with self._shelf.held():
            return self._shelf.notes()

    def standing(self) -> dict[Key, Standing]:
        """Return everything that stands on it."""
        with self._shelf.held():
            return {key: self._of(key) for key in self._shelf.in_use()}

    def spec(self, claim: str) -> Spec | None:
        """Return what stands under a claim (``"login/ana"``), its secrets left out."""
        found = self._by_claim(claim)
        return None if found is None else found.spec

    def secret(self, claim: str, name: str = "password") -> str | None:
        """Return a secret that was written, or None."""
        return self.secrets(claim).get(name)

    def secrets(self, claim: str) -> dict[str, str]:
        """Return every secret that was written, by its field."""
        found = self._by_claim(claim)
        return {} if found is None else dict(found.secrets)

    def _by_claim(self, claim: str) -> Standing | None:
        return next((one for one in self.standing().values() if claim_of(one.spec) == claim), None)

    # Changes from outside, which count as no writes

    def put(self, spec: Spec, *, mark: tuple[PlacementId, int] | None = None) -> Key:
        """Let *spec* stand on it, as a technician would, and return its key."""
        key = key_of(spec)
        with self._shelf.held():
            self._shelf.put(key, Standing(without_secrets(spec, None), mark, _secrets(spec)))
        return key

    def tamper(self, key: str, **fields: Any) -> None:  # noqa: ANN401 - fields of a spec
        """Change fields of what stands under *key*; its key stays as it is."""
        with self._shelf.held():
            old = self._of(Key(key))
            self._shelf.put(Key(key), evolve(old, spec=evolve(old.spec, **fields)))

    def unsettle(self, key: str, why: str) -> None:
        """Let what stands under *key* not count, until it is written again."""
        with self._shelf.held():
            self._shelf.put(Key(key), evolve(self._of(Key(key)), unsettled=why))

    def remove(self, key: str) -> None:
        """Take away what stands under *key*."""
        with self._shelf.held():
            self._of(Key(key))
            self._shelf.put(Key(key), None)

    def _of(self, key: Key) -> Standing:
        found = self._shelf.get(key)
        if found is None:
            raise NotFoundError(f"object on {self.name}", key)
        return found

    # What the driver does

    def keys(self) -> list[Key]:
        """Return the keys of everything that stands on it, sorted."""
        with self._shelf.held():
            return self._shelf.in_use()

    def seen(self, key: Key) -> Seen | None:
        """Return what can be read under *key*."""
        with self._shelf.held():
            found = self._shelf.get(key)
        if found is None:
            return None
        spec = without_secrets(found.spec, UNREADABLE)
        return Seen(key, spec, found.mark, unsettled=found.unsettled)

    def write(self, change: Change) -> None:
        """Carry out *change*, all of it or nothing."""
        self.before_write(change)
        with self._shelf.held():
            _check(self, self._shelf, change)
            self._shelf.keep("writes", self.writes + 1)
            self._shelf.note(_told(change))
            old = change.before and self._shelf.get(change.before.key)
            if change.before is not None:
                self._shelf.put(change.before.key, None)
            if change.after is not None:
                mark = (change.target.id, change.target.generation)
                key = key_of(change.after)
                self._shelf.put(key, _written(old or self._shelf.get(key), change, change.after, mark))

    def act(self, word: str, on: Spec) -> None:
        """Do what an action asks, and note it in the log; whom it does not ``adjust`` goes offline."""
        with self._shelf.held():
            self._shelf.note(f"{word} {claim_of(on)}")
        if word != Adjust.word:
            self.online[:] = [one for one in self.online if (one.username,) != identity_of(on)]

    @contextmanager
    def session(self) -> Iterator[None]:
        """Count a session as long as it lasts."""
        self.sessions_open += 1
        try:
            yield
        finally:
            self.sessions_open -= 1


def key_of(spec: Spec) -> Key:
    """Return the key of *spec* on a mock device; that of an ONU has its place, so that it moves."""
    claim = claim_of(spec)
    return Key(f"{claim}@{spec.port}" if isinstance(spec, Onu) else claim)


def _check(device: MockDevice, shelf: Shelf, change: Change) -> None:
    """Refuse what the device does not take."""
    after, before = change.after, change.before
    refusal = device.refusals.get(claim_of(change.target.spec if after is None else after))
    if refusal is not None:
        raise refusal
    settings = device.settings
    stands = [found for key in _keys_of(change) if (found := shelf.get(key)) is not None]
    for found in stands if settings.fences else ():
        _check_generation(change, found)
    if after is None or (before is not None and before.key == key_of(after)):
        return
    taken = shelf.get(key_of(after))
    if taken is not None and (taken.mark is None or taken.mark[0] != change.target.id):
        owner = None if taken.mark is None else taken.mark[0]
        raise Conflict(f"{key_of(after)} stands on {device.name} already.", owner=owner)
    if not stands and settings.capacity is not None and len(shelf.in_use()) >= settings.capacity:
        raise CapacityExhausted(f"{device.name} holds {settings.capacity} objects and is full.")


def _keys_of(change: Change) -> list[Key]:
    before = [] if change.before is None else [change.before.key]
    return before if change.after is None else [*before, key_of(change.after)]


def _check_generation(change: Change, found: Standing) -> None:
    if found.mark is None or found.mark[0] != change.target.id or found.mark[1] <= change.target.generation:
        return
    owner, newest = found.mark
    text = f"{owner} is at generation {newest} there; {change.target.generation} is older."
    raise Conflict(text, owner=owner)


def _secrets(spec: Spec) -> dict[str, str]:
    texts = {name: revealed(getattr(spec, name)) for name in fields_of(type(spec), Role.WRITE_ONLY)}
    return {name: text for name, text in texts.items() if text is not None}


def _written(old: Standing | None, change: Change, after: Spec, mark: tuple[PlacementId, int]) -> Standing:
    """Write the fields of *change* and no others, onto what stands there."""
    if old is None or type(old.spec) is not type(after):
        return Standing(without_secrets(after, None), mark, _secrets(after))
    hidden = change.fields & set(fields_of(type(after), Role.WRITE_ONLY))
    shown = {name: getattr(after, name) for name in change.fields - hidden}
    fresh = {name: text for name, text in _secrets(after).items() if name in hidden}
    kept = {name: text for name, text in old.secrets.items() if name not in hidden}
    return Standing(evolve(old.spec, **shown), mark, kept | fresh)


def _told(change: Change) -> str:
    if change.after is None:
        return f"delete {claim_of(change.before.spec if change.before else change.target.spec)}"
    if change.before is None:
        return f"create {claim_of(change.after)}"
    return f"change {claim_of(change.before.spec)}: {', '.join(sorted(change.fields))}"
