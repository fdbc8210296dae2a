"""A network in a database: placements are wanted and edited as by commands, and workers make them current."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from attrs import define, evolve, field

from ispcore.driver import Driver, DriverSpec, Login, PlacementId, SecretRef, Spec, claim_of
from ispcore.effects import BackOff, Lender, Pace, Resolve, Rules, Run, SecretSource, Settings, Ways, Worker
from ispcore.errors import NotFoundError, StorageError
from ispcore.storage import SqlDatabase, SqlEffects
from ispcore.storage.converters import to_plain
from ispcore.storage.network_tables import claims, devices, intents, lanes, placements
from ispcore.values import SecretText
from tests.effects.box import BOX, Box, BoxDriver, placement

NOON = datetime(2024, 1, 1, 12, tzinfo=UTC)
RULES = Rules(attempts=4, resource=BackOff(10, 100), device=BackOff(10, 100))


def login(name: str, password: str | None = "one", speed: int | None = 100) -> Login:
    """A login whose secret's reference is its text, which is enough for a test."""
    return Login(
        username=name, password=None if password is None else SecretRef(password), download_kbit=speed
    )


def resolve(refs: Iterable[SecretRef]) -> Mapping[SecretRef, SecretText]:
    names = {ref.name for ref in refs}
    if "lost" in names:
        raise NotFoundError("secret", "lost")
    if "damaged" in names:
        raise StorageError("A secret locked with the key k is damaged.")
    return {SecretRef(name): SecretText(f"text of {name}") for name in names}


def drivers(name: str) -> DriverSpec:
    if name != BOX.name:
        raise NotFoundError("driver", name)
    return BOX


def secrets(source: SecretSource) -> SecretText:
    return SecretText(source.name)


@define
class Network:
    """One database with its boxes; ``now`` is what the database's clock shows, and ``driver`` all use."""

    database: SqlDatabase
    folder: Path
    now: datetime = NOON
    driver: BoxDriver = field(factory=BoxDriver)
    boxes: dict[str, Box] = field(factory=dict)
    made: Any = None
    resolve: Resolve = resolve

    def instants(self, _: sa.Connection) -> datetime:
        return self.now

    def pass_by(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    @property
    def store(self) -> SqlEffects:
        return SqlEffects(self.database, instants=self.instants)

    @property
    def box(self) -> Box:
        return self.boxes["box"]

    def add_box(self, name: str = "box", *, lanes: int = 1) -> Box:
        self.boxes[name] = Box(self.folder / f"{name}.box")
        config = {"file": str(self.boxes[name].path), "password": {"env": "key"}}
        with self.database.writing() as work:
            work.devices.add(name, driver="box", config=config, lanes=lanes)
        return self.boxes[name]

    def worker(self, **changes: Any) -> Worker:
        settings = evolve(Settings(rules=RULES, chance=lambda: 0.0, batch=50), **changes)
        return Worker(self.store, self._ways, resolve=self.resolve, settings=settings)

    def lender(self) -> Lender:
        return Lender(self.store, self._ways)

    @property
    def _ways(self) -> Ways:
        return Ways(drivers, secrets, self.make)

    def make(self, _: DriverSpec) -> Driver[Any]:
        return self.driver

    def run(self, **changes: Any) -> Run:
        return self.worker(**changes).run()

    # What commands write

    def want(self, *wanted: Spec, device: str = "box", layer: int = 2, needs: tuple[str, ...] = ()) -> None:
        """Want these, as new placements or with another content."""
        for spec in wanted:
            name = claim_of(spec).partition("/")[2].partition("#")[0]
            self.want_at(placement(name, device), spec, layer=layer, needs=needs)

    def want_at(
        self, which: PlacementId, spec: Spec | None, *, layer: int = 2, needs: tuple[str, ...] = ()
    ) -> None:
        resource, _, device = which.partition("@")
        plain = None if spec is None else to_plain(spec)
        with self.database.writing() as work:
            known = sa.select(placements.c.generation).where(placements.c.id == which)
            generation = work.connection.execute(known).scalar()
            if generation is None:
                row = {
                    "id": which,
                    "resource": resource,
                    "device": device,
                    "kind": "login",
                    "generation": 1,
                    "wanted": plain,
                    "layer": layer,
                    "needs": list(needs),
                    "moved_at": self.now,
                }
                work.connection.execute(sa.insert(placements), row)
            else:
                fresh = {"attempts": 0, "try_at": None, "trouble": None, "error": None}
                values = {"wanted": plain, "generation": generation + 1, **fresh}
                work.connection.execute(sa.update(placements).where(placements.c.id == which).values(values))
            if spec is not None:
                taken = sa.select(claims.c.placement).where(
                    claims.c.device == device, claims.c.claim == claim_of(spec)
                )
                if work.connection.execute(taken).scalar() is None:
                    row = {"device": device, "claim": claim_of(spec), "placement": which}
                    work.connection.execute(sa.insert(claims), row)

    # What is there

    def row(self, name: str, device: str = "box") -> Any:
        with self.database.reading() as work:
            asked = sa.select(placements).where(placements.c.id == placement(name, device))
            return work.connection.execute(asked).one()

    def rows(self, table: sa.Table) -> list[Any]:
        with self.database.reading() as work:
            return list(work.connection.execute(sa.select(table)))

    @property
    def intents(self) -> list[Any]:
        return self.rows(intents)

    @property
    def claims(self) -> dict[str, bool]:
        return {row.claim: row.written for row in self.rows(claims)}

    @property
    def device(self) -> Any:
        (row,) = self.rows(devices)
        return row

    @property
    def lanes(self) -> list[Any]:
        return self.rows(lanes)

    @property
    def lagging(self) -> list[str]:
        return sorted(row.id for row in self.rows(placements) if row.applied_generation < row.generation)


@contextmanager
def network_at(url: str, folder: Path) -> Iterator[Network]:
    database = SqlDatabase(url)
    try:
        yield Network(database, folder)
    finally:
        database.close()


__all__ = ["BOX", "NOON", "RULES", "Network", "Pace", "login", "network_at", "placement"]
