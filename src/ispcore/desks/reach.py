"""How devices are reached: drivers of plugins, or those that a program has made itself, and secrets."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from ispcore.driver import Driver, DriverSpec, SecretRef
from ispcore.effects import Kept, Lender, Looker, SecretSource, Settings, Ways, Worker
from ispcore.errors import NotFoundError, PluginError, RefusedError
from ispcore.values import SecretText

if TYPE_CHECKING:
    from ispcore.hooks.plugins import Plugins
    from ispcore.storage import SqlDatabase

Drivers = Mapping[str, tuple[DriverSpec, Driver[Any]]]
"""Drivers that a program has made itself, by their names."""


@frozen
class Reach:
    """Ways to the devices of one database."""

    database: SqlDatabase
    plugins: Plugins
    drivers: Drivers = field(factory=dict)
    settings: Settings = field(factory=Settings)

    @property
    def ways(self) -> Ways:
        """Drivers by name, and the secrets of configurations."""
        return Ways(self.driver, self.secret, self._made)

    def driver(self, name: str) -> DriverSpec:
        """Return a driver by its name.

        Raises:
            PluginError: no plugin brings it, or the one that does could not be loaded.
        """
        return self.drivers[name][0] if name in self.drivers else self.plugins.driver(name)

    def named_driver(self, name: str) -> DriverSpec:
        """Return a driver that somebody names in a command, or raise RefusedError."""
        try:
            return self.driver(name)
        except PluginError as error:
            raise RefusedError(error.message, rule="unknown-driver", hint=error.hint) from error

    def resolve(self, ref: SecretRef) -> SecretText:
        """Return a kept secret, or raise NotFoundError."""
        with self.database.reading() as work:
            return work.secrets.resolve(ref)

    def resolve_all(self, refs: Iterable[SecretRef]) -> Mapping[SecretRef, SecretText]:
        """Return many kept secrets, read at once, or raise NotFoundError."""
        with self.database.reading() as work:
            return work.secrets.resolve_all(refs)

    def worker(self, settings: Settings | None = None) -> Worker:
        """Return a worker, ready to run."""
        chosen = settings or self.settings
        return Worker(self.database.effects, self.ways, resolve=self.resolve_all, settings=chosen)

    def lender(self, settings: Settings | None = None) -> Lender:
        """Return who lends lanes to those who look and act."""
        return Lender(self.database.effects, self.ways, settings or self.settings)

    def looker(self, settings: Settings | None = None) -> Looker:
        """Return who looks for drift."""
        return Looker(self.lender(settings), self.database.drift)

    def _made(self, spec: DriverSpec) -> Driver[Any]:
        if spec.name in self.drivers:
            return self.drivers[spec.name][1]
        return self.plugins.make_driver(spec.name)

    def secret(self, source: SecretSource) -> SecretText:
        """Return the secret that a configuration names, or raise NotFoundError."""
        match source.kept:
            case Kept.SECRET:
                return self.resolve(SecretRef(source.name))
            case Kept.ENV:
                return _of_environment(source.name)
            case Kept.FILE:
                return _of_file(source.name)


def _of_environment(name: str) -> SecretText:
    text = os.environ.get(name)
    if not text:
        raise NotFoundError("environment variable", name, hint="Set it where the worker runs.")
    return SecretText(text)


def _of_file(name: str) -> SecretText:
    try:
        return SecretText(Path(name).read_text("utf-8").strip())
    except OSError as error:
        raise NotFoundError(
            "file with a secret", name, hint=f"It cannot be read: {error.strerror}."
        ) from error
