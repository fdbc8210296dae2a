"""What templates may say: fields, ``if``, ``for``, comparisons and a few filters.

It is a part of Jinja. What is not listed here, a call, arithmetic, a slice, a macro, is refused before
anything runs, so that the size of what is printed follows from the fields and the length of the template.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NoReturn

from jinja2 import TemplateSyntaxError, nodes

from ispcore.errors import PrintError

if TYPE_CHECKING:
    from jinja2 import Environment

    from ispcore.catalog import PrintTemplate

FILTERS = frozenset(
    {"amount", "capitalize", "comma", "default", "first", "iso", "last", "length", "lines", "lower", "title"}
    | {"trim", "upper"}
)
"""The filters that there are."""
TESTS = frozenset({"defined", "odd", "undefined"})
"""What may be asked with ``is``."""
COUNTED = "_counted"
"""The filter that counts the turns of a loop; no template can name it."""

_DEEPEST = 60
_DEEPEST_LOOPS = 4
_UNREADABLE = (TemplateSyntaxError, ValueError, RecursionError, OverflowError)
_PLAIN = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Getattr,
    nodes.If,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
)
_WORDS: dict[type, str] = {
    nodes.Call: "A call",
    nodes.Slice: "A slice",
    nodes.Getitem: "An index",
    nodes.Macro: "A macro",
    nodes.Assign: "Setting a name",
    nodes.AssignBlock: "Setting a name",
    nodes.Block: "A block",
    nodes.Extends: "Extending another template",
    nodes.Include: "Including another template",
    nodes.Import: "Importing another template",
    nodes.FromImport: "Importing another template",
    nodes.BinExpr: "Arithmetic",
    nodes.UnaryExpr: "Arithmetic",
    nodes.Concat: "Joining texts",
    nodes.Literal: "A list or a table",
    nodes.FilterBlock: "A filter over a block",
    nodes.Scope: "Switching escaping",
    nodes.With: "Setting a name",
}


def parsed(template: PrintTemplate, environment: Environment) -> nodes.Template:
    """Return the tree of a template's text, with its loops counted.

    Raises:
        PrintError: it cannot be read, or says what no template may.
    """
    try:
        tree = environment.parse(template.text)
    except _UNREADABLE as error:
        line = f", line {error.lineno}" if isinstance(error, TemplateSyntaxError) else ""
        raise PrintError(
            f"The template {template.code!r} cannot be read{line}: {str(error).rstrip('.')}.",
            rule="template-syntax",
            hint="The guide to printing tells what templates may say.",
        ) from error
    _check(tree, template.code)
    for loop in list(tree.find_all(nodes.For)):
        loop.iter = nodes.Filter(loop.iter, COUNTED, [], [], None, None, lineno=loop.lineno)
    return tree


def _check(tree: nodes.Template, code: str) -> None:
    """Refuse what is not of the language; without recursion, for a hostile tree is deep."""
    left: list[tuple[nodes.Node, int, int]] = [(tree, 0, 0)]
    while left:
        node, depth, loops = left.pop()
        loops += isinstance(node, nodes.For)
        problem = _problem(node)
        if depth > _DEEPEST or loops > _DEEPEST_LOOPS:
            problem = "It is nested too deeply"
        if problem:
            _refuse(code, node, problem)
        left += ((child, depth + 1, loops) for child in node.iter_child_nodes())


def _problem(node: nodes.Node) -> str | None:
    """Return why *node* may not stand in a template, or None where it may."""
    match node:
        case nodes.For(recursive=recursive, target=target):
            return "A loop of that kind" if recursive or not isinstance(target, nodes.Name) else None
        case nodes.Const(value=value):
            return None if value is None or isinstance(value, str | int) else "A decimal number"
        case nodes.Filter(name=name):
            return None if name in FILTERS and not node.kwargs else f"The filter {name!r}"
        case nodes.Test(name=name):
            return None if name in TESTS else f"The test {name!r}"
        case _ if isinstance(node, _PLAIN):
            return None
        case _:
            return next((_WORDS[kind] for kind in type(node).__mro__ if kind in _WORDS), type(node).__name__)


def _refuse(code: str, node: nodes.Node, problem: str) -> NoReturn:
    raise PrintError(
        f"The template {code!r} says in line {node.lineno or 1} what no template may: {problem.lower()}.",
        rule="template-language",
        hint=f"There are fields, if, for, comparisons, and these filters: {', '.join(sorted(FILTERS))}.",
    )
