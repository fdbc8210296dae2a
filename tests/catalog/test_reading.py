import re
from datetime import date

import pytest
from attrs import fields

from ispcore.catalog import (
    SECTIONS,
    BillingPolicy,
    Bucket,
    BusinessUnit,
    ChargeMethod,
    Company,
    Composition,
    DatedPolicy,
    DocumentType,
    ExtraField,
    FieldOwner,
    FieldType,
    LedgerAccount,
    Line,
    Message,
    Plan,
    Reason,
    Role,
    Serves,
    Service,
    Speed,
    Status,
    Target,
    Technology,
    Trial,
    TrialKind,
    Version,
    read_catalogue,
)
from ispcore.errors import DocumentError
from ispcore.values import Currency, LineId, Money, PlainCalendar, Rounding
from tests.catalog.sample import GONE, TEXT, catalogue, problems, sample

SLIP = Target("3.1.1", "main", "telecom", "slip")


def reais(text: str) -> Money:
    return Money.of(text, "BRL")


def test_a_plan_has_dated_prices_with_their_lines() -> None:
    plan = catalogue().plan("adsl")

    lines = (
        Line(LineId("access"), "Acesso", reais("60.00"), Target("3.1.1", "main", "telecom")),
        Line(LineId("tv"), "TV", reais("30.00"), Target("3.1.1", "tv", "telecom", "card")),
    )
    assert plan == Plan(
        code="adsl",
        name="ADSL 2 Mega",
        versions=(Version(date(2012, 1, 1), reais("100.00"), Composition(lines, SLIP, "ADSL 2 Mega")),),
        policy="standard",
        technology=Technology.DSL,
        speed=Speed(2048, 512),
        includes={"mailbox": 2},
        permits=frozenset({"antivirus"}),
    )


def test_a_service_is_billed_every_cycle_unless_told() -> None:
    remainder = Target("3.1.1", "main", "telecom")
    version = Version(date(2012, 1, 1), reais("9.90"), Composition((), remainder, "Antivírus mensal"))

    assert catalogue().service("antivirus") == Service("antivirus", "Antivírus", (version,), recurring=True)
    assert not catalogue({"services/antivirus/recurring": False}).service("antivirus").recurring


def test_a_plan_without_a_speed_or_a_technology_reaches_nobody() -> None:
    plan = catalogue(
        {"plans/adsl/download_kbit": GONE, "plans/adsl/upload_kbit": GONE, "plans/adsl/technology": GONE}
    ).plan("adsl")

    assert plan.speed is None
    assert plan.technology is Technology.NONE


@pytest.mark.covers("S0-033", "S0-052")
def test_companies_and_charge_methods_come_from_the_providers_lists() -> None:
    found = catalogue()

    assert found.currency == Currency.of("BRL")
    assert found.companies == {
        "main": Company("main", "Londrina Net Ltda", "12.345.678/0001-90", "Avenida Higienópolis 210"),
        "tv": Company("tv", "Londrina TV Ltda"),
    }
    assert found.charge_methods == {
        "slip": ChargeMethod("slip", "Boleto bancário", "109"),
        "card": ChargeMethod("card", "Cartão"),
    }
    assert found.document_types == {"telecom": DocumentType("telecom", "Nota de comunicação")}
    assert found.accounts == {"3.1.1": LedgerAccount("3.1.1", "Receita de acesso")}
    assert found.reasons == {"moved": Reason("moved", "Mudou-se")}


@pytest.mark.covers("S4-002", "S4-010", "S4-011", "S4-012", "S4-013")
def test_a_status_says_what_it_does() -> None:
    written = {
        "description": "Viagem",
        "bucket": "inactive",
        "bills": False,
        "serves": "blocked",
        "days": 30,
        "next": "enabled",
        "may_change_by_hand": False,
        "may_have_logins": False,
        "may_be_task_target": False,
        "email": {"send": True, "sender": "a@example.com"},
        "sms": {"sender": "ISP"},
    }

    assert catalogue({"statuses/travel": written}).statuses["travel"] == Status(
        code="travel",
        description="Viagem",
        bucket=Bucket.INACTIVE,
        bills=False,
        serves=Serves.BLOCKED,
        days=30,
        next="enabled",
        may_change_by_hand=False,
        may_have_logins=False,
        may_be_task_target=False,
        email=Message(send=True, sender="a@example.com"),
        sms=Message(send=False, sender="ISP"),
    )


def test_a_status_of_ones_own_takes_the_place_of_a_shipped_one() -> None:
    found = catalogue().statuses

    assert found["trial"].email == Message(send=True, sender="contato@example.com")
    assert found["enabled"].role is Role.ENABLED


