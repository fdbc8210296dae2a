"""Asking policies, one by one: whatever fails stops the command, because a policy guards.

A policy that the database names and that is not there stops every command. The names are read once; after a
refusal they are read again, so that taking one out is enough.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from ispcore.errors import PluginError, PolicyFailedError
from ispcore.hooks.telling import told
from ispcore.usecases import Add, Addition, Opinion, Review, Veto

if TYPE_CHECKING:
    from ispcore.hooks.loading import Plugin
    from ispcore.hooks.watching import Watch

_HOOK = "ispcore_review_command"


class Guards(Protocol):
    """The plugins whose policies must review each command."""

    def names(self) -> tuple[str, ...]:
        """Return their names."""
        ...


class PluginPolicies:
    """The policies of plugins, for one database."""

    def __init__(
        self,
        plugins: Callable[[], Sequence[Plugin]],
        errors: Callable[[], Sequence[PluginError]],
        watch: Watch,
    ) -> None:
        """Ask *plugins*; *errors* tell why one is not among them."""
        self._plugins = plugins
        self._errors = errors
        self._watch = watch
        self._complete = False

    def look_again(self) -> None:
        """Read again which policies the database names, for it names another one."""
        self._complete = False

    def review(self, review: Review, guards: Guards) -> Sequence[Opinion]:
        """Return what each policy says to a command, in the order of the plugins' names.

        Raises:
            PolicyFailedError: a policy failed, or one that *guards* name is not there.
        """
        plugins = self._plugins()
        if not self._complete:
            self._check_complete(plugins, guards.names())
            self._complete = True
        return [self._asked(plugin, review) for plugin in plugins]

    def _check_complete(self, plugins: Sequence[Plugin], wanted: Sequence[str]) -> None:
        for name in sorted(set(wanted) - {plugin.name for plugin in plugins}):
            why = next((error for error in self._errors() if error.plugin == name), None)
            raise PolicyFailedError(
                f"The database names the policy of plugin {name!r}, which is not there: "
                f"{why or 'no such plugin is loaded, or it reviews no commands'}",
                plugin=name,
                distribution=why.distribution if why else "",
                version=why.version if why else "",
                hint=f"Without it nothing is carried out. Mend it, or use 'ispcore plugins release {name}'.",
            )

    def _asked(self, plugin: Plugin, review: Review) -> Opinion:
        try:
            with self._watch.call(plugin.name, _HOOK):
                said = plugin.call(
                    _HOOK,
                    command=review.command,
                    state_before=review.state_before,
                    facts=review.facts,
                    state_after=review.state_after,
                    on=review.on,
                )
        except (Exception, SystemExit) as error:
            raise _failed(plugin, told(error)) from error
        return Opinion(plugin.origin, plugin.distribution, _understood(plugin, said))


def _understood(plugin: Plugin, said: Any) -> Veto | tuple[Addition, ...]:  # noqa: ANN401 - whatever it returned
    match said:
        case None:
            return ()
        case Veto():
            return said
        case Add():
            return (said.command,)
        case list() | tuple() if all(isinstance(one, Add) for one in said):
            return tuple(one.command for one in said)
        case _:
            raise _failed(plugin, f"it returned {type(said).__name__}, not a Veto, an Add, several or None")


def _failed(plugin: Plugin, why: str) -> PolicyFailedError:
    return PolicyFailedError(
        f"The policy of plugin {plugin} failed: {why.rstrip('.')}.",
        plugin=plugin.name,
        distribution=plugin.distribution,
        version=plugin.version,
        hint="Nothing was saved.",
    )
