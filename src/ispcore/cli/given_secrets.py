"""Secrets that commands are given: never on the command line itself, but by where they are."""

from __future__ import annotations

import os
from typing import Any

import click

from ispcore.values import SecretText


def secret_of(name: str, text: str) -> Any:  # noqa: ANN401 - plain JSON, or a secret
    """Return where the secret called *name* is, as *text* says, or the secret that was asked for there."""
    kind, _, rest = text.partition(":")
    if rest and kind in ("env", "file"):
        return {kind: rest}
    if text == "-":
        return SecretText(click.prompt(name, hide_input=True, err=True))
    raise click.UsageError(f"{name} is secret: write {name}=env:NAME, {name}=file:PATH, or {name}=-.")


def looked_up(value: Any) -> Any:  # noqa: ANN401 - plain JSON, or a secret
    """Return the secret that *value* says where to find; what is no secret stays what it is."""
    match value:
        case {"env": name} if name in os.environ:
            return SecretText(os.environ[name])
        case {"env": name}:
            raise click.UsageError(f"There is no {name} in the environment.")
        case {"file": path}:
            with click.open_file(path, encoding="utf-8") as file:
                return SecretText(file.read().strip())
        case _:
            return value
