"""The plugins that are installed: entry points, read without importing what they point to.

The group carries the version of the API, so that a plugin for another one is known without loading it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.metadata import Distribution, EntryPoint, distributions
from typing import Any, Protocol

from attrs import frozen

GROUP = "ispcore.v1"
_ANY_GROUP = "ispcore.v"


class Source(Protocol):
    """Where a plugin comes from."""

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def value(self) -> str:
        """What is imported."""
        ...

    @property
    def distribution(self) -> str:
        """The distribution that brings it."""
        ...

    @property
    def version(self) -> str:
        """The version of the distribution."""
        ...

    @property
    def group(self) -> str:
        """The API that it is made for."""
        ...

    def load(self) -> Any:  # noqa: ANN401 - a module, or an object with hooks
        """Import it."""
        ...


@frozen
class Installed:
    """A plugin that a distribution brings."""

    name: str
    value: str
    group: str
    distribution: str
    version: str

    def load(self) -> Any:  # noqa: ANN401 - a module, or an object with hooks
        """Import what the entry point names."""
        if EntryPoint.pattern.match(self.value) is None:
            raise ImportError(f"{self.value!r} is no name of a module or of an object in one.")
        return EntryPoint(self.name, self.value, self.group).load()


@frozen
class Given:
    """A plugin that the program itself hands over."""

    name: str
    plugin: Any
    version: str = ""
    distribution: str = "this program"
    group: str = GROUP

    @property
    def value(self) -> str:
        """What it is."""
        return repr(self.plugin)

    def load(self) -> Any:  # noqa: ANN401 - a module, or an object with hooks
        """Return it."""
        return self.plugin


@frozen
class Unreadable:
    """A distribution whose entry points speak of ispcore and cannot be read."""

    name: str
    distribution: str
    version: str
    error: str
    value: str = ""
    group: str = GROUP

    def load(self) -> Any:  # noqa: ANN401 - never anything
        """Say what is wrong with it."""
        raise ImportError(self.error)


def given(plugins: Sequence[object]) -> tuple[Given, ...]:
    """Return *plugins* as sources; an object is named by its ``__name__``, else by its class."""
    found: dict[str, Given] = {}
    for plugin in plugins:
        name = str(getattr(plugin, "__name__", type(plugin).__name__))
        same = sum(1 for known in found if known == name or known.startswith(f"{name}-"))
        unique = f"{name}-{same + 1}" if same else name
        found[unique] = Given(unique, plugin, str(getattr(plugin, "__version__", "")))
    return tuple(found.values())


def installed() -> tuple[Installed | Unreadable, ...]:
    """Return every plugin that is installed, for whatever version of the API, by name."""
    found: list[Installed | Unreadable] = []
    seen = set()
    for distribution in distributions():
        text = _entry_points_of(distribution)
        if _ANY_GROUP not in text:
            continue
        name = _name_of(distribution)
        if name not in seen:  # the first on the path hides the others, as for imports
            seen.add(name)
            found += _plugins_of(distribution, name)
    return tuple(sorted(found, key=lambda one: (one.name, one.distribution)))


def _entry_points_of(distribution: Distribution) -> str:
    try:
        return distribution.read_text("entry_points.txt") or ""
    except (OSError, UnicodeError):
        return ""


def _name_of(distribution: Distribution) -> str:
    try:
        return str(distribution.metadata["Name"] or "unknown")
    except Exception:  # noqa: BLE001 - whatever is wrong with somebody's metadata, it has no name
        return "unknown"


def _version_of(distribution: Distribution) -> str:
    try:
        return str(distribution.version or "unknown")
    except Exception:  # noqa: BLE001 - as for the name
        return "unknown"


def _plugins_of(distribution: Distribution, name: str) -> Iterator[Installed | Unreadable]:
    version = _version_of(distribution)
    try:
        entries = list(distribution.entry_points)
    except Exception as error:  # noqa: BLE001 - told as what is wrong with this distribution
        yield Unreadable(name, name, version, f"Its entry points cannot be read: {error}")
        return
    for entry in entries:
        if entry.group.startswith(_ANY_GROUP):
            yield Installed(entry.name, entry.value, entry.group, name, version)
