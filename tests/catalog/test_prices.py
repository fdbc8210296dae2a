"""How high a price may be, wherever one comes from."""

from typing import Any

import pytest

from ispcore.catalog import check_height, highest_price
from ispcore.errors import DocumentError, RefusedError
from ispcore.values import Currency, Money
from tests.catalogues import brl, catalogue

HIGHEST, TOO_HIGH = "9999999999.99", "10000000000.00"


def offer(price: str, value: str = "0.00") -> dict[str, Any]:
    """Return a service of that price, with one line of that value."""
    line = {"id": "line", "description": "Line", "value": value}
    booked = {"account": "3.1.01", "company": "net", "document_type": "nfcom"}
    return {"name": "Dear", "versions": [{"from": "2010-01-01", "price": price, "lines": [line], **booked}]}


def test_the_highest_price_of_a_currency_has_all_its_minor_units() -> None:
    assert highest_price(Currency.of("BRL")) == brl(HIGHEST)
    assert highest_price(Currency.of("PYG")) == Money.of("999999999999", "PYG")


def test_a_higher_price_is_refused_with_what_it_is_of_and_what_is_possible() -> None:
    check_height(brl(HIGHEST), "line", "access")

    with pytest.raises(RefusedError) as refused:
        check_height(brl(TOO_HIGH), "line", "access")

    assert refused.value.rule == "price-too-high"
    assert str(refused.value) == (
        "10000000000.00 BRL is too high for the line 'access'. Use 9999999999.99 BRL or less."
    )


def test_the_catalogue_takes_the_highest_price() -> None:
    assert catalogue(services={"dear": offer(HIGHEST, HIGHEST)}).service("dear").versions[0].price == brl(
        HIGHEST
    )


@pytest.mark.parametrize(
    ("price", "value", "at"), [(TOO_HIGH, "0.00", "price"), (HIGHEST, TOO_HIGH, "lines[0].value")]
)
def test_the_catalogue_takes_no_higher_price_and_names_the_place(price: str, value: str, at: str) -> None:
    with pytest.raises(DocumentError) as refused:
        catalogue(services={"dear": offer(price, value)})

    assert (
        f"services.dear.versions[0].{at}: 10000000000.00 BRL is too high to be billed."
        " Use 9999999999.99 BRL or less."
    ) in [str(problem) for problem in refused.value.problems]
