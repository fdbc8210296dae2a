"""The reference of the hooks, made of their specifications: ``python -m ispcore.hooks.reference``.

It stands in docs/reference/hooks.md, and a test compares the two.
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Mapping
from textwrap import dedent, indent
from typing import Any

from ispcore.hooks import specs

_FIELDS = ("Phase", "May block", "Effect of raising", "Delivery", "Since")
_FIELD = re.compile(rf"^({'|'.join(_FIELDS)}): ", re.MULTILINE)
_FAMILIES = {
    "registration": "Registration: what a plugin brings",
    "policy": "Policies: what may stop or extend a command",
    "observer": "Observers: who is told afterwards",
}
_WIDEST = 100
_HEAD = """\
# Hooks

What a plugin can implement. [Write a plugin](../how-to/plugins.md) tells how,
[Plugins](../explanation/plugins.md) why it is so.

A hook is a function with the hook's name and the mark of `ispcore.hooks.hookimpl`, in a module or on an
object that an entry point of the group `ispcore.v1` names. It takes those of the hook's parameters that it
needs, by their names. A name that begins with `ispcore_` and is no hook's is an error.

| hook | family | in a sentence |
|---|---|---|
"""


def render() -> str:
    """Return the whole page."""
    hooks = {name: getattr(specs, name) for name in specs.FAMILIES}
    rows = [f"| [`{name}`](#{name}) | {specs.FAMILIES[name]} | {_parts(hooks[name])[0]} |" for name in hooks]
    chapters = [_chapter(family, title, hooks) for family, title in _FAMILIES.items()]
    return _HEAD + "\n".join(rows) + "\n" + "".join(chapters)


def _chapter(family: str, title: str, hooks: Mapping[str, Callable[..., Any]]) -> str:
    mine = [_section(name, hooks[name]) for name in hooks if specs.FAMILIES[name] == family]
    return f"\n## {title}\n" + "".join(mine)


def _section(name: str, hook: Callable[..., Any]) -> str:
    first, rest, facts, example = _parts(hook)
    table = "\n".join(f"| {word.lower()} | {text} |" for word, text in facts.items())
    shown = f"\n### {name}\n\n```text\n{_signature(hook)}\n```\n\n{first}\n\n{rest}\n\n"
    return f"{shown}| | |\n|---|---|\n{table}\n\n```python\n{example}\n```\n"


def _signature(hook: Callable[..., Any]) -> str:
    signature = inspect.signature(hook)
    takes = [f"{one.name}: {one.annotation}" for one in signature.parameters.values()]
    ends = f" -> {signature.return_annotation}"
    name = hook.__name__
    line = f"{name}({', '.join(takes)}){ends}"
    if len(line) < _WIDEST:
        return line
    inner = indent(",\n".join(takes), "    ")
    return f"{name}(\n{inner},\n){ends}"


def _parts(hook: Callable[..., Any]) -> tuple[str, str, dict[str, str], str]:
    """Return the first sentence of a hook, the rest of its prose, what is stated of it, and its example."""
    text, _, example = inspect.cleandoc(hook.__doc__ or "").partition("\nExample:\n")
    prose, *stated = _FIELD.split(text)
    first, _, rest = prose.strip().partition("\n\n")
    facts = {word: " ".join(told.split()) for word, told in zip(stated[::2], stated[1::2], strict=True)}
    return _joined(first), _joined(rest), facts, dedent(example).strip()


def _joined(prose: str) -> str:
    return "\n\n".join(" ".join(part.split()) for part in prose.split("\n\n"))


if __name__ == "__main__":
    sys.stdout.write(render())
