"""The table of capabilities says what is done, and every such line is proved by a test."""

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import attrs
import pytest

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "docs" / "capabilities.md"

COLUMNS = ("id", "capability", "where", "state", "test")
STATES = ("done", "partial", "no")
ID = re.compile(r"S[0-4]-\d{3}")

# The name of a test, and the ids it says it proves.
Covers = Mapping[str, frozenset[str]]


@attrs.frozen
class Row:
    line: int
    id: str
    state: str
    tests: tuple[str, ...]


# --- reading the table


def rows_of(text: str) -> tuple[Row, ...]:
    rows = []
    inside = False
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.startswith("|"):
            inside = False
            continue
        cells = tuple(cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1])
        if tuple(cell.lower() for cell in cells) == COLUMNS:
            inside = True
        elif inside and not set(line) <= set("|-: "):
            rows.append(row_of(number, cells))
    return tuple(rows)


def row_of(line: int, cells: tuple[str, ...]) -> Row:
    if len(cells) != len(COLUMNS):
        message = f"docs/capabilities.md, line {line}: {len(cells)} cells instead of {len(COLUMNS)}."
        raise ValueError(message)
    id_, _capability, _where, state, tests = cells
    return Row(line, id_, state, tuple(re.findall(r"[^\s`,;]+", tests.replace("<br>", " "))))


# --- reading the tests


def covers_of_module(path: str, source: str) -> dict[str, frozenset[str]]:
    tree = ast.parse(source, path)
    return dict(_tests_in(tree.body, path, _ids_of_pytestmark(tree.body)))


def covers_of_scenario(path: str, source: str) -> dict[str, frozenset[str]]:
    return {path: frozenset(tomllib.loads(source).get("covers", ()))}


def _tests_in(
    body: Iterable[ast.stmt], prefix: str, inherited: frozenset[str]
) -> Iterator[tuple[str, frozenset[str]]]:
    for node in body:
        match node:
            case ast.ClassDef(name=name) if name.startswith("Test"):
                ids = inherited | _ids_of(node.decorator_list) | _ids_of_pytestmark(node.body)
                yield from _tests_in(node.body, f"{prefix}::{name}", ids)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) if name.startswith("test"):
                yield f"{prefix}::{name}", inherited | _ids_of(node.decorator_list)
            case _:
                pass


def _ids_of_pytestmark(body: Iterable[ast.stmt]) -> frozenset[str]:
    ids: frozenset[str] = frozenset()
    for node in body:
        match node:
            case ast.Assign(targets=[ast.Name(id="pytestmark")], value=value):
                marks = value.elts if isinstance(value, ast.List | ast.Tuple) else [value]
                ids |= _ids_of(marks)
            case _:
                pass
    return ids


def _ids_of(marks: Iterable[ast.expr]) -> frozenset[str]:
    return frozenset(id_ for mark in marks for id_ in _ids_of_mark(mark))


def _ids_of_mark(mark: ast.expr) -> Iterator[str]:
    match mark:
        case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="mark"), attr="covers"), args=args):
            for argument in args:
                if not (isinstance(argument, ast.Constant) and isinstance(argument.value, str)):
                    message = f"line {argument.lineno}: write the ids of a `covers` mark as plain strings."
                    raise TypeError(message)
                yield argument.value
        case _:
            pass


# --- comparing both


def problems(rows: Iterable[Row], covers: Covers) -> list[str]:
    rows = tuple(rows)
    found = [problem for row in rows for problem in _problems_of_row(row, covers)]
    for id_, count in Counter(row.id for row in rows).items():
        if count > 1:
            found.append(f"{id_}: stands in {count} rows.")
    listed = {row.id for row in rows}
    for test, ids in sorted(covers.items()):
        found += [f"{id_}: {test} covers it, but no row has this id." for id_ in sorted(ids - listed)]
    return found


def _problems_of_row(row: Row, covers: Covers) -> Iterator[str]:
    where = f"{row.id} (line {row.line})"
    if not ID.fullmatch(row.id):
        yield f"{where}: an id looks like S0-010."
    if row.state not in STATES:
        yield f"{where}: the state is {row.state!r}; it must be one of {', '.join(STATES)}."
    if row.state == "done" and not row.tests:
        yield f"{where}: is done, but names no test."
    for test in row.tests:
        if test not in covers:
            yield f"{where}: names {test}, which does not exist."
        elif row.id not in covers[test]:
            yield f"{where}: names {test}, which does not cover it. Mark that test with covers({row.id!r})."


