"""What customers are told is written in the catalogue: channels, days around due dates, templates."""

from datetime import date, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.catalog import (
    FIELDS,
    SHIPPED_TEMPLATES,
    Channel,
    ContactKind,
    DayForm,
    NoticePolicy,
    Offsets,
    Template,
    TemplateUse,
    filled,
)
from ispcore.catalog.templates import check_fields, fields_of_text, use_of
from ispcore.errors import DocumentError, InvalidValueError, NotFoundError
from tests.catalogues import catalogue


def problems(**notices: Any) -> list[str]:
    with pytest.raises(DocumentError) as error:
        catalogue(notices=notices)
    return [str(problem) for problem in error.value.problems]


# --- days around due dates


@pytest.mark.covers("S3-076")
def test_a_positive_number_is_days_before_the_due_date_and_a_negative_one_days_after() -> None:
    assert Offsets.parse("5, 0, -5").days == (5, 0, -5)


@pytest.mark.parametrize(
    ("written", "days"),
    [("", ()), ("  ", ()), ("3", (3,)), ("-5,0 , 5", (5, 0, -5)), ("365,-365", (365, -365)), ("007", (7,))],
)
def test_days_are_read_in_any_order_and_kept_the_earliest_first(written: str, days: tuple[int, ...]) -> None:
    assert Offsets.parse(written).days == days


@pytest.mark.parametrize(
    "written",
    [
        "5;0",
        "five",
        "5, 5",
        "5, 05",
        "1.5",
        "+5",
        "5,",
        ",5",
        "366",
        "-366",
        "5 0",
        "--5",
        "\N{ARABIC-INDIC DIGIT FIVE}",
        "1" * 50,
    ],
)
def test_what_is_no_list_of_days_is_refused(written: str) -> None:
    with pytest.raises(InvalidValueError, match=r"not a number of days|names a day twice"):
        Offsets.parse(written)


def test_nobody_is_told_more_than_twelve_times() -> None:
    assert len(Offsets.parse(", ".join(map(str, range(12)))).days) == 12

    with pytest.raises(InvalidValueError, match="13 notices are too many"):
        Offsets.parse(", ".join(map(str, range(13))))


@given(st.sets(st.integers(-365, 365), max_size=12))
def test_days_that_are_written_are_read_again(days: set[int]) -> None:
    offsets = Offsets(tuple(sorted(days, reverse=True)))

    assert Offsets.parse(str(offsets)) == offsets


# --- the section


def test_without_the_section_late_payers_are_warned_by_mail_and_nothing_else_is_told() -> None:
    policy = catalogue().notices

    assert policy == NoticePolicy()
    assert [(one.code, one.to, one.short, str(one.due), one.warns) for one in policy.channels.values()] == [
        ("email", ContactKind.EMAIL, False, "", True),
        ("sms", ContactKind.PHONE, True, "", False),
    ]


@pytest.mark.covers("S3-075", "S3-079")
def test_each_choice_can_be_made() -> None:
    policy = catalogue(
        notices={
            "opens_at": "08:00",
            "stale_days": 3,
            "day_form": "day_first",
            "channels": {
                "email": {"due": "5, 0, -5", "sender": "Rede <contas@rede.example>", "warns": False},
                "whatsapp": {"notifier": "acme", "config": {"url": "x"}, "short": False, "to": "phone"},
            },
        }
    ).notices

    assert (policy.opens_at, policy.stale_days, policy.day_form) == (time(8), 3, DayForm.DAY_FIRST)
    assert policy.channel("email").due == Offsets((5, 0, -5))
    assert (policy.channel("email").sender, policy.channel("email").warns) == (
        "Rede <contas@rede.example>",
        False,
    )
    assert policy.channel("whatsapp") == Channel(
        code="whatsapp", to=ContactKind.PHONE, short=False, notifier="acme", config={"url": "x"}
    )
    assert policy.channel("sms") == NoticePolicy().channel("sms")


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        (
            {"channels": {"email": {"due": "5;0"}}},
            "notices.channels.email.due: '5;0' is not a number of days",
        ),
        ({"channels": {"email": {"due": [5]}}}, "notices.channels.email.due: A list is not text."),
        ({"channels": {"email": {"to": "fax"}}}, "notices.channels.email.to: 'fax' is not known here."),
        ({"channels": {"email": {"dues": "5"}}}, "notices.channels.email.dues: This key is not known here."),
        ({"stale_days": 0}, "notices.stale_days: 0 is not between 1 and 60."),
        ({"opens_at": "25:00"}, "notices.opens_at: '25:00' is not a time of the day."),
        ({"opens": "08:00"}, "notices.opens: This key is not known here. Did you mean 'opens_at'?"),
        (
            {"templates": {"due": {"subject": "Hi {name}", "text": "x"}}},
            "notices.templates.due.subject: There is no field 'name' here.",
        ),
        (
            {"templates": {"due": {"subject": "Hi", "text": "{customer.tax_id}"}}},
            "notices.templates.due.text: A brace stands alone at '{customer.tax_id}'.",
        ),
        (
            {"templates": {"due": {"subject": "Hi", "text": "x", "short": "{stage}"}}},
            "notices.templates.due.short: There is no field 'stage' here.",
        ),
        ({"templates": {"due": {"text": "x"}}}, "notices.templates.due.subject: This key is required."),
    ],
)
def test_what_cannot_be_meant_is_told_at_its_place(written: dict[str, Any], problem: str) -> None:
    (found,) = problems(**written)

    assert found.startswith(problem)


