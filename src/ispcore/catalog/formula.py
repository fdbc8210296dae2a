"""The small language in which a contract says what leaving it early costs.

Decimal numbers, a few names, the four operations, comparisons, ``a if c else b``, and six functions. A text
is read token by token before Python's parser sees it, and only what is listed here is computed: exactly, and
with bounds on length, depth and size. So every text ends in a number, or in an error that says what is wrong.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches
from fractions import Fraction
from math import ceil, floor
from typing import Any, TypeAlias

from attrs import field, frozen

from ispcore.errors import InvalidValueError, RefusedError

NAMES = {
    "benefit": "what the customer was given for staying, in money",
    "term_months": "the months of the term",
    "remaining_months": "the months that were begun or are to come",
    "elapsed_months": "the whole months that are over",
    "term_days": "the days of the term",
    "remaining_days": "the days from the one of leaving to the end of the term",
    "monthly_price": "what a full month costs on the day of leaving",
    "installation_fee": "the price of the installation",
    "installation_unpaid": "what is still unpaid of it",
}
"""What a formula can use, and what it means."""

LONGEST, MOST_NODES, DEEPEST, MOST_DIGITS = 500, 200, 40, 60
"""Bounds: characters of a text, parts of it, how deep they stand in one another, digits of any result."""

_TOKEN = re.compile(r"\s*(?:(\d{1,15}(?:\.\d{1,6})?)|([a-z_]{1,40})|(<=|>=|==|!=|[-+*/()<>,]))", re.ASCII)
_FUNCTIONS: dict[str, Callable[..., Fraction]] = {
    "min": min,
    "max": max,
    "abs": abs,
    "ceil": lambda value: Fraction(ceil(value)),
    "floor": lambda value: Fraction(floor(value)),
    "round": lambda value: Fraction(floor(value + Fraction(1, 2))),
}
_ONE_OR_MORE = ("min", "max")
_OPERATIONS: dict[type, Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_COMPARISONS: dict[type, Callable[[Fraction, Fraction], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
Values: TypeAlias = Mapping[str, Fraction]


@frozen
class Formula:
    """A formula that was read and checked: it says how to compute a number from :data:`NAMES`."""

    text: str
    _tree: ast.expr = field(eq=False, repr=False)

    @staticmethod
    def parse(text: str) -> Formula:
        """Return the formula that *text* says.

        Raises:
            InvalidValueError: it is too long, has something that is none of the language, or an unknown name.
        """
        spelled = " ".join(_tokens(text))
        try:
            tree = ast.parse(spelled, mode="eval").body
        except (SyntaxError, RecursionError, MemoryError) as error:
            raise _wrong(text, "it is not well formed", "Look at its brackets and operators.") from error
        _Checker(text).number(tree, 1)
        return Formula(text, _exact(tree, spelled))

    def __str__(self) -> str:
        """Return the text as it was written."""
        return self.text

    @property
    def names(self) -> frozenset[str]:
        """The names that it uses."""
        return frozenset(
            node.id for node in ast.walk(self._tree) if isinstance(node, ast.Name) and node.id in NAMES
        )

    def value(self, values: Values) -> Fraction:
        """Return what it comes to, exactly.

        Raises:
            RefusedError: a division by zero, or a number beyond all measure.
        """
        return _Run(self.text, values).number(self._tree)


def _wrong(text: str, what: str, hint: str) -> InvalidValueError:
    shown = text if len(text) <= LONGEST else text[:LONGEST] + "..."
    return InvalidValueError(f"The formula {shown!r} cannot be used: {what}.", hint=hint)


def _tokens(text: str) -> Iterator[str]:
    if len(text) > LONGEST:
        raise _wrong(text, f"it has {len(text)} characters", f"Use up to {LONGEST}.")
    at, end = 0, len(text.rstrip())
    if not end:
        raise _wrong(text, "it says nothing", "Write a number, or how to compute one.")
    while at < end:
        found = _TOKEN.match(text, at)
        if found is None:
            rest = text[at:].lstrip()
            hint = "There are numbers, names, + - * / ( ) , < <= > >= == != and 'a if c else b'."
            raise _wrong(text, f"{rest[:1]!r} at character {len(text) - len(rest) + 1} is not of it", hint)
        at = found.end()
        yield found[0].strip()


@frozen
class _Checker:
    """Walks over a tree and refuses what is not of the language."""

    text: str
    count: list[int] = field(factory=lambda: [0])

    def number(self, node: ast.expr, depth: int) -> None:
        """Check what must be a number."""
        self._deep(depth)
        match node:
            case ast.Constant():
                return
            case ast.Name(id=name):
                self._known(name, NAMES)
            case ast.UnaryOp(op=ast.USub(), operand=inner):
                self.number(inner, depth + 1)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATIONS:
                self.number(left, depth + 1)
                self.number(right, depth + 1)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                self.condition(test, depth + 1)
                self.number(body, depth + 1)
                self.number(orelse, depth + 1)
            case ast.Call(func=ast.Name(id=name), args=args, keywords=[]):
                self._call(name, args, depth)
            case _:
                raise _wrong(self.text, f"{_word(node)} is no number", "Write how to compute one.")

    def condition(self, node: ast.expr, depth: int) -> None:
        """Check what must be true or not."""
        self._deep(depth)
        if not isinstance(node, ast.Compare):
            raise _wrong(self.text, f"{_word(node)} is no condition", "Compare two numbers after 'if'.")
        for one in (node.left, *node.comparators):
            self.number(one, depth + 1)
        if not all(type(op) in _COMPARISONS for op in node.ops):
            raise _wrong(self.text, "it compares in an unknown way", "Use < <= > >= == or !=.")

    def _call(self, name: str, args: list[ast.expr], depth: int) -> None:
        self._known(name, _FUNCTIONS)
        if not args or (len(args) > 1 and name not in _ONE_OR_MORE):
            raise _wrong(self.text, f"{name} takes {'numbers' if name in _ONE_OR_MORE else 'one number'}", "")
        for one in args:
            self.number(one, depth + 1)

    def _known(self, name: str, known: Mapping[str, object]) -> None:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(known)}."
            raise _wrong(self.text, f"nothing is called {name!r}", hint)

    def _deep(self, depth: int) -> None:
        self.count[0] += 1
        if depth > DEEPEST or self.count[0] > MOST_NODES:
            raise _wrong(self.text, "it is too intricate", "Write it with fewer parts.")


def _word(node: ast.expr) -> str:
    return f"a part of it ({type(node).__name__.lower()})"


def _exact(tree: ast.expr, spelled: str) -> ast.expr:
    """Give each number its exact value: Python's parser has read those with a point as floating ones."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant):
            exact: Any = Fraction(spelled[node.col_offset : node.end_col_offset])
            node.value = exact
    return tree


