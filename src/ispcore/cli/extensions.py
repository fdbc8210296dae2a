"""Commands that plugins add: listed with their line of help, imported when they are called."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

from ispcore.errors import PluginError
from ispcore.hooks.plugins import Plugins

if TYPE_CHECKING:
    from ispcore.hooks.loading import Plugin
    from ispcore.hooks.offers import CommandSpec


class PluginCommand(click.Command):
    """Stands for a plugin's command until it is called."""

    def __init__(self, plugin: Plugin, spec: CommandSpec) -> None:
        """Know the command's name and help only."""
        super().__init__(spec.name, short_help=spec.help, help=spec.help, add_help_option=False)
        self._plugin, self._spec = plugin, spec

    def make_context(self, info_name: str | None, args: list[str], *rest: Any, **more: Any) -> click.Context:  # noqa: ANN401 - Click's
        """Import the command, which reads the arguments itself."""
        return self._imported().make_context(info_name, args, *rest, **more)

    def _imported(self) -> click.Command:
        module, _, name = self._spec.target.partition(":")
        try:
            command = getattr(import_module(module), name)
        except (Exception, SystemExit) as error:
            raise self._failed(f"{type(error).__name__}: {error}") from error
        if not isinstance(command, click.Command):
            raise self._failed(f"{self._spec.target} is no Click command")
        return command

    def _failed(self, why: str) -> PluginError:
        plugin = self._plugin
        return PluginError(
            f"The command {self._spec.name!r} of plugin {plugin} cannot be called: {why}.",
            plugin=plugin.name,
            distribution=plugin.distribution,
            version=plugin.version,
        )


def commands_of_plugins() -> dict[str, click.Command]:
    """Return what plugins add; one that cannot be loaded adds nothing, which 'ispcore doctor' tells."""
    plugins = Plugins.installed(strict=False)
    return {name: PluginCommand(plugin, spec) for name, (plugin, spec) in plugins.commands().items()}
