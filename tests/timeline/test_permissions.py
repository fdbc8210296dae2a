"""The list of permissions is whole: what the code asks for is in it, and nothing else."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from ispcore.timeline import GRANTABLE, PERMISSIONS, Actor

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCE = ROOT / "src" / "ispcore"
NAME = re.compile(r"[a-z]+\.[a-z]+(-[a-z]+)*")
GROUPS = {name.partition(".")[0] for name in PERMISSIONS}
LISTS = {SOURCE / "timeline" / "permissions.py", SOURCE / "catalog" / "roles.py"}


def asked_for() -> set[str]:
    """Return the permissions of commands, and what is asked for by name on the spot."""
    return {name for tree in trees() for node in ast.walk(tree) for name in _asked(node)}


def mentioned() -> set[str]:
    """Return every text of the code that looks like a permission of a group that there is."""
    texts = (node.value for tree in trees() for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {text for text in texts if isinstance(text, str) and _looks_like_one(text)}


def trees() -> Iterator[ast.Module]:
    return (ast.parse(file.read_text("utf-8")) for file in SOURCE.rglob("*.py") if file not in LISTS)


def _asked(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.AnnAssign(target=ast.Name(id="permission"), value=ast.Constant(value=str(name))):
            yield name
        case ast.Call(func=ast.Attribute(attr="require"), args=[ast.Constant(value=str(name))]):
            yield name
        case ast.Assign(targets=[ast.Name(id="PERMISSION")], value=ast.Constant(value=str(name))):
            yield name


def _looks_like_one(text: str) -> bool:
    return NAME.fullmatch(text) is not None and text.partition(".")[0] in GROUPS


def test_every_permission_that_is_asked_for_is_in_the_list() -> None:
    assert len(asked_for()) > 60
    assert asked_for() - PERMISSIONS.keys() == set()


def test_the_list_has_no_permission_that_the_code_does_not_know() -> None:
    assert PERMISSIONS.keys() - mentioned() == set()


def test_the_list_is_sorted_and_says_of_each_what_it_allows() -> None:
    assert list(PERMISSIONS) == sorted(PERMISSIONS)
    assert all(what and not what.endswith(".") for what in PERMISSIONS.values())


def test_the_guide_has_every_permission() -> None:
    text = (
        (ROOT / "docs" / "how-to" / "permissions.md").read_text("utf-8").partition("## Every permission")[2]
    )
    told, group = set(), ""
    for name in re.findall(r"(?<=`)[a-z]*\.[a-z-]+(?=`)", text):
        group = name.partition(".")[0] or group
        told.add(f"{group}.{name.partition('.')[2]}")

    assert PERMISSIONS.keys() - told == set()


def test_groups_and_everything_can_be_granted_too() -> None:
    assert {"*", "payment.*", "payment.record"} <= GRANTABLE
    assert "payments.*" not in GRANTABLE


def test_a_role_allows_nothing_until_it_is_looked_up() -> None:
    assert not Actor("rui", roles={"administrator"}).may("payment.record")
    assert Actor("rui", {"payment.read"}, roles={"cashier"}, of_roles={"payment.record"}).may(
        "payment.record"
    )
    assert Actor("rui", {"payment.read"}, of_roles={"payment.record"}).may("payment.read")
