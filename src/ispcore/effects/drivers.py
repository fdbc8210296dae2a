"""Drivers by name: imported when they are first needed, and named when they fail."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib import import_module, metadata
from typing import Any

from ispcore.driver import Driver, DriverSpec
from ispcore.errors import InvalidValueError


def made(spec: DriverSpec) -> Driver[Any]:
    """Import and make the driver of *spec*.

    Raises:
        InvalidValueError: its factory is not there; what an import raises comes through as it is.
    """
    module, found, name = spec.factory.partition(":")
    if not found:
        raise InvalidValueError(
            f"The driver {spec.name!r} has the factory {spec.factory!r}, not 'module:Class'."
        )
    factory = getattr(import_module(module), name, None)
    if factory is None:
        raise InvalidValueError(f"The driver {spec.name!r} names {name!r}, which {module} does not have.")
    driver: Driver[Any] = factory()
    return driver


def origin(spec: DriverSpec) -> str:
    """Say which driver it is, and of which distribution and version, where that is known."""
    found = _distribution_of(spec.factory.partition(":")[0].partition(".")[0])
    return f"the driver {spec.name!r} " + (f"({spec.factory})" if found is None else f"of {found}")


@cache
def _distribution_of(package: str) -> str | None:
    """Return what brought a *package*; to look through all that is installed takes a while."""
    with suppress(Exception):
        for name in metadata.packages_distributions().get(package, ()):
            return f"{name} {metadata.version(name)}"
    return None


DriverOf = Callable[[str], DriverSpec]
"""Finds a driver by its name; raises NotFoundError where there is none."""
MakeDriver = Callable[[DriverSpec], Driver[Any]]
"""Makes a driver; tests hand out one that they have made themselves."""
