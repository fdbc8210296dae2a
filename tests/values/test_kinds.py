from contextlib import suppress
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.errors import InvalidValueError
from ispcore.values import (
    CODE,
    DAY,
    DECIMAL,
    FLAG,
    LENGTH,
    PROSE,
    TEXT,
    TIME,
    Currency,
    Every,
    Kind,
    Money,
    Rounding,
    as_frozenset,
    as_tuple,
    money,
    one_of,
    shown,
    whole,
    word_of,
)

BRL = Currency.of("BRL")
KINDS = [
    TEXT,
    PROSE,
    CODE,
    FLAG,
    DAY,
    DECIMAL,
    whole(1, 31),
    money(BRL),
    one_of(Rounding),
    word_of(["any"]),
    LENGTH,
    TIME,
]
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.dates()
    | st.datetimes()
    | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.parametrize(
    ("kind", "given_", "expected"),
    [
        (TEXT, "Londrina Net Ltda", "Londrina Net Ltda"),
        (TEXT, "Serviço Habilitado", "Serviço Habilitado"),
        (PROSE, "two\nlines", "two\nlines"),
        (CODE, "3.1.1", "3.1.1"),
        (FLAG, True, True),
        (DAY, "2012-02-29", date(2012, 2, 29)),
        (DAY, date(2012, 2, 29), date(2012, 2, 29)),
        (DECIMAL, "-12.5", Decimal("-12.5")),
        (whole(1, 31), 31, 31),
        (money(BRL), "100.00", Money(10000, BRL)),
        (money(BRL, signed=True), "-1", Money(-100, BRL)),
        (one_of(Rounding), "down", Rounding.DOWN),
        (word_of(["any", "none"]), "none", "none"),
        (LENGTH, "2 weeks", Every(months=0, weeks=2)),
    ],
)
def test_each_kind_reads_its_plain_form(kind: Kind[Any], given_: object, expected: object) -> None:
    assert kind.parse(given_) == expected


@pytest.mark.parametrize(
    ("kind", "wrong", "told"),
    [
        (TEXT, 5, "5 (int) is not text."),
        (TEXT, "", "'' is not a plain text."),
        (TEXT, " a", "' a' is not a plain text."),
        (TEXT, "a\nb", r"'a\nb' is not a plain text."),
        (TEXT, "a\x00", r"'a\x00' is not a plain text."),
        (TEXT, "\u202eevil", r"'\u202eevil' is not a plain text."),
        (TEXT, "\ud800", r"'\ud800' is not a plain text."),
        (TEXT, ["a"], "A list is not text."),
        (TEXT, "a" * 201, f"'{'a' * 59}... is not a plain text."),
        (PROSE, 5, "5 (int) is not text."),
        (PROSE, "a\x1b[2J", r"'a\x1b[2J' is not a plain text."),
        (PROSE, "a" * 10_001, f"'{'a' * 59}... is not a plain text."),
        (CODE, "Big", "'Big' is not a code."),
        (CODE, {}, "A table is not a code."),
        (FLAG, 1, "1 (int) is not true or false."),
        (FLAG, "true", "'true' is not true or false."),
        (DAY, "2011-02-29", "'2011-02-29' is not a day of the calendar."),
        (DAY, "20120224", "'20120224' is not a day."),
        (DAY, "24/02/2012", "'24/02/2012' is not a day."),
        (DAY, 20120224, "20120224 (int) is not a day."),
        (DAY, time(10), "datetime.time(10, 0) (time) is not a day."),
        (DAY, datetime(2012, 2, 24, tzinfo=UTC), "2012-02-24T00:00:00+00:00 (datetime) is not a day."),
        (DAY, "0001-01-01", "'0001-01-01' is not a day that anybody can mean."),
        (DAY, date.max, "9999-12-31 (date) is not a day that anybody can mean."),
        (DECIMAL, "1e9", "'1e9' is not an exact decimal."),
        (DECIMAL, 1, "1 (int) is not an exact decimal."),
        (whole(1, 31), True, "true is not a whole number."),
        (whole(1, 31), "5", "'5' is not a whole number."),
        (whole(1, 31), 0, "0 is not between 1 and 31."),
        pytest.param(whole(1, 31), 10**5000, "A huge number is not between 1 and 31.", id="huge"),
        (money(BRL), 100, "100 (int) is not an exact amount."),
        (money(BRL), "9" * 500, f"'{'9' * 59}... is not an exact amount."),
        (money(BRL), "-1.00", "-1.00 BRL is below zero."),
        (money(BRL), "0.001", "0.001 has more digits than BRL knows (2)."),
        (one_of(Rounding), "up", "'up' is not known here."),
        (word_of(["any"]), [], "A list is not known here."),
        (LENGTH, 3, "3 (int) is not a length of a cycle."),
        (LENGTH, "fortnight", "'fortnight' is no length of a cycle."),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence(kind: Kind[Any], wrong: object, told: str) -> None:
    with pytest.raises(InvalidValueError) as caught:
        kind.parse(wrong)

    assert caught.value.message == told


def test_a_float_is_no_money_and_the_way_out_is_told() -> None:
    with pytest.raises(InvalidValueError) as caught:
        money(BRL).parse(100.0)

    assert str(caught.value) == '100.0 (float) is not an exact amount. Money is text, in quotes: "100.00".'


@pytest.mark.parametrize("kind", KINDS)
@given(value=anything)
def test_any_value_is_read_or_refused(kind: Kind[Any], value: object) -> None:
    read = kind.stand_in
    with suppress(InvalidValueError):
        read = kind.parse(value)

    assert type(read) is type(kind.stand_in)


@given(anything)
def test_whatever_is_shown_stays_short(value: object) -> None:
    assert len(shown(value)) < 70


def test_any_iterable_is_frozen() -> None:
    assert as_tuple(iter([1, 2])) == (1, 2)
    assert as_frozenset([1, 2, 1]) == frozenset({1, 2})


@pytest.mark.parametrize("given", [time(18, 30), "18:30"])
def test_a_time_of_the_day_is_a_time_or_text(given: object) -> None:
    assert TIME.parse(given) == time(18, 30)


@pytest.mark.parametrize(
    "wrong", ["24:00", "8:30", "18:30:00", time(18, 30, 1), time(18, 30, tzinfo=UTC), 18]
)
def test_a_time_is_told_to_the_minute(wrong: object) -> None:
    with pytest.raises(InvalidValueError, match="is not a time of the day"):
        TIME.parse(wrong)