def test_without_statuses_of_ones_own_the_shipped_list_is_used() -> None:
    found = catalogue({"statuses": GONE, "use_statuses": GONE})

    assert found.status_for(Role.INITIAL).code == "awaiting"


def test_with_statuses_of_ones_own_a_shipped_list_is_used_only_on_request() -> None:
    assert (
        problems({"use_statuses": GONE})
        == problems({"use_statuses": "none"})
        == [
            *(
                f"statuses: No status has the role '{role}'. "
                'Give it to one, or begin with a shipped list: use_statuses = "integrator".'
                for role in ("initial", "enabled", "suspended", "cancelled")
            ),
            "statuses.trial.next: There is no status 'enabled'. Known are: trial.",
        ]
    )


@pytest.mark.covers("S0-018", "S0-035", "S3-008")
def test_a_business_unit_owns_plans_cities_charge_methods_and_due_days() -> None:
    assert catalogue().unit("londrina") == BusinessUnit(
        code="londrina",
        name="Londrina",
        zone="America/Sao_Paulo",
        cities=frozenset({"Londrina", "Cambé"}),
        plans=frozenset({"adsl"}),
        charge_methods=frozenset({"slip", "card"}),
        due_days=frozenset({5, 10, 15}),
        weekdays_only=True,
        calendar=PlainCalendar({date(2012, 9, 7)}),
    )


@pytest.mark.parametrize("due_days", ["any", GONE])
@pytest.mark.covers("S3-008")
def test_a_business_unit_may_sell_any_due_day(due_days: object) -> None:
    assert catalogue({"units/londrina/due_days": due_days}).unit("londrina").due_days is None


@pytest.mark.parametrize("zone", ["UTC", "Europe/Lisbon", "America/Argentina/Buenos_Aires", "Etc/GMT+3"])
def test_a_business_unit_has_a_time_zone(zone: str) -> None:
    assert catalogue({"units/londrina/zone": zone}).unit("londrina").zone == zone


def test_extra_fields_belong_to_their_owner() -> None:
    assert catalogue().extra_fields == {
        "customer.nickname": ExtraField(FieldOwner.CUSTOMER, "nickname", "Apelido", FieldType.TEXT),
        "contract.colour": ExtraField(
            FieldOwner.CONTRACT, "colour", "Cor", FieldType.CHOICE, required=True, choices=("red", "green")
        ),
    }


def test_the_policy_standard_is_there_with_its_defaults() -> None:
    assert catalogue().policies["standard"] == (DatedPolicy(None, BillingPolicy()),)
    assert catalogue({"policies/standard/lead_days": 9}).policy("standard", date(2012, 1, 1)).lead_days == 9


def test_a_policy_has_one_version_since_ever_or_dated_ones() -> None:
    policies = catalogue().policies

    assert policies["prepaid"] == (
        DatedPolicy(None, BillingPolicy(advance=True, trial=Trial(TrialKind.DAYS, days=3))),
    )
    assert policies["dated"] == (
        DatedPolicy(date(2012, 1, 1), BillingPolicy()),
        DatedPolicy(date(2013, 1, 1), BillingPolicy(rounding=Rounding.HALF_EVEN)),
    )


def test_every_choice_of_a_policy_can_be_written() -> None:
    other = {
        "rounding": "down",
        "bills_last_day": False,
        "final_bill": "at_closing",
        "strict_composition": True,
        "lead_days": 0,
        "due_roll": "next_business_day",
        "charge_accrual": "past",
        "document_accrual": "future",
        "advance": True,
        "every": "quarter",
        "anchor": "start",
        "closing_day": 20,
        "closing_month": 3,
        "closing_move": "cut",
        "day_count": "months_of_30",
        "proration": "full",
        "first_bill": "with_next",
        "greedy": True,
        "suspension": "neither",
        "trial": {"kind": "month"},
        "spare_cents": "last",
        "open_instalments": "go_on",
        "due_day_fee": "7.50",
    }

    policy = catalogue({"policies/other": other}).policy("other", date(2012, 1, 1))

    for choice in fields(BillingPolicy):
        assert getattr(policy, choice.name) != choice.default, choice.name


@pytest.mark.parametrize(
    ("written", "trial"),
    [
        ({"kind": "none"}, Trial()),
        ({"kind": "cycle"}, Trial(TrialKind.CYCLE)),
        ({"kind": "status", "status": "trial"}, Trial(TrialKind.STATUS, status="trial")),
    ],
)
def test_a_trial_says_its_kind(written: object, trial: Trial) -> None:
    assert catalogue({"policies/prepaid/trial": written}).policy("prepaid", date(2012, 1, 1)).trial == trial


def test_days_may_be_iso_text_everywhere() -> None:
    changes = {
        "plans/adsl/versions/0/from": "2012-01-01",
        "services/antivirus/versions/0/from": "2012-01-01",
        "policies/dated/versions/0/from": "2012-01-01",
        "policies/dated/versions/1/from": "2013-01-01",
        "units/londrina/holidays/0": "2012-09-07",
    }

    assert catalogue(changes) == catalogue()


