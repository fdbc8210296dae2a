"""Converters resolve annotations at run time, so every value's must resolve."""

import inspect
import pkgutil
from collections.abc import Iterator
from importlib import import_module

import attrs

import ispcore

# The command line may be left out of an installation; migrations are loaded by path.
# Desks, hooks, simulators and transports keep no values, and load what they speak of on first use.
WITHOUT = (
    "ispcore.cli",
    "ispcore.desks",
    "ispcore.hooks",
    "ispcore.storage.migrations",
    "ispcore.testing.olts",
    "ispcore.transports",
)


def values() -> Iterator[type]:
    for module in pkgutil.walk_packages(ispcore.__path__, "ispcore."):
        if not module.name.startswith(WITHOUT):
            for thing in vars(import_module(module.name)).values():
                if inspect.isclass(thing) and attrs.has(thing) and thing.__module__ == module.name:
                    yield thing


def unresolved(value: type) -> str | None:
    try:
        attrs.resolve_types(value)
    except NameError as error:
        return f"{value.__module__}.{value.__name__}: {error}"
    return None


def test_the_annotations_of_every_value_resolve_at_run_time() -> None:
    found = list(values())

    assert len(found) > 100
    assert [problem for value in found if (problem := unresolved(value))] == []
