"""Serial numbers of ONUs in their two forms."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.errors import InvalidValueError
from ispcore.testing.olts import Onu, Place, hex_serial, short_serial


def test_both_forms_are_the_same_serial_number() -> None:
    assert hex_serial("HWTC02d80001") == hex_serial("4857544302D80001") == "4857544302D80001"
    assert short_serial("4857544302D80001") == "HWTC02D80001"


def test_a_vendor_that_cannot_be_printed_stays_hex() -> None:
    assert short_serial("00FF544302D80001") == "00FF544302D80001"


@given(st.from_regex(r"[A-Z0-9]{4}[0-9A-F]{8}", fullmatch=True))
def test_the_short_form_comes_back(short: str) -> None:
    assert short_serial(hex_serial(short)) == short


@pytest.mark.parametrize("text", ["", "HWTC", "HWTC02D8000G", "4857544302D8000", "HÄTC02D80001"])
def test_what_is_no_serial_number_is_told(text: str) -> None:
    with pytest.raises(InvalidValueError, match="is no serial number of an ONU"):
        Onu(serial=text, port="0/1/3")


@given(st.tuples(*[st.integers(0, 200)] * 4))
def test_a_place_is_written_and_read(numbers: tuple[int, int, int, int]) -> None:
    place = Place(*numbers)

    assert Place.parse(str(place)) == place
