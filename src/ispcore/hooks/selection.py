"""Which of the plugins are wanted: lists of names, from the program and from the environment."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.errors import PluginError

if TYPE_CHECKING:
    from ispcore.hooks.entries import Source

DISABLE = "ISPCORE_DISABLE_PLUGINS"
STRICT = "ISPCORE_STRICT_PLUGINS"
_EVERY = "all"
_SEPARATORS = re.compile(r"[\s,]+")
_ALIKE = re.compile(r"[-_.]+")


@frozen
class Selection:
    """*only* these plugins, *without* those; *disabled* is what the environment takes out.

    Names are those of plugins or of distributions, which are alike whatever the case and the hyphens.
    """

    only: frozenset[str] | None = None
    without: frozenset[str] = frozenset()
    disabled: frozenset[str] = frozenset()
    strict: bool = False

    @classmethod
    def of(
        cls,
        only: Iterable[str] | None,
        without: Iterable[str],
        strict: bool | None,  # noqa: FBT001 - None leaves it to the environment
        environ: Mapping[str, str],
    ) -> Selection:
        """Return what the program and its environment want."""
        named = filter(None, _SEPARATORS.split(environ.get(DISABLE, "")))
        return cls(
            None if only is None else _names(only),
            _names(without),
            _names(named),
            environ.get(STRICT, "") not in {"", "0"} if strict is None else strict,
        )

    def reason_against(self, source: Source) -> str | None:
        """Return why the plugin from *source* is not wanted, if it is not."""
        names = _names((source.name, source.distribution))
        if _EVERY in self.disabled or names & self.disabled:
            return f"{DISABLE} names it."
        if names & self.without:
            return "The program leaves it out."
        if self.only is not None and not names & self.only:
            return "It is not among the plugins that the program wants."
        return None

    def unknown(self, sources: Sequence[Source]) -> list[PluginError]:
        """Return an error for each name that is no plugin's, for it may be a misspelt one."""
        known = {_EVERY} | _names(name for one in sources for name in (one.name, one.distribution))
        lists = ((DISABLE, self.disabled), ("The program", self.without | (self.only or frozenset())))
        return [
            PluginError(f"{who} names the plugin {name!r}, which is not installed.", plugin=name)
            for who, names in lists
            for name in sorted(names - known)
        ]


def _names(names: Iterable[str]) -> frozenset[str]:
    return frozenset(_ALIKE.sub("-", name).lower() for name in names)
