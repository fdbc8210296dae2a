"""The catalogue keeps templates of what is printed, each with its version."""

from typing import Any

import pytest

from ispcore.catalog import LONGEST_PRINT_TEMPLATE, PrintTemplate
from ispcore.errors import DocumentError, InvalidValueError
from tests.catalogues import catalogue


def written(text: Any) -> dict[str, Any]:
    return {"contract": {"version": "2", "text": text}}


@pytest.mark.parametrize("text", ["<p>Olá,\n\tnão\xa0é</p>\r\n", "x" * LONGEST_PRINT_TEMPLATE])
def test_a_template_is_kept_as_it_is_written(text: str) -> None:
    found = catalogue(print_templates=written(text)).print_templates

    assert found == {"contract": PrintTemplate(code="contract", version="2", text=text)}


@pytest.mark.parametrize("text", [7, "a\x00", "x" * (LONGEST_PRINT_TEMPLATE + 1)])
def test_what_is_no_text_that_prints_is_refused_at_its_place(text: Any) -> None:
    with pytest.raises(DocumentError, match=r"print_templates\.contract\.text"):
        catalogue(print_templates=written(text))


def test_a_template_is_made_of_text() -> None:
    with pytest.raises(InvalidValueError, match=r"PrintTemplate\.version is of the type int"):
        PrintTemplate(code="slip", version=1, text="")  # type: ignore[arg-type]
