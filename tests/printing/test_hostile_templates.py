"""Whatever somebody writes, and whatever it is filled with, a template becomes a PDF or a PrintError."""

import os
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ispcore.errors import PrintError
from ispcore.printing import Limits, PrintTemplate, fields_of, language
from ispcore.printing.markup import TAGS
from ispcore.values import Money
from tests.printing.paper import printed

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "print.md"
_TABLE = GUIDE.read_text("utf-8").partition("| rule | is |")[2]
RULES = {"done", *re.findall(r"`([a-z-]+)`", _TABLE)}
"""The rules that the guide tells of."""

CHANGES = int(os.environ.get("ISPCORE_FUZZ", "150"))
NARROW = Limits(template=5_000, filled=20_000, turns=500, pages=20, seconds=10)

NAMES = [
    "name",
    "day",
    "price",
    "group",
    "group.a",
    "words",
    "none",
    "absent",
    "loop",
    "loop.index",
    "self",
    "rate",
]
FILTERS = [*sorted(language.FILTERS), "safe", "join"]
WORDS = [
    "a",
    " ",
    "\n",
    "é€",
    "Ω",
    "<",
    ">",
    "&",
    "&lt;",
    "&#0;",
    '"',
    "'",
    "{",
    "}",
    "x" * 300,
    "\x00",
    "\ud800",
]

BITS = ["{% endfor %}", "{% if ", " %}", "{% endif %}", "{% else %}", "{{", "}}", "{#", "#}", "{{ 2 * 9 }}"]
SIGNS = ["<", "==", "in", "and", "is", "*", "~", "(", "["]

tags = st.sampled_from([*TAGS, "script"])
names = st.sampled_from(NAMES)
pieces = st.one_of(
    tags.map("<{}>".format),
    tags.map("</{}>".format),
    tags.map('<{} align="right">'.format),
    tags.map("<{0}>a</{0}>".format),
    st.just("<tr><td>a</td><th>b</th></tr>"),
    st.just('<table widths="1 2" lines="none">'),
    names.map("{{{{ {} }}}}".format),
    st.builds("{{{{ {}|{} }}}}".format, names, st.sampled_from(FILTERS)),
    names.map("{{% for x in {} %}}".format),
    st.sampled_from(BITS),
    st.builds("{{% if {} {} {} %}}x{{% endif %}}".format, names, st.sampled_from(SIGNS), names),
    st.sampled_from(WORDS),
)
templates = st.lists(pieces, max_size=25).map("".join)
leaves = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(max_size=20),
    st.dates(),
    st.decimals(allow_nan=True),
    st.just(Money.of("1.00", "BRL")),
    st.floats(),
)
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.just("a"), inner)
)
PLAIN: dict[str, Any] = {
    "name": "José <b>",
    "day": date(2012, 2, 29),
    "price": Money.of("1234.50", "BRL"),
    "group": {"a": 1},
    "words": ["one", "two"],
    "none": None,
    "rate": Decimal("NaN"),
}


def outcome(act: Callable[[], object]) -> str:
    """Return the rule by which *act* is refused, or "done"."""
    try:
        act()
    except PrintError as error:
        return error.rule
    return "done"


@settings(max_examples=CHANGES)
@given(templates)
def test_any_text_is_printed_or_refused(text: str) -> None:
    assert outcome(lambda: printed(text, NARROW, **PLAIN)) in RULES


@settings(max_examples=CHANGES)
@given(st.text(max_size=200) | templates)
def test_the_fields_of_any_text_are_told_or_it_is_refused(text: str) -> None:
    found = outcome(lambda: fields_of(PrintTemplate(code="x", version="1", text=text)))

    assert found in {"done", "template-syntax", "template-language"}


@settings(max_examples=CHANGES)
@given(st.fixed_dictionaries({}, optional=dict.fromkeys(PLAIN, values)))
def test_any_fields_are_printed_or_refused(fields: dict[str, Any]) -> None:
    strict = (
        "<p>{{ name }}{{ day|iso }}{{ price|comma }}{{ group.a|upper }}{{ rate|amount }}{{ none }}</p>"
        "<ul>{% for one in words %}<li>{{ one|lines }}{{ one|length }}{{ loop.index }}</li>{% endfor %}</ul>"
        "{% if rate > 1 or name == day %}<p>{{ words|first }}</p>{% endif %}"
    )
    lenient = "<p>{{ name|default('x') }}{{ rate|default('y') }}{{ words|default('z') }}</p>"

    assert outcome(lambda: printed(strict, NARROW, **fields)) in RULES
    assert outcome(lambda: printed(lenient, NARROW, **fields)) in RULES
