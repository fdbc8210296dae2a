"""What a package lists in `__all__` is what it offers, no more and no less."""

import ast
import re
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent / "src" / "ispcore"
MIGRATIONS = SOURCE / "storage" / "migrations"


def public_packages() -> dict[str, Path]:
    found = {}
    for init in sorted(SOURCE.rglob("__init__.py")):
        parts = init.parent.relative_to(SOURCE.parent).parts
        if not init.is_relative_to(MIGRATIONS) and not any(part.startswith("_") for part in parts):
            found[".".join(parts)] = init
    return found


def offered(tree: ast.Module) -> set[str]:
    """Return the public names that a package takes from itself or defines."""
    return {name for node in _statements(tree.body) for name in _names_of(node) if not name.startswith("_")}


def order(name: str) -> tuple[int, list[tuple[int, str]]]:
    """Return the sorting key that the linter uses too: CONSTANTS, Classes, functions; 2 before 10."""
    group = 0 if name.isupper() else 1 if name[0].isupper() else 2
    parts = [(int(part), "") if part.isdigit() else (0, part) for part in re.split(r"(\d+)", name)]
    return group, parts


def _statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        if isinstance(node, ast.If):  # imports for type checkers
            yield from _statements(node.body)
            yield from _statements(node.orelse)
        else:
            yield node


def _names_of(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.ImportFrom(module=module, names=names, level=level):
            if level or (module or "").split(".")[0] == "ispcore":
                yield from (alias.asname or alias.name for alias in names)
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case _:
            pass


PACKAGES = public_packages()


@pytest.mark.parametrize("package", PACKAGES)
def test_all_is_sorted_and_without_doubles(package: str) -> None:
    names = getattr(import_module(package), "__all__", ())

    assert list(names) == sorted(set(names), key=order)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_name_in_all_exists(package: str) -> None:
    module = import_module(package)

    missing = [name for name in getattr(module, "__all__", ()) if not hasattr(module, name)]

    assert not missing, f"{package}.__all__ lists names that {package} does not have: {missing}"


@pytest.mark.parametrize("package", PACKAGES)
def test_every_public_name_is_in_all(package: str) -> None:
    listed = set(getattr(import_module(package), "__all__", ()))

    unlisted = sorted(offered(ast.parse(PACKAGES[package].read_text("utf-8"))) - listed)

    assert not unlisted, f"{package} offers names that its __all__ does not list: {unlisted}"


def test_constants_come_first_then_classes_then_functions() -> None:
    names = ["zero", "Money", "Item10", "EMPTY", "Item2", "add"]

    assert sorted(names, key=order) == ["EMPTY", "Item2", "Item10", "Money", "add", "zero"]


def test_imports_from_elsewhere_and_private_names_are_not_offered() -> None:
    tree = ast.parse(
        "from typing import Any\n"
        "from ispcore.values.money import Money, _round\n"
        "from .period import Period as Span\n"
        "if Any:\n    from ispcore.app import Core\n"
        "def zero(): ...\n"
    )

    assert offered(tree) == {"Core", "Money", "Span", "zero"}