def test_the_sample_uses_every_section() -> None:
    assert SECTIONS.keys() == sample().keys() - {"currency", "use_statuses", "devices"}


def test_the_smallest_catalogue_is_a_currency() -> None:
    assert read_catalogue({"currency": "BRL"}).plans == {}


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("currency", GONE, "This key is required."),
        (
            "currency",
            "BRR",
            "'BRR' is not a currency that is known here. Use an ISO 4217 code such as 'BRL'.",
        ),
        ("currency", 5, "5 is not a currency that is known here. Use an ISO 4217 code such as 'BRL'."),
        ("planz", {}, "This key is not known here. Did you mean 'plans'?"),
        ("use_statuses", "all", "'all' is not known here. Use one of: integrator, contract, none."),
        ("companies/main/name", GONE, "This key is required."),
        ("companies/main/nmae", "x", "This key is not known here. Did you mean 'name'?"),
        ("companies/main", 5, "5 is not a table of keys and values."),
        (
            "companies/Main",
            {},
            (
                "'Main' is not a code. "
                "Use 1 to 40 small letters, digits, '_', '-' or '.', a letter or digit first."
            ),
        ),
        ("reasons/moved/use", "fun", "'fun' is not known here. Use one of: cancellation."),
        ("statuses/trial/days", 0, "0 is not between 1 and 3660."),
        ("statuses/trial/days", 3661, "3661 is not between 1 and 3660."),
        ("statuses/trial/next", "enable", "There is no status 'enable'. Did you mean 'enabled'?"),
        ("statuses/trial/email/send", 1, "1 (int) is not true or false."),
        ("plans/adsl/download_kbit", 10**10, "10000000000 is not between 1 and 1000000000."),
        ("plans/adsl/includes/mailbox", -1, "-1 is not between 0 and 10000."),
        ("plans/adsl/policy", "prepayd", "There is no billing policy 'prepayd'. Did you mean 'prepaid'?"),
        (
            "plans/adsl/versions/0/price",
            100.0,
            '100.0 (float) is not an exact amount. Money is text, in quotes: "100.00".',
        ),
        ("plans/adsl/versions/0/from", "2011-02-29", "'2011-02-29' is not a day of the calendar."),
        (
            "plans/adsl/versions/0/account",
            "3.1.2",
            "There is no ledger account '3.1.2'. Did you mean '3.1.1'?",
        ),
        (
            "plans/adsl/versions/0/charge_method",
            "cash",
            "There is no charge method 'cash'. Known are: card, slip.",
        ),
        (
            "plans/adsl/versions/0/lines/1/document_type",
            "tv",
            "There is no document type 'tv'. Known are: telecom.",
        ),
        (
            "plans/adsl/versions/0/lines/0/id",
            "remainder",
            "'remainder' is the line that takes what the others leave.",
        ),
        (
            "plans/adsl/versions/0/lines/1/id",
            "access",
            "Another line is called 'access' too. Each line has its own id.",
        ),
        ("services/antivirus/recurring", "yes", "'yes' is not true or false."),
        ("policies/dated/versions", [], "A policy needs a version."),
        ("policies/dated/versions/0/from", GONE, "This key is required."),
        ("policies/dated/versions/1/from", "2012-01-01", "Another version is from 2012-01-01 too."),
        ("policies/dated/advance", True, "This key is not known here. Known are: versions."),
        ("document_types/telecom/day", 5, "'day' is for documents in advance. Leave it out."),
        ("policies/prepaid/closing_day", True, "true is not a whole number. Use 1 to 31."),
        ("policies/prepaid/trial/days", GONE, "This key is required."),
        (
            "units/londrina/zone",
            "Brasilia",
            "'Brasilia' is not the name of a time zone. Write area and city: 'America/Sao_Paulo'.",
        ),
        (
            "units/londrina/zone",
            "../../etc/passwd",
            "'../../etc/passwd' is not the name of a time zone. Write area and city: 'America/Sao_Paulo'.",
        ),
        ("units/londrina/due_days", [], "A business unit needs a due day. Name some, or write 'any'."),
        ("units/londrina/due_days", "some", "'some' is not a list. Write it in brackets: [...]."),
        ("extra_fields/custmer", {}, "This key is not known here. Did you mean 'customer'?"),
        (
            "extra_fields/customer/nickname/choices",
            ["a"],
            "Choices belong to the type 'choice', which needs some.",
        ),
        (
            "extra_fields/contract/colour/choices",
            GONE,
            "Choices belong to the type 'choice', which needs some.",
        ),
    ],
)
def test_a_wrong_value_is_told_at_its_place(key: str, value: object, problem: str) -> None:
    place = re.sub(r"/([0-9]+)", r"[\1]", key).replace("/", ".")

    assert problems({key: value}) == [f"{place}: {problem}"]


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        (
            "statuses/trial/days",
            GONE,
            "statuses.trial: A timed status needs both 'days' and 'next'. Give both, or none.",
        ),
        (
            "statuses/trial/sms",
            {"sendr": "x"},
            "statuses.trial.sms.sendr: This key is not known here. Did you mean 'sender'?",
        ),
        (
            "plans/adsl/versions",
            [],
            "plans.adsl: It has no version. Give it a price: [[...versions]] with 'from' and 'price'.",
        ),
        (
            "plans/adsl/upload_kbit",
            GONE,
            "plans.adsl: A speed needs both 'download_kbit' and 'upload_kbit'. Give both, or none.",
        ),
        (
            "plans/adsl/permits",
            ["antivrus"],
            "plans.adsl.permits[0]: There is no additional service 'antivrus'. Did you mean 'antivirus'?",
        ),
        (
            "policies/prepaid/trial/kind",
            "month",
            "policies.prepaid.trial.days: This key is not known here. Known are: kind.",
        ),
        (
            "policies/prepaid/trial",
            {"kind": "status", "status": "tryal"},
            "policies.prepaid.trial.status: There is no status 'tryal'. Did you mean 'trial'?",
        ),
        ("units/londrina/due_days", [32], "units.londrina.due_days[0]: 32 is not between 1 and 31."),
        (
            "units/londrina/holidays",
            ["2012-13-01"],
            "units.londrina.holidays[0]: '2012-13-01' is not a day of the calendar.",
        ),
        (
            "units/londrina/plans",
            ["adls"],
            "units.londrina.plans[0]: There is no plan 'adls'. Did you mean 'adsl'?",
        ),
    ],
)
def test_what_a_wrong_value_breaks_is_told_where_it_breaks(key: str, value: object, problem: str) -> None:
    assert problems({key: value}) == [problem]


