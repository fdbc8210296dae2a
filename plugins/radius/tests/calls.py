"""What the core would ask of a driver, said in tests."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from attrs import define, evolve, field

from ispcore.driver import (
    Change,
    DriverError,
    Health,
    Key,
    Login,
    PlacementId,
    Resource,
    Seen,
    Site,
    Spec,
    claim_of,
    fields_of,
    roles_of,
)
from ispcore.driver.specs import Role
from ispcore.network.diff import difference
from ispcore.values import SecretText
from ispcore_radius import RadiusConfig
from ispcore_radius.driver import RadiusDriver
from ispcore_radius.session import RadiusSession
from plugins.radius.tests.databases import Database

DRIVER = RadiusDriver()
HEALTH = Health("test")
EVERY_FIELD = frozenset(roles_of(Login))
SECRETS = frozenset(fields_of(Login, Role.WRITE_ONLY))


@define
class Call:
    """An operation with so many seconds; ``on_checkpoint`` is called before each write."""

    seconds: float = 20.0
    on_checkpoint: Callable[[], None] = lambda: None
    key: str = "test"
    checkpoints: int = 0
    _began: float = field(factory=time.monotonic)

    def remaining(self) -> float:
        """Return the seconds that are left."""
        return self._began + self.seconds - time.monotonic()

    def checkpoint(self) -> None:
        """Count, and do what the test wants."""
        self.checkpoints += 1
        self.on_checkpoint()


def login(username: str = "ana", **fields: Any) -> Login:
    """Return a login with a password, as the driver would read it back."""
    spec = DRIVER.normal(Login(username=username, **({"password": SecretText("segredo")} | fields)), HEALTH)
    assert isinstance(spec, Login)
    return spec


def resource(spec: Spec, key: str | None = None) -> Resource:
    """Return what the core wants of a login."""
    return Resource(PlacementId(f"{claim_of(spec)}@radius"), 1, spec, None if key is None else Key(key))


def making(spec: Login) -> Change:
    """Return the change that makes a login."""
    return Change(resource(spec), None, spec, EVERY_FIELD)


def seen_login(seen: Seen | DriverError | None) -> Login:
    """Return the login that was seen."""
    assert isinstance(seen, Seen)
    assert isinstance(seen.spec, Login)
    return seen.spec


def change(seen: Seen, **fields: Any) -> Change:
    """Return the change that the core makes of what it has seen, and what it wants otherwise."""
    after = evolve(seen_login(seen), **fields)
    made = difference(resource(after, seen.key), seen, after, rewrite=SECRETS & fields.keys())
    assert made is not None
    return made


def deleting(seen: Seen) -> Change:
    """Return the change that deletes what was seen."""
    return Change(resource(seen.spec, seen.key), seen, None, frozenset())


class Desk:
    """A session, and the questions in short."""

    def __init__(self, session: RadiusSession) -> None:
        self.session = session

    def apply(self, *changes: Change, call: Call | None = None) -> list[Seen | DriverError | None]:
        """Apply, and return what became of each."""
        results = list(self.session.apply(changes, call or Call()))
        assert [one.target for one in results] == [one.target.id for one in changes]
        return [one.value for one in results]

    def make(self, *specs: Login) -> list[Seen]:
        """Make logins, and return what is seen."""
        seen = self.apply(*map(making, specs))
        assert all(isinstance(one, Seen) for one in seen), seen
        return [one for one in seen if isinstance(one, Seen)]

    def change(self, seen: Seen, **fields: Any) -> Seen:
        """Change what was seen, and return what is seen then."""
        (now,) = self.apply(change(seen, **fields))
        assert isinstance(now, Seen), now
        return now

    def all(self) -> dict[str, Seen]:
        """Return everything that stands there."""
        return {seen.key: seen for seen in self.session.observe(None, Call())}

    def one(self, username: str) -> Seen | None:
        """Return what stands there of one login."""
        found = list(self.session.observe([resource(Login(username=username))], Call()))
        assert len(found) < 2
        return found[0] if found else None


@contextmanager
def desk(config: RadiusConfig | Database, /, point: int = 0, **settings: Any) -> Iterator[Desk]:
    """Open a session; with *point*, that is the port of the one access point, 10.0.0.1."""
    config = config.config if isinstance(config, Database) else config

    def dial(host: str, port: int) -> tuple[str, int]:
        return ("127.0.0.1", point) if host == "10.0.0.1" else (host, port)

    with DRIVER.open(Site(evolve(config, **settings), dial)) as session:
        yield Desk(session)


def names(seen: Iterable[Seen]) -> list[str]:
    """Return the keys of what was seen."""
    return [one.key for one in seen]
