from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.errors import DocumentError, InvalidValueError
from ispcore.values import CODE, TEXT, Notes, Problem, Table, nearest, plain, suggestion, whole

CODES = "Use 1 to 40 small letters, digits, '_', '-' or '.', a letter or digit first."


def told(notes: Notes) -> list[str]:
    return [str(problem) for problem in notes.problems]


def test_a_problem_prints_its_place_its_sentence_and_the_way_out() -> None:
    problem = Problem("plans.adsl.name", "This key is required.", "Give it.")

    assert str(problem) == "plans.adsl.name: This key is required. Give it."
    assert str(Problem("", "It is empty.", line=3)) == "line 3: It is empty."


def test_every_problem_is_noted_and_reading_goes_on() -> None:
    notes = Notes()
    table = Table({"name": 5, "dayz": 3}, notes, "plan")

    name, days = table.get("name", TEXT), table.get("days", whole(1, 31))
    table.close()

    assert (name, days) == ("", 1)
    assert not table.clean
    assert told(notes) == [
        "plan.name: 5 (int) is not text. Write it in quotes.",
        "plan.days: This key is required.",
        "plan.dayz: This key is not known here. Did you mean 'days'?",
    ]


def test_a_missing_key_takes_its_default() -> None:
    notes = Notes()
    table = Table({}, notes)

    assert table.is_empty
    assert table.get("name", TEXT, default=None) is None
    assert table.many("cities", TEXT) == ()
    assert table.rows("lines") == ()
    assert table.table("email").is_empty
    assert table.refer("company", "companies", default=None) is None
    assert table.refer_many("plans", "plans") == ()
    assert table.clean
    assert notes == Notes()


def test_items_of_a_list_have_places_of_their_own() -> None:
    notes = Notes()
    table = Table({"days": [1, 99, 3], "rows": [{}, 4], "list": 5, "table": []}, notes, "unit")

    assert table.many("days", whole(1, 31)) == (1, 1, 3)
    assert len(table.rows("rows")) == 2
    assert table.many("list", TEXT) == ()
    assert table.table("table").is_empty
    assert told(notes) == [
        "unit.days[1]: 99 is not between 1 and 31.",
        "unit.rows[1]: 4 is not a table of keys and values.",
        "unit.list: 5 is not a list. Write it in brackets: [...].",
        "unit.table: A list is not a table of keys and values.",
    ]


def test_entries_are_read_by_their_codes() -> None:
    notes = Notes()
    table = Table({"adsl": {"name": "ADSL"}, "Fibre": {}, "3.1": 7, 5: {}}, notes, "plans")

    assert [(code, entry.place) for code, entry in table.named()] == [
        ("adsl", "plans.adsl"),
        ("3.1", 'plans."3.1"'),
    ]
    assert [problem.place for problem in notes.problems] == ["plans.Fibre", 'plans."3.1"', "plans.5"]


def test_counts_are_read_by_their_codes() -> None:
    notes = Notes()
    table = Table({"mailbox": 2, "UPPER": 1, "ip": -1}, notes, "includes")

    assert table.counts(whole(0, 5)) == {"mailbox": 2, "ip": 0}
    assert [problem.place for problem in notes.problems] == ["includes.UPPER", "includes.ip"]


def test_a_reference_to_nothing_is_told_with_the_nearest_word() -> None:
    notes = Notes()
    table = Table({"company": "mian", "plans": ["adsl", "x", 4], "account": 3, "bank": "itau"}, notes)

    assert table.refer("company", "companies") == "mian"
    assert table.refer_many("plans", "plans") == ("adsl", "x")
    assert table.refer("account", "accounts", default=None) == ""
    assert table.refer("bank", "banks") == "itau"
    assert table.refer("gone", "companies") == ""
    notes.check_references(
        {"companies": ("company", ["main"]), "plans": ("plan", {"adsl": 1}), "banks": ("bank", ())}
    )

    assert told(notes) == [
        f"plans[2]: 4 (int) is not a code. {CODES}",
        f"account: 3 (int) is not a code. {CODES}",
        "gone: This key is required.",
        "company: There is no company 'mian'. Did you mean 'main'?",
        "plans[1]: There is no plan 'x'. Known are: adsl.",
        "bank: There is no bank 'itau'. None is known yet.",
    ]


def test_problems_are_raised_together() -> None:
    notes = Notes()
    notes.raise_problems("The scenario")
    table = Table({}, notes)
    table.problem("It is empty.")
    table.problem("It has no step.", at="steps")

    with pytest.raises(DocumentError) as caught:
        notes.raise_problems("The scenario")

    assert caught.value.problems == (Problem("", "It is empty."), Problem("steps", "It has no step."))


@pytest.mark.parametrize(
    ("key", "place"),
    [
        ("two words", '"two words"'),
        ('a"b', r'"a\"b"'),
        ("a\x1b[2J", r'"a\u001b[2J"'),
        ("é", '"é"'),
        ("k" * 99, f'"{"k" * 60}"'),
        (7, "7"),
        ((1, 2), '"A list"'),
    ],
)
def test_odd_keys_are_quoted_in_places(key: object, place: str) -> None:
    notes = Notes()
    Table({key: 1}, notes).close()

    assert notes.problems[0].place == place


def test_what_is_no_table_is_read_as_an_empty_one() -> None:
    notes = Notes()
    table = Table("text", notes, "plans")

    assert table.is_empty
    assert not table.clean
    assert told(notes) == ["plans: 'text' is not a table of keys and values."]


def test_the_nearest_word_is_found_or_none() -> None:
    assert nearest("prize", ["price", "name"]) == "price"
    assert nearest("zzz", ["price", "name"]) is None
    assert nearest(5, ["price"]) is None


def test_a_long_list_of_known_words_is_cut() -> None:
    hint = suggestion("zzz", [f"plan{number:02}" for number in range(50)])

    assert hint.endswith("plan19 and 30 more.")


def test_days_become_text_in_plain_values() -> None:
    assert plain({"from": date(2012, 1, 1), "lines": ({"value": "1"},), "on": True, "days": 3}) == {
        "from": "2012-01-01",
        "lines": [{"value": "1"}],
        "on": True,
        "days": 3,
    }


@pytest.mark.parametrize("value", [1.5, None, b"x", object()])
def test_what_no_document_keeps_is_not_plain(value: object) -> None:
    with pytest.raises(InvalidValueError, match=r"nothing that a document keeps"):
        plain([value])


def test_values_without_an_end_are_refused() -> None:
    endless: list[object] = []
    endless.append(endless)

    with pytest.raises(InvalidValueError, match=r"more than 32 levels"):
        plain(endless)


@given(st.dictionaries(st.text(), st.integers()))
def test_every_key_that_nobody_asked_for_is_told(values: dict[str, int]) -> None:
    notes = Notes()
    table = Table(values, notes)
    table.get("known", CODE, default=None) if "known" not in values else None
    table.close()

    assert len(notes.problems) == len(values.keys() - {"known"})


def test_a_table_for_another_reader_is_handed_over_whole() -> None:
    notes = Notes()
    table = Table({"plans": {"adsl": {}}, "other": 1}, notes)

    assert table.raw() == {"plans": {"adsl": {}}, "other": 1}
    table.close()
    assert told(notes) == []
