"""A new plugin with a driver: a project that is complete, and whose own tests pass."""

from __future__ import annotations

import json
import re
from enum import Enum
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.errors import InvalidValueError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from importlib.resources.abc import Traversable

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")
_LONGEST = 40
_SUFFIX = ".tmpl"


class Over(Enum):
    """What a new driver talks over."""

    FILE = "file"
    DATABASE = "database"
    TERMINAL = "terminal"


@frozen
class _Kind:
    """What is special about drivers that talk over something.

    ``where`` completes "a device that keeps mailboxes ...". ``needs`` are the requirements of the project
    beside those of every driver, ``modules`` the files that others do not have, with what they hold.
    """

    where: str
    needs: tuple[str, ...]
    modules: Mapping[str, str]


_KINDS = {
    Over.FILE: _Kind("in a file", ("ispcore",), {}),
    Over.DATABASE: _Kind(
        "in a database",
        ("ispcore", "sqlalchemy>=2.1"),
        {"src/{{package}}/tables.py": "the tables of the device, and the statements on them"},
    ),
    Over.TERMINAL: _Kind(
        "behind a command line",
        ("ispcore[terminal]",),
        {
            "src/{{package}}/dialect.py": "how the device talks: prompts, pages, questions, errors, alarms",
            "src/{{package}}/commands.py": "changes as command lines",
            "src/{{package}}/parsing.py": "answers as values",
            "tests/device.py": "a simulator of the device, over SSH",
            "tests/test_lines.py": "lines and answers, tried without a device",
        },
    ),
}


def write_project(name: str, into: Path, over: Over = Over.FILE) -> Path:
    """Write the project of a plugin called *name* into a new folder below *into*, and return that folder.

    Its driver talks *over* a file, or something else, to a device that its tests bring along.

    Raises:
        InvalidValueError: the name cannot be one, or the folder is there already.
    """
    if len(name) > _LONGEST or not _NAME.match(name):
        raise InvalidValueError(
            f"{name!r} cannot name a plugin.",
            hint="Use small letters, digits and single hyphens, a letter first: 'acme-olt'.",
        )
    words = _words(name, _KINDS[over])
    folder = into / words["distribution"]
    if folder.exists():
        raise InvalidValueError(
            f"{str(folder)!r} is there already.", hint="Move it away, or take another name."
        )
    for part in ("every", over.value):
        for target, template in _templates(resources.files("ispcore.hooks") / "new_plugin" / part):
            path = folder / target.replace("/package/", f"/{words['package']}/")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_filled(template.read_text("utf-8"), words), "utf-8")
    return folder


def _words(name: str, kind: _Kind) -> dict[str, str]:
    """Return what stands in templates between double braces, with what it becomes."""
    rows = [f"| `{path}` | {what} |\n" for path, what in kind.modules.items()]
    return {
        "where": kind.where,
        "needs": json.dumps(["attrs", *kind.needs]),
        "modules": "".join(rows),
        "name": name,
        "distribution": f"ispcore-{name}",
        "package": f"ispcore_{name.replace('-', '_')}",
        "class": "".join(part.capitalize() for part in name.split("-")),
    }


def _templates(folder: Traversable, at: str = "") -> Iterator[tuple[str, Traversable]]:
    """Yield every template below *folder*, with the path of what it becomes."""
    for one in folder.iterdir():
        if one.is_dir():
            yield from _templates(one, f"{at}{one.name}/")
        elif one.name.endswith(_SUFFIX):
            yield at + one.name.removesuffix(_SUFFIX), one


def _filled(text: str, words: dict[str, str]) -> str:
    for word, value in words.items():
        text = text.replace("{{" + word + "}}", value)
    return text
