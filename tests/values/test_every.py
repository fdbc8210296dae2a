import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.errors import InvalidValueError
from ispcore.values import Every

lengths = st.one_of(
    st.builds(Every, months=st.integers(1, 36)),
    st.builds(Every, months=st.just(0), weeks=st.integers(1, 52)),
)


@pytest.mark.parametrize(
    ("text", "months", "weeks"),
    [
        ("week", 0, 1),
        ("month", 1, 0),
        ("quarter", 3, 0),
        ("half-year", 6, 0),
        ("year", 12, 0),
        ("1 month", 1, 0),
        ("2 months", 2, 0),
        ("36 months", 36, 0),
        ("1 week", 0, 1),
        ("52 weeks", 0, 52),
    ],
)
def test_a_length_is_named_or_counted(text: str, months: int, weeks: int) -> None:
    assert Every.parse(text) == Every(months=months, weeks=weeks)


@given(lengths)
def test_what_a_length_is_shown_as_is_read_as_the_same(every: Every) -> None:
    assert Every.parse(str(every)) == every


def test_a_length_with_a_name_is_shown_by_it() -> None:
    shown = [str(Every(months=months)) for months in (1, 2, 3, 6, 12, 24)]

    assert shown == ["month", "2 months", "quarter", "half-year", "year", "24 months"]
    assert [str(Every(months=0, weeks=weeks)) for weeks in (1, 2)] == ["week", "2 weeks"]


@pytest.mark.parametrize(
    "text",
    ["", "day", "quarters", "0 months", "-1 months", "1.5 months", "02 months", "3 days", "2 months\n"],
)
def test_another_text_is_no_length_and_the_names_are_told(text: str) -> None:
    with pytest.raises(InvalidValueError, match="is no length of a cycle") as refused:
        Every.parse(text)

    assert "week, month, quarter, half-year, year" in str(refused.value)


def test_a_long_text_is_not_repeated_whole() -> None:
    with pytest.raises(InvalidValueError) as refused:
        Every.parse("month" * 1000)

    assert len(refused.value.message) < 100


@pytest.mark.parametrize("text", ["37 months", "53 weeks", "99 weeks"])
def test_longer_than_anybody_bills_at_once_is_refused(text: str) -> None:
    with pytest.raises(InvalidValueError, match="Use 1 to 36 months, or 1 to 52 weeks"):
        Every.parse(text)


@pytest.mark.parametrize(("months", "weeks"), [(0, 0), (1, 1), (-1, 0), (0, -1), (37, 0), (0, 53)])
def test_a_length_is_of_months_or_of_weeks(months: int, weeks: int) -> None:
    with pytest.raises(InvalidValueError, match=f"cannot last {months} months and {weeks} weeks"):
        Every(months=months, weeks=weeks)


@pytest.mark.parametrize(("text", "days"), [("month", 30), ("quarter", 90), ("year", 360), ("2 weeks", 14)])
def test_a_commercial_month_has_thirty_days(text: str, days: int) -> None:
    assert Every.parse(text).commercial_days == days