def covers_of_repository() -> dict[str, frozenset[str]]:
    covers: dict[str, frozenset[str]] = {}
    for pattern, read in (
        ("tests/**/test_*.py", covers_of_module),
        ("plugins/*/tests/**/test_*.py", covers_of_module),
        ("examples/*.toml", covers_of_scenario),
    ):
        for file in sorted(ROOT.glob(pattern)):
            covers |= read(file.relative_to(ROOT).as_posix(), file.read_text("utf-8"))
    return covers


def test_the_table_and_the_tests_agree() -> None:
    found = problems(rows_of(TABLE.read_text("utf-8")), covers_of_repository())

    assert not found, "docs/capabilities.md and the tests disagree:\n" + "\n".join(found)


def test_the_table_has_its_header() -> None:
    assert f"| {' | '.join(COLUMNS)} |" in TABLE.read_text("utf-8").splitlines()


# --- the comparison itself

MODULE = """
import pytest

@pytest.mark.covers("S0-010", "S0-011")
def test_a():
    pass

@pytest.mark.covers("S0-012")
class TestB:
    @pytest.mark.covers("S0-013")
    def test_c(self):
        pass
"""


def test_marks_are_read_from_functions_and_classes() -> None:
    covers = covers_of_module("tests/test_x.py", MODULE)

    assert covers == {
        "tests/test_x.py::test_a": {"S0-010", "S0-011"},
        "tests/test_x.py::TestB::test_c": {"S0-012", "S0-013"},
    }


def test_a_mark_on_the_module_counts_for_all_its_tests() -> None:
    covers = covers_of_module(
        "tests/test_x.py", "pytestmark = [pytest.mark.covers('S0-010')]\ndef test_a(): pass"
    )

    assert covers == {"tests/test_x.py::test_a": {"S0-010"}}


def test_an_id_that_is_computed_is_refused() -> None:
    source = "@pytest.mark.covers(*IDS)\ndef test_a(): pass"

    with pytest.raises(TypeError, match="plain strings"):
        covers_of_module("tests/test_x.py", source)


def test_a_scenario_is_a_test_of_its_own_name() -> None:
    covers = covers_of_scenario("examples/first.toml", 'covers = ["S0-010"]')

    assert covers == {"examples/first.toml": {"S0-010"}}


def test_only_the_rows_below_the_header_are_read() -> None:
    text = r"""
| state | meaning |
|---|---|
| done | whole |

| id | capability | where | state | test |
|---|---|---|---|---|
| S0-010 | six \| days | billing | done | `tests/test_x.py::test_a`, `examples/a.toml` |
| S0-011 | more | | no | |
"""

    assert rows_of(text) == (
        Row(8, "S0-010", "done", ("tests/test_x.py::test_a", "examples/a.toml")),
        Row(9, "S0-011", "no", ()),
    )


def test_a_row_with_a_missing_cell_is_refused() -> None:
    with pytest.raises(ValueError, match="line 2: 4 cells"):
        rows_of("| id | capability | where | state | test |\n| S0-010 | a | b | done |")


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        (Row(1, "S0-010", "done", ()), "names no test"),
        (Row(1, "S0-010", "done", ("t::test_gone",)), "does not exist"),
        (Row(1, "S0-010", "partial", ("t::test_gone",)), "does not exist"),
        (Row(1, "S0-011", "done", ("t::test_a",)), "does not cover it"),
        (Row(1, "S0-010", "nearly", ()), "must be one of done, partial, no"),
        (Row(1, "S9-010", "no", ()), "an id looks like"),
    ],
)
def test_a_wrong_row_is_told(row: Row, complaint: str) -> None:
    rows = (row, Row(2, "S0-020", "no", ()))

    (problem,) = problems(rows, {"t::test_a": frozenset({"S0-020"})})

    assert complaint in problem


def test_an_id_in_two_rows_is_told() -> None:
    rows = (Row(1, "S0-010", "no", ()), Row(2, "S0-010", "no", ()))

    assert problems(rows, {}) == ["S0-010: stands in 2 rows."]


def test_an_id_that_only_a_test_knows_is_told() -> None:
    (problem,) = problems((), {"t::test_a": frozenset({"S0-010"})})

    assert problem == "S0-010: t::test_a covers it, but no row has this id."


def test_a_done_row_with_its_test_is_right() -> None:
    assert problems((Row(1, "S0-010", "done", ("t::test_a",)),), {"t::test_a": frozenset({"S0-010"})}) == []
