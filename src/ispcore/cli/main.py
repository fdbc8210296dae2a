"""The entry of the command line; each command is imported when it is called.

Exit codes: 0 done, 1 something was found (an unmet expectation, a problem, a finding), 2 wrong usage, 3 the
command was refused or could not be carried out.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from importlib import import_module
from io import TextIOWrapper
from typing import Any

import click

from ispcore.errors import IspcoreError

REFUSED = 3

COMMANDS = {
    "adopt": "ispcore.cli.drift:adopt",
    "apply": "ispcore.cli.outbox:apply_",
    "bill": "ispcore.cli.billing:bill",
    "cancellation": "ispcore.cli.look:cancellation",
    "check": "ispcore.cli.books:check",
    "close": "ispcore.cli.books:close",
    "contract": "ispcore.cli.contracts:contract",
    "compare": "ispcore.cli.compare:compare",
    "connections": "ispcore.cli.connections:connections",
    "deliver": "ispcore.cli.doctor:deliver",
    "demo": "ispcore.cli.play:demo",
    "device": "ispcore.cli.devices:device",
    "do": "ispcore.cli.doing:do",
    "doctor": "ispcore.cli.doctor:doctor",
    "drift": "ispcore.cli.drift:drift",
    "explain": "ispcore.cli.books:explain",
    "import": "ispcore.cli.importing:import_file",
    "init": "ispcore.cli.setup:init",
    "late": "ispcore.cli.late:late",
    "load": "ispcore.cli.setup:load",
    "documents": "ispcore.cli.documents:documents",
    "login": "ispcore.cli.logins:login",
    "notices": "ispcore.cli.notices:notices",
    "onu": "ispcore.cli.onus:onu",
    "outbox": "ispcore.cli.outbox:outbox",
    "pay": "ispcore.cli.payments:pay",
    "person": "ispcore.cli.person:person",
    "plan": "ispcore.cli.network:plan_",
    "play": "ispcore.cli.play:play",
    "plugins": "ispcore.cli.plugins:plugins",
    "preview": "ispcore.cli.books:preview",
    "print": "ispcore.cli.printing:print_",
    "resync": "ispcore.cli.network:resync",
    "role": "ispcore.cli.roles:role",
    "runs": "ispcore.cli.books:runs",
    "secrets": "ispcore.cli.secrets:secrets",
    "show": "ispcore.cli.look:show",
    "simulate": "ispcore.cli.simulate:simulate",
    "slips": "ispcore.cli.slips:slips",
    "statement": "ispcore.cli.payments:statement",
    "tasks": "ispcore.cli.tasks:tasks",
    "statuses": "ispcore.cli.statuses:statuses",
    "tick": "ispcore.cli.tick:tick",
    "timeline": "ispcore.cli.look:timeline",
    "transfer": "ispcore.cli.transfer:transfer",
    "try": "ispcore.cli.trying:try_",
    "worker": "ispcore.cli.worker:worker",
}


class LazyGroup(click.Group):
    """A group whose commands are imported on first use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - Click's signature
        """List the commands without importing them, those of plugins too."""
        return sorted({*COMMANDS, *_of_plugins()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the command; only one that is not ispcore's own is looked for among those of plugins."""
        if cmd_name not in COMMANDS:
            return _of_plugins().get(cmd_name)
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or name the nearest one."""
        from difflib import get_close_matches

        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            near = get_close_matches(args[0], COMMANDS, n=1)
            if not near:
                raise
            raise click.UsageError(f"{error.message} Did you mean '{near[0]}'?", ctx) from error


def _of_plugins() -> Mapping[str, click.Command]:
    from ispcore.hooks.entries import installed

    if not installed():  # so that help stays quick
        return {}
    from ispcore.cli.extensions import commands_of_plugins

    return commands_of_plugins()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ispcore")
def ispcore() -> None:
    """Bill what is served, and let both explain themselves.

    Begin with 'ispcore demo'. Shell completion: put the output of
    '_ISPCORE_COMPLETE=bash_source ispcore' (or zsh_source, fish_source) into your shell's start-up file.
    """


def main(args: list[str] | None = None) -> None:
    """Run the command line and exit."""
    given = args if args is not None else sys.argv[1:]
    as_json = "--json" in given
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # what a terminal cannot show is no reason to stop
            stream.reconfigure(errors="replace")
    output = sys.stdout
    try:
        code: Any = ispcore.main(args, prog_name="ispcore", standalone_mode=False)
    except IspcoreError as error:
        _tell(error, as_json=as_json)
        code = REFUSED
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except click.Abort:
        click.echo("Stopped.", err=True)
        code = 130
    except click.ClickException as error:
        _tell_usage(error, as_json=as_json)
        code = error.exit_code
    except SystemExit as stop:
        # Click takes the output away and ends with 1 when nobody reads on; that is no finding.
        code = stop.code if sys.stdout is output else 0
    except Exception as error:
        if os.environ.get("ISPCORE_DEBUG"):
            raise
        _tell(_unforeseen(error), as_json=as_json)
        code = REFUSED
    sys.exit(code if isinstance(code, int) else 0)


def _unforeseen(error: Exception) -> IspcoreError:
    told = str(error).encode(errors="replace").decode()
    return IspcoreError(
        f"Something unforeseen happened: {type(error).__name__}: {told}.",
        hint="Run 'ispcore check' to see what stands in the books; ISPCORE_DEBUG=1 shows where it happened.",
    )


def _tell_usage(error: click.ClickException, *, as_json: bool) -> None:
    if as_json:
        _tell_json({"error": "UsageError", "message": error.format_message()})
    else:
        error.show()


def _tell(error: IspcoreError, *, as_json: bool) -> None:
    if as_json:
        problems = [str(problem) for problem in getattr(error, "problems", ())]
        told = {"error": type(error).__name__, "message": error.message, "hint": error.hint}
        _tell_json({**told, "problems": problems, "rule": getattr(error, "rule", None)})
    else:
        click.secho("Error: ", fg="red", nl=False, err=True)
        click.echo(str(error), err=True)


def _tell_json(told: dict[str, Any]) -> None:
    import json

    click.echo(json.dumps(told), err=True)