def test_a_stage_of_a_late_policy_names_a_template_that_there_is() -> None:
    stages = [{"code": "warn", "action": "notify", "days": 1, "template": "debt"}]
    late = {
        "standard": {"stages": stages},
        "dated": {"versions": [{"from": date(2012, 1, 1), "stages": stages}]},
    }

    with pytest.raises(DocumentError) as error:
        catalogue(late=late)

    assert [str(problem).partition(" Known")[0] for problem in error.value.problems] == [
        "late.standard.stages[0].template: There is no template 'debt' of a notice.",
        "late.dated.versions[0].stages[0].template: There is no template 'debt' of a notice.",
    ]
    debt = {"debt": {"subject": "Debt", "text": "{amount} at stage {stage}"}}
    assert catalogue(late=late, notices={"templates": debt}).notices.template("debt").short == (
        "{amount} at stage {stage}"
    )


def test_a_channel_or_template_that_there_is_not_is_not_found() -> None:
    policy = NoticePolicy()

    with pytest.raises(NotFoundError, match=r"no channel 'fax'. The catalogue has: email, sms."):
        policy.channel("fax")
    with pytest.raises(NotFoundError, match="no template 'debt'"):
        policy.template("debt")


# --- templates


@pytest.mark.parametrize("code", SHIPPED_TEMPLATES)
def test_the_shipped_templates_have_only_fields_that_there_are(code: str) -> None:
    template = SHIPPED_TEMPLATES[code]

    for text in (template.subject, template.text, template.short):
        check_fields(text, FIELDS[use_of(code)])


@pytest.mark.parametrize(
    ("code", "use"),
    [
        ("due_today", TemplateUse.DUE),
        ("status", TemplateUse.STATUS),
        ("status-blocked", TemplateUse.STATUS),
        ("statuses", TemplateUse.STAGE),
        ("late", TemplateUse.STAGE),
        ("anything", TemplateUse.STAGE),
    ],
)
def test_the_code_of_a_template_says_what_it_tells(code: str, use: TemplateUse) -> None:
    assert use_of(code) is use


def test_fields_and_doubled_braces_are_replaced() -> None:
    assert filled("{{{a}}} {a}{b}", {"a": "1", "b": "2"}, most=20) == "{1} 12"


def test_a_value_that_looks_like_a_field_stays_as_it_is() -> None:
    assert filled("{a}", {"a": "{b} {{", "b": "secret"}, most=20) == "{b} {{"


@pytest.mark.parametrize(
    "text", ["{", "}", "{}", "{0}", "{A}", "{a.b}", "{a[0]}", "{a!r}", "{a:>9}", "{ a}", "{{}", "{a}}"]
)
def test_nothing_but_names_of_fields_is_understood(text: str) -> None:
    with pytest.raises(InvalidValueError, match="A brace stands alone"):
        fields_of_text(text)


def test_a_missing_field_is_named() -> None:
    with pytest.raises(InvalidValueError, match=r"no field 'b' here. There are: a."):
        filled("{a} {b}", {"a": "1"}, most=20)


def test_a_text_has_a_limit() -> None:
    assert filled("{a}", {"a": "x" * 20}, most=20) == "x" * 20

    with pytest.raises(InvalidValueError, match="The text has 21 characters, and 20 are the most"):
        filled("{a}!", {"a": "x" * 20}, most=20)


@given(
    st.dictionaries(st.from_regex(r"[a-z][a-z0-9_]{0,5}", fullmatch=True), st.text(max_size=9), max_size=3)
)
def test_whatever_is_filled_in_stands_in_the_text(values: dict[str, str]) -> None:
    text = "|".join(f"{{{name}}}" for name in values)

    assert filled(text, values, most=1_000) == "|".join(values.values())


@pytest.mark.parametrize(
    ("form", "text"),
    [(DayForm.ISO, "2012-02-29"), (DayForm.DAY_FIRST, "29/02/2012"), (DayForm.MONTH_FIRST, "02/29/2012")],
)
def test_days_are_written_as_customers_read_them(form: DayForm, text: str) -> None:
    assert form.write(date(2012, 2, 29)) == text


def test_a_template_of_ones_own_takes_the_place_of_the_shipped_one() -> None:
    own = {"subject": "Vence em {due_on}", "text": "Prezado {customer}", "short": "Vence"}

    policy = catalogue(notices={"templates": {"due": own}}).notices

    assert policy.template("due") == Template(**own)
    assert policy.template("overdue") == SHIPPED_TEMPLATES["overdue"]
