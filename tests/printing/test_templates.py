"""What templates say, what they are refused, and what stops a hostile one."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from ispcore.errors import PrintError
from ispcore.printing import Limits, PrintTemplate, fields_of
from ispcore.values import Money
from tests.printing.paper import printed, text_of

PRICE = Money.of("1234.50", "BRL")


def refused(text: str, limits: Limits = Limits(), **fields: Any) -> PrintError:  # noqa: B008 - frozen
    with pytest.raises(PrintError) as error:
        printed(text, limits, **fields)
    return error.value


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("{{ day }}", "29/02/2012"),
        ("{{ day|iso }}", "2012-02-29"),
        ("{{ price }}", "1234.50 BRL"),
        ("{{ price|amount }}", "1,234.50"),
        ("R$ {{ price|comma }}", "R$ 1.234,50"),
        ("{{ size|comma }}", "1.000"),
        ("{{ rate }}%", "12.50%"),
        ("{{ name|upper }} {{ name|lower }} {{ name|title }}", "ANA L ana l Ana L"),
        ("{{ name|capitalize }}", "Ana l"),
        ("[{{ nothing }}]", "[]"),
        ("{{ nothing|default('none') }}, {{ absent|default('none') }}", "none, none"),
        ("{{ words|length }}: {{ words|first }} to {{ words|last }}", "3: one to three"),
        ("{% for one in words %}{{ one }}{{ ', ' if not loop.last }}{% endfor %}", "one, two, three"),
        ("{% for one in words %}{{ one if loop.index is odd }} {% endfor %}", "one three"),
        ("{% if size > 5 and name == 'ana L' %}yes{% else %}no{% endif %}", "yes"),
        ("{% if absent is defined %}there{% else %}not there{% endif %}", "not there"),
        ("{{ note|lines }}", "one\ntwo"),
        ("a{# nobody reads this #}b", "ab"),
    ],
)  # fmt: skip
def test_a_template_says_what_its_fields_are(written: str, read: str) -> None:
    found = text_of(
        f"<p>{written}</p>",
        day=date(2012, 2, 29),
        price=PRICE,
        size=1000,
        rate=Decimal("12.50"),
        name="ana L",
        nothing=None,
        words=["one", "two", "three"],
        note="one\ntwo",
    )

    assert found == read


def test_every_field_that_is_missing_is_named_with_its_place() -> None:
    error = refused(
        "<p>{{ number }} {{ customer.name }} {{ customer.city }} {{ company.name }}"
        "{% for plan in plans %}{{ plan.price }}{{ plan.term.months }}{% endfor %}"
        "{% if trial %}x{% endif %}{% for one in people %}x{% endfor %}{{ note|upper }}</p>",
        customer={"name": "Ana"},
        plans=[{"price": PRICE}],
    )

    assert error.rule == "missing-fields"
    assert error.names == (
        "company.name",
        "customer.city",
        "note",
        "number",
        "people",
        "plans[].term.months",
        "trial",
    )
    assert "company.name, customer.city, note" in str(error)


def test_the_fields_of_a_template_are_told_without_printing_it() -> None:
    text = "{% for one in plans %}{{ one.name }}{{ loop.index }}{% endfor %}{{ customer.name }}{{ number }}"

    assert fields_of(PrintTemplate(code="x", version="1", text=text)) == ("customer", "number", "plans")


def test_what_comes_of_a_field_is_text_whatever_it_looks_like() -> None:
    name = "<b>Ana</b> & &lt;Co&gt; {{ number }} <page-break> </p>"

    assert text_of("<p>{{ name }}|</p>", name=name) == f"{name}|"


def test_text_that_says_it_is_safe_is_escaped_all_the_same() -> None:
    assert text_of("<p>{{ name }}</p>", name=Markup("<b>Ana</b>")) == "<b>Ana</b>"


@given(st.text(st.characters(codec="cp1252", categories=["L", "N", "P", "S"]), min_size=1, max_size=60))
def test_any_name_is_printed_as_it_is_written(name: str) -> None:
    found = (
        text_of("<p>{{ name }}</p>", name=name).replace("\n", "").replace("\x02", "-").replace("\ufffe", "-")
    )

    assert found == name


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in range(100000) %}{% for b in range(100000) %}x{% endfor %}{% endfor %}",
        "{{ 'x' * 1000000000 }}",
        "{{ name ~ name }}",
        "{{ '%1000000000d' % 3 }}",
        "{{ 9 ** 9 ** 9 }}",
        "{{ -1 }}",
        "{{ 1.5 }}",
        "{{ [1, 2] }}",
        "{{ name() }}",
        "{{ name[0] }}",
        "{{ name[:1] }}",
        "{{ name|safe }}",
        "{{ name|shuffled }}",
        "{{ name|center(1000000000) }}",
        "{{ name|replace('', name) }}",
        "{{ name|default(value='x') }}",
        "{% if name is sameas 1 %}{% endif %}",
        "{% set name = 'x' %}",
        "{% set name %}x{% endset %}",
        "{% with a = 1 %}{% endwith %}",
        "{% macro again() %}{{ again() }}{% endmacro %}",
        "{% call name() %}{% endcall %}",
        "{% filter upper %}x{% endfilter %}",
        "{% autoescape false %}{{ name }}{% endautoescape %}",
        "{% include 'x' %}",
        "{% import 'x' as y %}",
        "{% from 'x' import y %}",
        "{% extends 'x' %}",
        "{% block a %}{% endblock %}",
        "{% for a, b in name %}{% endfor %}",
        "{% for a in name recursive %}{% endfor %}",
        "{% for a in b %}" * 5 + "{% endfor %}" * 5,
        "{{ x" + "|upper" * 10_000 + " }}",
        "{{ x" + ".x" * 10_000 + " }}",
    ],
)  # fmt: skip
def test_what_is_not_of_the_language_is_refused_before_anything_runs(text: str) -> None:
    error = refused(f"<p>{text}</p>", name="Ana")

    assert error.rule == "template-language"
    assert "line 1" in str(error)


@pytest.mark.parametrize(
    "text",
    [
        "{% if name %}",
        "{{ name",
        "{% if a %}" * 5_000,
        "{{ " + "(" * 20_000 + ")" * 20_000 + " }}",
        "{{ " + "not " * 20_000 + "a }}",
        "{{ " + "9" * 10_000 + " }}",
    ],
)
def test_what_cannot_be_read_is_refused(text: str) -> None:
    assert refused(text, name="Ana").rule == "template-syntax"


@pytest.mark.parametrize("path", ["name.__class__", "name.upper", "day.year", "group.items", "words.append"])
def test_a_template_reaches_nothing_of_a_value_but_the_names_of_a_group(path: str) -> None:
    error = refused(
        f"<p>{{{{ {path} }}}}</p>", name="Ana", day=date(2012, 2, 29), group={"a": 1}, words=["a"]
    )

    assert error.rule == "missing-fields"


@pytest.mark.parametrize(
    "text",
    [
        "{{ group }}",
        "{{ words }}",
        "{{ paid }}",
        "{{ self }}",
        "{% for a in words %}{{ loop }}{% endfor %}",
        "{% for a in name %}{% endfor %}",
        "{% for a in group %}{% endfor %}",
        "{% if name < 1 %}{% endif %}",
        "{{ name|amount }}",
        "{{ name|iso }}",
        "{{ paid|length }}",
        "{% if '%1000000000d' is odd %}{% endif %}",
    ],
)
def test_a_value_that_is_not_what_the_template_takes_it_for_is_refused(text: str) -> None:
    error = refused(f"<p>{text}</p>", name="Ana", group={"a": 1}, words=["a"], paid=True)

    assert error.rule == "template-values"


@pytest.mark.parametrize("value", [1.5, b"text", object(), {"a", "b"}])
def test_a_field_that_cannot_be_printed_is_named(value: object) -> None:
    error = refused("<p>x</p>", customer={"plans": [{"price": value}]})

    assert error.rule == "field-type"
    assert error.names == ("customer.plans[].price",)


def test_nested_loops_are_stopped_by_their_turns() -> None:
    text = "{% for a in x %}{% for b in x %}{% for c in x %}{% endfor %}{% endfor %}{% endfor %}"

    assert refused(text, x=list(range(1000))).rule == "too-many-turns"


def test_a_text_that_becomes_too_long_is_stopped() -> None:
    assert refused("<p>" + "{{ a }}" * 3_000 + "</p>", a="x" * 1_000).rule == "too-much-text"


def test_a_template_that_is_too_long_is_not_looked_at() -> None:
    assert refused("{{" * 50_001).rule == "template-too-long"


def test_too_many_pages_are_stopped() -> None:
    assert refused("<p>x</p><page-break>" * 5, Limits(pages=3)).rule == "too-many-pages"


def test_what_takes_too_long_is_stopped_while_it_is_filled_and_while_it_is_laid_out() -> None:
    loop = "<p>{% for one in many %}x{% endfor %}</p>"
    table = "<table>" + "<tr><td>x</td></tr>" * 2_000 + "</table>"

    assert refused(loop, Limits(seconds=-1), many=[1, 2, 3]).rule == "too-slow"
    assert refused(table, Limits(seconds=0)).rule == "too-slow"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<script>x</script>", "there is no tag <script>"),
        ("<p>a < b</p>", "'< b</p>' is no tag"),
        ('<p class="x">a</p>', "<p> has no 'class'"),
        ('<p align="up">a</p>', "align='up' is unknown"),
        ("<p>a", "<p> is not ended"),
        ("</p>", "</p> ends what was not begun"),
        ("<p>a</b></p>", "</b> ends what was not begun"),
        ("<p/>", "<p/> holds nothing"),
        ("<p><h1>a</h1></p>", "<h1> may not stand in <p>"),
        ("<td>a</td>", "<td> may not stand by itself"),
        ("a", "the text 'a' stands in no tag"),
        ("<ul>a</ul>", "the text 'a' stands in <ul>"),
        ("<p>" + "<b>" * 20, "tags are nested too deeply"),
        ("<p>" + "x" * 10_001 + "</p>", "the text in a <p> has 10001 characters"),
        ("<table><tr><td>a</td></tr><tr><td>a</td><td>b</td></tr></table>", "have not as many cells each"),
        ("<table>" + "<tr><td>a</td></tr>" * 5_001 + "</table>", "a table has 5001 rows"),
        ('<table widths="1 2"><tr><td>a</td></tr></table>', "widths='1 2' does not fit"),
        ('<table lines="all"><tr><td>a</td></tr></table>', "lines='all' is unknown"),
    ],
)  # fmt: skip
def test_tags_that_are_unknown_or_misplaced_are_refused(text: str, told: str) -> None:
    error = refused(text)

    assert error.rule == "template-tags"
    assert told in str(error)


def test_an_instant_is_printed_as_its_day() -> None:
    assert text_of("<p>{{ at }}</p>", at=datetime(2012, 2, 29, 12)) == "29/02/2012"  # noqa: DTZ001 - a day
