"""The domain knows no binary floating point and reads no clock."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent / "src" / "ispcore"
DOMAIN = (
    "errors",
    "values",
    "timeline",
    "catalog",
    "customers",
    "contracts",
    "plans",
    "billing",
    "network",
    "notices",
)
EXACT = "# exact:"
CLOCKS = {"now", "today", "utcnow"}


def domain_modules() -> tuple[Path, ...]:
    files = [file for part in DOMAIN for file in (SOURCE / f"{part}.py", *(SOURCE / part).rglob("*.py"))]
    return tuple(sorted(file for file in files if file.is_file()))


def violations(source: str) -> list[str]:
    lines = source.splitlines()
    found = sorted(
        (node.lineno, complaint)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.expr | ast.stmt)
        for complaint in _complaints(node)
        if not (complaint == DIVISION and _is_said_exact(node, lines))
    )
    return [f"line {line}: {complaint}" for line, complaint in found]


FLOAT = "a float; use Decimal, Fraction or int."
DIVISION = f"a true division; use Fraction or //, or say why it is exact after {EXACT!r}."
CLOCK = "reads a clock; take the day or the instant as an argument."


def _complaints(node: ast.expr | ast.stmt) -> Iterator[str]:
    match node:
        case ast.Constant(value=float() | complex()):
            yield FLOAT
        case ast.Call(func=ast.Name(id="float" | "complex")):
            yield FLOAT
        case ast.BinOp(op=ast.Div()) | ast.AugAssign(op=ast.Div()):
            yield DIVISION
        case ast.Call(func=ast.Attribute(attr=name, value=owner)) if name in CLOCKS:
            if not _is_date_type(owner):  # those are told below, called or not
                yield CLOCK
        case ast.Attribute(attr=name, value=owner) if name in CLOCKS and _is_date_type(owner):
            yield CLOCK
        case ast.Import(names=names) if any(alias.name == "time" for alias in names):
            yield CLOCK
        case ast.ImportFrom(module="time", level=0):
            yield CLOCK
        case _:
            pass


def _is_date_type(owner: ast.expr) -> bool:
    match owner:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in {"date", "datetime"}
        case _:
            return False


def _is_said_exact(node: ast.expr | ast.stmt, lines: list[str]) -> bool:
    return any(EXACT in line for line in lines[node.lineno - 1 : node.end_lineno])


MODULES = {file.relative_to(SOURCE).as_posix(): file for file in domain_modules()}


@pytest.mark.parametrize("module", MODULES)
def test_the_domain_has_no_floats_and_no_clock(module: str) -> None:
    found = violations(MODULES[module].read_text("utf-8"))

    assert not found, f"src/ispcore/{module}:\n" + "\n".join(found)


def test_the_domain_is_found() -> None:
    assert any(module.startswith("values/") for module in MODULES)


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("rate = 0.1", FLOAT),
        ("rate = 2j", FLOAT),
        ("rate = float(text)", FLOAT),
        ("share = used / days", DIVISION),
        ("share /= days", DIVISION),
        ("today = date.today()", CLOCK),
        ("at = field(factory=datetime.now)", CLOCK),
        ("at = dt.datetime.now(UTC)", CLOCK),
        ("day = clock.today()", CLOCK),
        ("import time", CLOCK),
        ("from time import monotonic", CLOCK),
    ],
)
def test_a_violation_is_told_once_with_its_line(source: str, complaint: str) -> None:
    assert violations(f"\n{source}\n") == [f"line 2: {complaint}"]


@pytest.mark.parametrize(
    "source",
    [
        "share = Fraction(used, days)",
        "months = days // 30",
        "share = used / days  # exact: both are Fractions",
        "due = command.today",
        "if isinstance(amount, float): raise TypeError",
        "from datetime import date, time",
    ],
)
def test_exact_arithmetic_and_days_as_arguments_are_fine(source: str) -> None:
    assert violations(source) == []
