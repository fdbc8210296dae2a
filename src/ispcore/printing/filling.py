"""Putting fields into a template's text, with everything that is not of the template escaped.

Fields are plain values: text, whole numbers, decimals, days, money, truth values, lists, and groups of them
by name. A template reaches the names of groups and nothing else of any value.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, TypeAlias

from jinja2 import Environment, TemplateError, Undefined
from jinja2.meta import find_undeclared_variables
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from ispcore.errors import PrintError
from ispcore.printing.language import COUNTED, parsed
from ispcore.printing.limits import USUAL_LIMITS
from ispcore.printing.spending import Spending
from ispcore.values import Money

if TYPE_CHECKING:
    from typing import Any

    from ispcore.catalog import PrintTemplate

Field: TypeAlias = "str | int | Decimal | date | Money | Sequence[Field] | Mapping[str, Field] | None"
"""What a template may be given; a bool is a whole number to Python, and a truth value here."""
Fields: TypeAlias = Mapping[str, Field]

_OF_LOOPS = frozenset({"first", "index", "last", "length"})
_FAILURES = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    SyntaxError,
    TemplateError,
    TypeError,
    ValueError,
)


def filled(template: PrintTemplate, fields: Fields, spending: Spending) -> str:
    """Return the text of *template* with its *fields*, tags as written and what comes of fields escaped.

    Raises:
        PrintError: the template cannot be read, fields are missing (all of them are named), a value cannot
            be printed, or it goes too far.
    """
    missing: dict[str, None] = {}
    environment = _environment(spending, missing)
    tree = parsed(template, environment)
    pieces = []
    try:
        made = environment.from_string(tree)
        for piece in made.generate(_group("", fields)):
            spending.fill(piece)
            pieces.append(piece)
    except _FAILURES as error:
        raise PrintError(
            f"The template {template.code!r} cannot be filled: {_words(error)}.",
            rule="template-values",
            hint="See that it compares and loops over what its fields are.",
        ) from error
    if missing:
        raise PrintError(
            f"The template {template.code!r} has fields that it is not given: {', '.join(sorted(missing))}.",
            rule="missing-fields",
            names=sorted(missing),
            hint=f"There are: {', '.join(sorted(fields)) or 'none'}.",
        )
    return "".join(pieces)


def _words(error: Exception) -> str:
    return str(error).rstrip(".") or type(error).__name__


def fields_of(template: PrintTemplate) -> tuple[str, ...]:
    """Return the fields that *template* has, by the names of their outermost groups; it is checked by that.

    Raises:
        PrintError: it cannot be read, or says what no template may.
    """
    environment = _environment(Spending(template, USUAL_LIMITS), {})
    return tuple(sorted(find_undeclared_variables(parsed(template, environment))))


class _Group(dict[str, object]):
    """Fields by name, which know where they stand."""

    path: str = ""


def _group(path: str, fields: Mapping[str, object]) -> _Group:
    found = _Group()
    found.path = path
    for name, value in fields.items():
        found[name] = _value(f"{path}.{name}" if path else str(name), value)
    return found


def _value(path: str, value: object) -> object:
    """Return *value* as templates see it, or raise PrintError."""
    match value:
        case str():
            return str(value)  # a subclass may bring an `__html__` of its own
        case None | int() | Decimal() | date() | Money():
            return value
        case Mapping():
            return _group(path, value)
        case Sequence() if not isinstance(value, bytes | bytearray | memoryview):
            return [_value(f"{path}[]", one) for one in value]
        case _:
            raise PrintError(
                f"The field {path!r} is {type(value).__name__}, which cannot be printed.",
                rule="field-type",
                names=[path],
                hint="Give text, whole numbers, decimals, days, money, lists, or groups of them by name.",
            )


class _Missing(Undefined):
    """A field that is not there: it is remembered, and the rest goes on to find the others."""

    __slots__ = ()

    def remember(self) -> None:
        """Note the name, to be told of with all others."""

    def __str__(self) -> str:
        self.remember()
        return ""

    def __iter__(self) -> Iterator[Any]:
        self.remember()
        return iter(())

    def __bool__(self) -> bool:
        self.remember()
        return False

    def __len__(self) -> int:
        self.remember()
        return 0

    def _compared(self, _: object) -> bool:
        self.remember()
        return False

    __eq__ = __ne__ = _compared
    __lt__ = __le__ = __gt__ = __ge__ = _compared  # type: ignore[assignment] # Jinja's own raise
    __hash__ = Undefined.__hash__


class _Sandbox(ImmutableSandboxedEnvironment):
    """Reaches the names of groups, and four things about a loop."""

    def getattr(self, obj: Any, attribute: str) -> Any:  # noqa: ANN401 - Jinja's own
        if isinstance(obj, _Group) and attribute in obj:
            return obj[attribute]
        if isinstance(obj, LoopContext) and attribute in _OF_LOOPS:
            return getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)


def _environment(spending: Spending, missing: dict[str, None]) -> Environment:
    class Missing(_Missing):
        __slots__ = ()

        def remember(self) -> None:
            missing[_path(self)] = None

    def counted(values: object) -> Iterator[object]:
        if not isinstance(values, list | _Missing):
            raise TypeError("a loop goes over a list")
        for value in values:
            spending.turn()
            yield value

    environment = _Sandbox(
        autoescape=True, finalize=_shown, undefined=Missing, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals.clear()
    environment.tests = {name: environment.tests[name] for name in ("defined", "undefined")} | {
        "odd": _is_odd
    }
    environment.filters = {**_FILTERS, COUNTED: counted}
    return environment


def _path(missing: Undefined) -> str:
    """Return the name of what is missing, with that of the group that should have it."""
    of, name = missing._undefined_obj, str(missing._undefined_name)  # noqa: SLF001 - Jinja's, for subclasses
    if isinstance(of, Undefined) and isinstance(of, _Missing):
        return f"{_path(of)}.{name}"
    place = of.path if isinstance(of, _Group) else ""
    return f"{place}.{name}" if place else name


def _shown(value: object) -> object:
    """Return *value* as it is printed: days as 29/02/2012, money as 20.69 BRL, nothing for None."""
    match value:
        case str() | _Missing():
            return value
        case None | Undefined():  # a condition without an else
            return ""
        case bool():
            raise ValueError("yes and no are for conditions, not for printing")
        case int() | Money():
            return str(value)
        case Decimal():
            return f"{value:f}"
        case date():
            return f"{value:%d/%m/%Y}"
        case _:
            raise ValueError("a group or a list is no text; print what is in it")


# Filters


def _text(value: object) -> str:
    return str(_shown(value))


def _amount(value: object) -> str:
    """Return money or a decimal with its thousands parted: 1,234.50."""
    number = value.amount if isinstance(value, Money) else value
    if isinstance(number, _Missing):
        return str(number)
    if not isinstance(number, Decimal | int):
        raise TypeError("an amount is money or a number")
    return f"{number:,f}" if isinstance(number, Decimal) else f"{number:,}"


def _comma(value: object) -> str:
    return _amount(value).translate(str.maketrans(",.", ".,"))


def _iso(value: object) -> str:
    if not isinstance(value, date):
        raise TypeError("'iso' is for days")
    return value.isoformat()


def _lines(value: object) -> Markup:
    """Return a text with a break where it had a line's end."""
    return Markup("<br>").join(escape(line) for line in _text(value).splitlines())


def _is_odd(value: object) -> bool:
    if not isinstance(value, int):
        raise TypeError("'odd' is for whole numbers")
    return value % 2 == 1


def _default(value: object, other: object = "") -> object:
    """Return *other* in the place of what is missing or empty."""
    return other if isinstance(value, Undefined) or value is None or value == "" else value


def _listed(value: object) -> list[object]:
    if not isinstance(value, str | list | _Missing):
        raise TypeError("it is no list")
    return list(value)


def _first(values: object) -> object:
    return next(iter(_listed(values)), None)


def _last(values: object) -> object:
    return next(reversed(_listed(values)), None)


_FILTERS = {
    "amount": _amount,
    "capitalize": lambda value: _text(value).capitalize(),
    "comma": _comma,
    "default": _default,
    "first": _first,
    "iso": _iso,
    "last": _last,
    "length": lambda value: len(_listed(value)),
    "lines": _lines,
    "lower": lambda value: _text(value).lower(),
    "title": lambda value: _text(value).title(),
    "trim": lambda value: _text(value).strip(),
    "upper": lambda value: _text(value).upper(),
}