@frozen
class _Run:
    """Computes a checked tree with the values of names."""

    text: str
    values: Values

    def number(self, node: ast.expr) -> Fraction:
        """Return what a part comes to."""
        found = self._number(node)
        if max(abs(found.numerator), found.denominator) >= 10**MOST_DIGITS:
            raise self._refused("gives a number beyond all measure")
        return found

    def _number(self, node: Any) -> Fraction:  # noqa: ANN401 - a checked part
        match node:
            case ast.Constant(value=value):
                return Fraction(value)  # type: ignore[arg-type] # made exact when it was read
            case ast.Name(id=name):
                return self.values[name]
            case ast.UnaryOp(operand=inner):
                return -self.number(inner)
            case ast.BinOp(left=left, op=op, right=right):
                return self._operation(op, self.number(left), self.number(right))
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self.number(body if self._holds(test) else orelse)
            case _:
                return _FUNCTIONS[node.func.id](*map(self.number, node.args))

    def _operation(self, op: ast.operator, left: Fraction, right: Fraction) -> Fraction:
        if isinstance(op, ast.Div) and not right:
            raise self._refused("divides by zero")
        return _OPERATIONS[type(op)](left, right)

    def _holds(self, node: Any) -> bool:  # noqa: ANN401 - a checked comparison
        sides = [self.number(one) for one in (node.left, *node.comparators)]
        pairs = zip(sides, node.ops, sides[1:], strict=False)
        return all(_COMPARISONS[type(op)](left, right) for left, op, right in pairs)

    def _refused(self, what: str) -> RefusedError:
        with_what = ", ".join(f"{name} {value}" for name, value in sorted(self.values.items()))
        return RefusedError(f"The formula {self.text!r} {what}, with {with_what}.", rule="formula")