def test_two_versions_of_one_offer_from_one_day_are_a_problem() -> None:
    version = sample()["plans"]["adsl"]["versions"][0]

    assert problems({"plans/adsl/versions": [version, version]}) == [
        "plans.adsl.versions[1].from: Another version is from 2012-01-01 too."
    ]


@pytest.mark.covers("S0-056")
def test_the_lines_of_a_version_may_not_exceed_its_price() -> None:
    assert problems({"plans/adsl/versions/0/price": "89.99"}) == [
        (
            "plans.adsl.versions[0].lines: The lines of the composition sum to 90.00 BRL, "
            "more than the price 89.99 BRL. "
            "Lower a line, raise the price, or ask for the lines to be rescaled."
        )
    ]
    assert problems({"plans/adsl/versions/0/price": "90.00"}) == []


def test_a_price_and_lines_beyond_every_bill_are_each_a_problem() -> None:
    huge = {f"plans/adsl/versions/0/lines/{line}/value": "9" * 13 for line in (0, 1)}

    found = problems(huge | {"plans/adsl/versions/0/price": "9" * 13})

    assert [one.partition(":")[0] for one in found] == [
        f"plans.adsl.versions[0].{at}" for at in ("price", "lines[0].value", "lines[1].value")
    ]


def test_every_problem_is_told_at_once() -> None:
    found = problems(
        {
            "currency": "BRR",
            "companies/main/name": 5,
            "plans/adsl/versions/0/price": "1,00",
            "plans/adsl/versions/0/lines/0/account": "x",
            "units/londrina/cities/1": "",
            "extra": 1,
        }
    )

    assert [problem.split(":")[0] for problem in found] == [
        "currency",
        "companies.main.name",
        "units.londrina.cities[1]",
        "plans.adsl.versions[0].price",
        "extra",
        "plans.adsl.versions[0].lines[0].account",
    ]


def test_an_entry_with_a_problem_is_known_all_the_same() -> None:
    assert problems({"companies/main/name": 5}) == [
        "companies.main.name: 5 (int) is not text. Write it in quotes."
    ]


@pytest.mark.parametrize("document", [None, [], "text", 5])
def test_what_is_no_document_is_a_problem(document: object) -> None:
    with pytest.raises(DocumentError, match=r"is not a table of keys and values"):
        read_catalogue(document)  # type: ignore[arg-type]  # the mistake under test


@pytest.mark.parametrize("section", SECTIONS)
def test_a_section_is_a_table(section: str) -> None:
    assert f"{section}: 'text' is not a table of keys and values." in problems({section: "text"})


def test_the_text_of_the_sample_is_short_enough_to_be_read() -> None:
    assert TEXT.count("\n") < 150
