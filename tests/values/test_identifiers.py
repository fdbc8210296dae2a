import pytest

from ispcore.errors import InvalidValueError
from ispcore.values import check_code


@pytest.mark.parametrize("code", ["a", "3.1.1", "adsl_2-mega", "a" * 40])
def test_small_letters_digits_and_signs_make_a_code(code: str) -> None:
    assert check_code(code) == code


@pytest.mark.parametrize("code", ["", "A", "é", "_a", ".a", "-a", "a b", "a\n", "a" * 41, 7, None])
def test_what_is_no_code_is_refused_by_its_kind(code: object) -> None:
    with pytest.raises(InvalidValueError, match=r"cannot be a line id"):
        check_code(code, "line id")
