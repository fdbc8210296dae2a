"""The commands that print to PDF."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
import reportlab

from ispcore.contracts import OpenContract
from ispcore.printing import document_hash, shipped
from tests.cli.calling import exit_code
from tests.printing.paper import pages_of
from tests.providers import ANA, open_office

LEAP_DAY = date(2012, 2, 29)
VERA = [str(Path(reportlab.__file__).parent / "fonts" / f"Vera{face}.ttf") for face in ("", "Bd", "It", "BI")]

Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Give a command to a database with a customer, a slip, and a payment book, in a folder of its own."""
    with open_office(tmp_path / "print.db") as office:
        customer = office.register("José Conceição")
        office.load(contracts={"home": {"name": "At home", "months": 12, "number": "{year}-{series:6}"}})
        office.provider.do(OpenContract(customer=customer, template="home"), actor=ANA)
        office.subscribe(customer)
        office.close(LEAP_DAY)
        office.provider.slips.issue(LEAP_DAY, actor=ANA)
        office.provider.slips.book(customer, 1, actor=ANA)
        url = office.url
    (tmp_path / "out").mkdir()
    monkeypatch.chdir(tmp_path / "out")

    def call(*args: object) -> tuple[int, str]:
        code = exit_code([*map(str, args), "--db", url])
        out = capsys.readouterr()
        return code, out.out + out.err

    return call


@pytest.mark.parametrize(
    ("what", "first"), [("slip", "Slip 1"), ("book", "Payment book 1"), ("statement", "Statement of account")]
)
def test_what_is_printed_is_written_to_a_file_and_told_with_its_hash(run: Run, what: str, first: str) -> None:
    code, told = run("print", what, 1, "--to", "it.pdf")

    pdf = Path("it.pdf").read_bytes()
    assert (code, told) == (0, f"it.pdf: {len(pdf)} bytes, SHA-256 {document_hash(pdf)}\n")
    assert json.loads(run("print", what, 1, "--to", "it.pdf", "--json")[1]) == {
        "file": "it.pdf",
        "bytes": len(pdf),
        "sha256": document_hash(pdf),
    }
    assert pages_of(pdf)[0].startswith(first)
    assert "José Conceição" in pages_of(pdf)[0]


def test_a_statement_is_of_some_days(run: Run) -> None:
    run("print", "statement", 1, "--since", "2012-03-01", "--until", "31/03/2012", "--to", "it.pdf")

    assert "Days from 01/03/2012 to 31/03/2012" in pages_of(Path("it.pdf").read_bytes())[0]


def test_a_template_and_fonts_of_ones_own_are_printed_with(run: Run) -> None:
    Path("mine.html").write_text("<p>Łódka {{ slip.number }}</p>", "utf-8")

    with_them = run("print", "slip", 1, "--template", "mine.html", "--fonts", *VERA, "--to", "it.pdf")
    without = run("print", "slip", 1, "--template", "mine.html", "--to", "it.pdf")

    assert with_them[0] == 0
    assert pages_of(Path("it.pdf").read_bytes()) == ["Łódka 1\n1 of 1"]
    assert without[0] == 3
    assert "U+0141" in without[1]


def test_a_template_that_is_no_text_is_refused(run: Run) -> None:
    Path("mine.html").write_bytes(b"\xff")

    code, told = run("print", "slip", 1, "--template", "mine.html", "--to", "it.pdf")

    assert code == 3
    assert "mine.html is no text in UTF-8" in told


def test_a_file_that_is_no_pdf_is_not_written_over(run: Run) -> None:
    Path("thesis.pdf").write_text("mine", "utf-8")

    code, told = run("print", "slip", 1, "--to", "thesis.pdf")

    assert code == 3
    assert "thesis.pdf exists and is no PDF" in told
    assert Path("thesis.pdf").read_text("utf-8") == "mine"


def test_a_pdf_is_written_anew(run: Run) -> None:
    first = run("print", "slip", 1, "--to", "it.pdf")

    assert run("print", "slip", 1, "--to", "it.pdf") == first


def test_a_folder_that_there_is_not_is_told(run: Run) -> None:
    code, told = run("print", "slip", 1, "--to", "none/it.pdf")

    assert code == 3
    assert "none/it.pdf cannot be written: No such file or directory." in told


def test_a_template_is_shown_to_begin_ones_own_from(run: Run) -> None:
    text = shipped("slip").text

    assert run("print", "template", "slip") == (0, text)
    assert json.loads(run("print", "template", "slip", "--json")[1])["text"] == text
    assert run("print", "template", "letter")[0] == 3


def test_a_contract_is_printed_by_its_number(run: Run) -> None:
    code, told = run("print", "contract", "2012-000001", "--to", "it.pdf")

    assert (code, told.startswith("it.pdf: ")) == (0, True)
    assert pages_of(Path("it.pdf").read_bytes())[0].startswith("Contract 2012-000001")
    assert run("print", "contract", "7", "--to", "it.pdf")[0] == 3


def test_a_book_is_sent_as_pdf(run: Run, tmp_path: Path) -> None:
    assert run("slips", "send-book", 1, "--to", tmp_path / "out", "--pdf") == (
        0,
        "Payment book 1 is sent as payment-book-1.pdf.\n",
    )

    assert pages_of(Path("payment-book-1.pdf").read_bytes())[0].startswith("Payment book 1")
