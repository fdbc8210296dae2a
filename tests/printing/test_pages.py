"""What pages look like: numbers, heads, tables over pages, characters, fonts; the same bytes each time."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import reportlab

from ispcore.errors import PrintError
from ispcore.printing import Fonts, PrintTemplate, document_hash, render
from tests.printing.paper import pages_of, printed, text_of

_VERA = Path(reportlab.__file__).parent / "fonts"
VERA = Fonts(_VERA / "Vera.ttf", _VERA / "VeraBd.ttf", _VERA / "VeraIt.ttf", _VERA / "VeraBI.ttf")

EVERYTHING = """
<header>Provider Ltda, <b>contract {{ number }}</b></header>
<footer>Página <page> de <pages></footer>
<h1>Contract {{ number }}</h1>
<h2>Who</h2><h3>Both of them</h3>
<p align="justify">{{ name }} and <b>the <i>provider</i></b><br>agree.</p>
<ul><li>One</li><li>Two</li></ul><ol><li>Three</li><li>Four</li></ol>
<table widths="3 1"><tr><th>Plan</th><th align="right">Price</th></tr>
{% for price in prices %}
<tr><td>Fibre {{ loop.index }}</td><td align="right">{{ price|comma }}</td></tr>
{% endfor %}
</table>
<hr><cut><keep><p>Signed</p></keep><page-break>
<table lines="none"><tr><td>Name</td><td>{{ name }}</td></tr></table>
"""
FIELDS: dict[str, Any] = {"number": "7", "name": "José Conceição €", "prices": list(range(1, 121))}

_ANOTHER_PROCESS = """
import sys
sys.path.insert(0, sys.argv[1])
from ispcore.printing import document_hash
from tests.printing import test_pages
print(document_hash(test_pages.everything()), document_hash(test_pages.everything(test_pages.VERA)))
"""


def everything(fonts: Fonts | None = None) -> bytes:
    return render(PrintTemplate(code="all", version="1", text=EVERYTHING), FIELDS, fonts=fonts)


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_same_template_and_fields_give_the_same_bytes_in_every_process(seed: str) -> None:
    root = Path(__file__).resolve().parents[2]
    found = subprocess.run(
        [sys.executable, "-c", _ANOTHER_PROCESS, str(root)],
        env={**os.environ, "PYTHONHASHSEED": seed, "TZ": f"UTC+{seed}"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert found.stdout.split() == [document_hash(everything()), document_hash(everything(VERA))]


def test_other_fields_give_other_bytes() -> None:
    assert printed("<p>{{ a }}</p>", a="1") != printed("<p>{{ a }}</p>", a="2")


def test_a_document_is_known_by_the_hash_of_its_bytes() -> None:
    pdf = printed("<p>x</p>")

    assert pdf.startswith(b"%PDF-")
    assert document_hash(pdf) == hashlib.sha256(pdf).hexdigest()


def test_every_page_has_its_number_of_all_and_what_stands_above() -> None:
    pages = pages_of(everything())

    assert len(pages) == 5
    for number, page in enumerate(pages, start=1):
        assert "Provider Ltda, contract 7" in page
        assert f"Página {number} de 5" in page


def test_a_template_without_a_footer_is_numbered_too() -> None:
    assert pages_of(printed("<p>a</p><page-break><p>b</p>")) == ["a\n1 of 2", "b\n2 of 2"]


def test_a_table_goes_on_over_pages_with_its_heads_on_each_and_every_row_once() -> None:
    pages = pages_of(everything())
    rows = [line for page in pages for line in page.split("\n") if line.startswith("Fibre ")]

    assert all("Plan Price" in page for page in pages if "Fibre " in page)
    assert sum("Fibre " in page for page in pages) > 2
    assert rows == [f"Fibre {at} {at}" for at in range(1, 121)]


def test_a_cell_higher_than_a_page_goes_on_on_the_next() -> None:
    cell = "<br>".join(f"{at}." for at in range(1, 101))

    pages = pages_of(printed(f"<table><tr><td>{cell}</td></tr></table>"))

    assert len(pages) == 2
    assert [line for page in pages for line in page.split("\n") if line.endswith(".")] == [
        f"{at}." for at in range(1, 101)
    ]


def test_a_long_name_is_wrapped_and_not_cut() -> None:
    name = "Wolfeschlegelsteinhausenbergerdorff" * 8

    found = text_of("<table><tr><td>{{ name }}</td><td>x</td></tr></table>", name=name)

    assert "\n" in found
    assert found.replace("\n", "").replace("\x02", "").replace("\ufffe", "").startswith(name)


def test_accents_and_the_euro_sign_are_printed() -> None:
    assert text_of("<p>{{ a }}</p>", a="ãéîõüçÇ ñ ß € – “x” º ª") == "ãéîõüçÇ ñ ß € – “x” º ª"


@pytest.mark.parametrize("character", ["Ω", "中", "Ł", "😀", "\x07"])
def test_a_character_that_the_fonts_lack_is_named(character: str) -> None:
    with pytest.raises(PrintError, match=rf"U\+{ord(character):04X}") as error:
        printed("<ul><li>{{ a }}</li></ul>", a=f"x{character}y")

    assert error.value.rule == "no-such-character"
    assert error.value.names == (character,)


def test_only_some_of_many_characters_that_are_lacked_are_told() -> None:
    with pytest.raises(PrintError, match=r"and 15 more\.") as error:
        printed("<keep><p>{{ a }}</p></keep><hr>", a="αβγδεζηθικλμνξοπρστυφχψωϊ")

    assert len(error.value.names) == 25


def test_fonts_of_ones_own_have_characters_of_their_own() -> None:
    polish = PrintTemplate(code="letter", version="1", text="<p>Łódka <b>Łódka</b> <i>a</i></p>")

    assert pages_of(render(polish, {}, fonts=VERA)) == ["Łódka Łódka a\n1 of 1"]


def test_fonts_of_ones_own_lack_characters_too() -> None:
    chinese = PrintTemplate(code="letter", version="1", text="<p>中</p>")

    with pytest.raises(PrintError, match=r"U\+4E2D"):
        render(chinese, {}, fonts=VERA)


def test_a_file_that_is_no_font_is_named(tmp_path: Path) -> None:
    (tmp_path / "mine.ttf").write_bytes(b"no font")
    letter = PrintTemplate(code="letter", version="1", text="<p>a</p>")

    for name in ("mine.ttf", "absent.ttf"):
        with pytest.raises(PrintError, match=name) as error:
            render(letter, {}, fonts=Fonts(tmp_path / name, VERA.bold, VERA.italic, VERA.bold_italic))
        assert error.value.rule == "no-such-font"


def test_what_is_kept_together_moves_to_the_next_page() -> None:
    lines = "<p>x</p>" * 34

    pages = pages_of(printed(f"{lines}<keep><p>one</p><p>two</p><p>three</p></keep>"))

    assert ["one" in page for page in pages] == ["three" in page for page in pages] == [False, True]


def test_a_heading_does_not_stand_alone_at_the_end_of_a_page() -> None:
    pages = pages_of(printed("<p>x</p>" * 33 + "<h2>Heading</h2><p>text</p>"))

    assert ["Heading" in page for page in pages] == ["text" in page for page in pages] == [False, True]


def test_heads_that_fill_a_page_are_refused() -> None:
    head = "<tr>" + f"<th>{'long word ' * 50}</th>" * 20 + "</tr>"

    with pytest.raises(PrintError, match="too high for a page") as error:
        printed(f"<table>{head}{head}<tr>{'<td>x</td>' * 20}</tr></table>")

    assert error.value.rule == "too-high"


def test_lists_and_tables_of_nothing_print_nothing() -> None:
    empty = "<table>{% for a in rows %}<tr><td>x</td></tr>{% endfor %}</table><ul></ul><ol></ol><keep></keep>"

    assert text_of(f"{empty}<p>a</p>", rows=[]) == "a"
