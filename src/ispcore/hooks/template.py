"""A new plugin with a driver: a project that is complete, and whose own tests pass."""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path

from ispcore.errors import InvalidValueError

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z")
_LONGEST = 40
_FILES = {
    "pyproject.toml": "pyproject.toml",
    "README.md": "README.md",
    "init.py": "src/{package}/__init__.py",
    "plugin.py": "src/{package}/plugin.py",
    "config.py": "src/{package}/config.py",
    "driver.py": "src/{package}/driver.py",
    "session.py": "src/{package}/session.py",
    "conftest.py": "tests/conftest.py",
    "rig.py": "tests/rig.py",
    "test_conformance.py": "tests/test_conformance.py",
    "test_driver.py": "tests/test_driver.py",
}


def write_project(name: str, into: Path) -> Path:
    """Write the project of a plugin called *name* into a new folder below *into*, and return that folder.

    Raises:
        InvalidValueError: the name cannot be one, or the folder is there already.
    """
    if len(name) > _LONGEST or not _NAME.match(name):
        raise InvalidValueError(
            f"{name!r} cannot name a plugin.",
            hint="Use small letters, digits and single hyphens, a letter first: 'acme-olt'.",
        )
    words = {
        "name": name,
        "distribution": f"ispcore-{name}",
        "package": f"ispcore_{name.replace('-', '_')}",
        "class": "".join(part.capitalize() for part in name.split("-")),
    }
    folder = into / words["distribution"]
    if folder.exists():
        raise InvalidValueError(
            f"{str(folder)!r} is there already.", hint="Move it away, or take another name."
        )
    for source, target in _FILES.items():
        path = folder / target.format(package=words["package"])
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_filled(source, words), "utf-8")
    return folder


def _filled(source: str, words: dict[str, str]) -> str:
    text = (resources.files("ispcore.hooks") / "new_plugin" / f"{source}.tmpl").read_text("utf-8")
    for word, value in words.items():
        text = text.replace("{{" + word + "}}", value)
    return text
