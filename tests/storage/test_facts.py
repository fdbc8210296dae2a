"""Facts in the database: what is read is what was written, and damage stays where it is."""

import json
from datetime import UTC, date, datetime

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from ispcore.errors import ConcurrentChangeError, StorageError
from ispcore.plans import ChangePrice, Delete
from ispcore.storage.converters import KINDS
from ispcore.storage.database import SqlDatabase
from ispcore.storage.facts import UPCASTERS, FactStore
from ispcore.timeline import Cause, Fact, Origin, Payload, Recorded, Subject, SubjectKind, Upcasters
from ispcore.values import SubscriptionId
from tests.catalogues import brl
from tests.providers import ANA, Office
from tests.storage.filled import filled

LEAP_DAY = date(2012, 2, 29)


def test_every_kind_of_fact_comes_back_from_the_database_as_it_was() -> None:
    database = SqlDatabase("sqlite:///:memory:")
    database.migrate()
    numbers = iter(range(10**9))

    @settings(max_examples=5)
    @given(st.data())
    def comes_back(data: st.DataObject) -> None:
        for kind, payloads in KINDS.items():
            subject = Subject(kind, str(next(numbers)))
            written = tuple(
                Fact(subject, sequence, date(2012, 2, 24), data.draw(filled(payload)), recorded(), "moved")
                for sequence, payload in enumerate(payloads.values(), start=1)
            )
            with database.writing() as work:
                work.facts.append(written, {})
            with database.reading() as work:
                stored = [evolve(fact, schema_version=UPCASTERS.current(fact.kind)) for fact in written]
                assert list(work.facts.of(subject)) == stored

    comes_back()
    database.close()


def recorded() -> Recorded:
    return Recorded(
        at=datetime(2012, 2, 24, 23, 59, 58, 123456, tzinfo=UTC),
        actor="ana",
        command_id="c-1",
        cause=Cause.SCHEDULED,
        address_ref="actor_address",
        note_ref="note",
        origin=Origin("ispcore-mail", "1.2"),
    )


def test_a_sequence_is_recorded_once(office: Office) -> None:
    subscription = office.subscribe(office.register())
    fact = office.provider.subscription(subscription, actor=ANA).timeline.recorded[0]

    with pytest.raises(ConcurrentChangeError), office.database.writing() as work:
        work.facts.append([fact], {})


# --- older shapes


def test_a_payload_of_an_older_schema_is_lifted_when_it_is_read(office: Office) -> None:
    office.sql(
        "insert into facts select 'customer', '999', 1, effective_on, recorded_at, actor, cause, command_id,"
        " origin, origin_version, 'PromotionsSet', 1, ?, null, null, null from facts limit 1",
        '{"promotions": "yes"}',
    )

    def lifted(payload: Payload) -> Payload:
        return {"allowed": payload["promotions"] == "yes"}

    with office.database.reading() as work:
        facts = FactStore(work.connection, Upcasters({("PromotionsSet", 1): lifted}))
        (fact,) = facts.of(Subject(SubjectKind.CUSTOMER, "999"))

    assert fact.payload.allowed is True


def test_a_fact_is_written_in_the_schema_of_today(office: Office) -> None:
    customer = office.register()
    with office.database.reading() as work:
        fact = work.facts.of(Subject(SubjectKind.CUSTOMER, str(customer)))[0]

    with office.database.writing() as work:
        moved = Fact(Subject(SubjectKind.CUSTOMER, "999"), 1, LEAP_DAY, fact.payload, fact.recorded)
        FactStore(work.connection, Upcasters({("Registered", 1): dict})).append([moved], {})

    assert office.sql("select schema_version from facts where subject_id = '999'") == [(2,)]


# --- damage

typed = pytest.mark.sqlite_only("a column of PostgreSQL holds values of its type only")

DAMAGE = [
    ("payload", '{"opening": 5}'),
    pytest.param("payload", "no json", marks=typed),
    ("payload", "[]"),
    ("payload", "null"),
    ("kind", "Teleported"),
    ("kind", "ItemEnded"),
    ("schema_version", 9),
    pytest.param("effective_on", "one day", marks=typed),
    pytest.param("recorded_at", "long ago", marks=typed),
    ("cause", "a whim"),
]


@pytest.mark.parametrize(("column", "value"), DAMAGE)
def test_a_damaged_fact_is_a_problem_of_its_subscription_and_the_others_are_billed(
    office: Office, column: str, value: object
) -> None:
    one, other = (office.subscribe(office.register(name)) for name in ("Ana", "Bia"))
    office.sql(
        f"update facts set {column} = ? where subject_kind = 'subscription' and subject_id = '1'", value
    )

    run = office.close(LEAP_DAY)

    assert [(problem.subscription, problem.rule) for problem in run.problems] == [(one, "unreadable")]
    assert office.owed(other) == {"2012-02": "20.69"}


@pytest.mark.parametrize(("column", "value"), DAMAGE)
def test_a_damaged_subscription_is_refused_with_a_storage_error_and_found_by_a_check(
    office: Office, column: str, value: object
) -> None:
    one, _ = (office.subscribe(office.register(name)) for name in ("Ana", "Bia"))
    office.sql(
        f"update facts set {column} = ? where subject_kind = 'subscription' and subject_id = '1'", value
    )

    with pytest.raises(StorageError, match="The facts of subscription 1 cannot be read"):
        office.do(ChangePrice(subscription=one, price=brl("90.00")))

    assert [finding.split(":")[0] for finding in office.findings()] == [f"subscription {one}"]


@pytest.mark.parametrize("payload", ["[]", pytest.param("no json", marks=typed)])
def test_the_damaged_facts_of_a_customer_are_found_by_a_check(office: Office, payload: str) -> None:
    office.subscribe(office.register())
    office.sql("update facts set payload = ? where subject_kind = 'customer'", payload)

    assert "cannot be read" in office.findings()[0]


def test_facts_that_contradict_each_other_are_a_problem_of_their_subscription(office: Office) -> None:
    one, other = (office.subscribe(office.register(name)) for name in ("Ana", "Bia"))
    office.sql(
        "insert into facts select subject_kind, subject_id, 2, effective_on, recorded_at, actor, cause,"
        " command_id, origin, origin_version, kind, schema_version, payload, null, null, null"
        " from facts where subject_kind = 'subscription' and subject_id = '1'"
    )

    run = office.close(LEAP_DAY)

    (problem,) = run.problems
    assert (problem.subscription, problem.rule) == (one, "already-open")
    assert problem.facts == ("subscription:1#1", "subscription:1#2")
    assert office.owed(other) == {"2012-02": "20.69"}


@pytest.mark.parametrize(
    ("kind", "payload", "rule"),
    [
        ("ItemEnded", '{"item": "mailbox"}', "contradiction"),
        ("PriceChanged", '{"item": "plan", "price": [100, "USD"]}', "currency"),
        ("HoldLifted", '{"kind": "paused", "cause": "manual"}', "not-held"),
    ],
)
def test_a_fact_that_its_state_does_not_admit_is_a_problem_too(
    office: Office, kind: str, payload: str, rule: str
) -> None:
    one = office.subscribe(office.register())
    office.sql(
        "insert into facts select subject_kind, subject_id, 2, effective_on, recorded_at, actor, cause,"
        " command_id, origin, origin_version, ?, 1, ?, null, null, null"
        " from facts where subject_kind = 'subscription'",
        kind,
        payload,
    )

    run = office.close(LEAP_DAY)

    assert [(problem.subscription, problem.rule) for problem in run.problems] == [(one, rule)]


def test_days_that_nothing_can_be_computed_from_are_a_problem_of_their_subscription(office: Office) -> None:
    one = office.subscribe(office.register(), "trial-status", status=None)
    other = office.subscribe(office.register("Bia"))
    where = "subject_kind = 'subscription' and subject_id = '1'"
    payload = json.loads(office.sql(f"select payload from facts where {where}")[0][0])
    payload["opening"]["status"]["days"] = 10**9
    office.sql(f"update facts set payload = ? where {where}", json.dumps(payload))

    run = office.close(LEAP_DAY)

    assert [(problem.subscription, problem.rule) for problem in run.problems] == [(one, "contradiction")]
    assert office.owed(other) == {"2012-02": "20.69"}


NO_TEXT = "cast(x'ff22' as text)"
"""What SQLite takes for text, though it is none."""


@pytest.mark.sqlite_only("a column of PostgreSQL holds values of its type only")
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("facts.payload", NO_TEXT),
        ("facts.effective_on", "0"),
        ("facts.recorded_at", "7"),
        ("facts.sequence", "sequence || 'x'"),
        ("terms.document", "'no json'"),
        ("subscriptions.closed_through", "3.5"),
        ("subscriptions.dirty_from", "'soon'"),
        ("subscriptions.quiet_until", "'soon'"),
        ("subscriptions.version", "'x'"),
        ("charges.amount", "'much'"),
        ("charges.kind", "'gift'"),
        ("charges.cycle_start", "'soon'"),
        ("closings.cycle_end", "'2011-01-01'"),
        ("closings.billed_through", "'soon'"),
        ("receivables.due_on", "1"),
    ],
)
def test_a_damaged_row_is_a_problem_of_its_subscription_alone(
    office: Office, column: str, value: str
) -> None:
    """Whatever it is a row of: the other subscriptions of the customer, and those of others, are billed."""
    ana, bia = office.register("Ana"), office.register("Bia")
    one, hers, other = office.subscribe(ana), office.subscribe(ana), office.subscribe(bia)
    office.close(LEAP_DAY)
    office.do(ChangePrice(subscription=one, price=brl("90.00"), on=date(2012, 2, 25)))
    table, _, name = column.partition(".")
    of = {"facts": "subject_kind = 'subscription' and subject_id", "subscriptions": "id", "terms": "'1'"}
    office.sql(f"update {table} set {name} = {value} where {of.get(table, 'subscription_id')} = '1'")

    previewed = list(office.provider.preview(date(2012, 3, 31), actor=ANA))
    run = office.close(date(2012, 3, 31))

    assert [(problem.subscription, problem.rule) for problem in run.problems] == [(one, "unreadable")]
    assert [str(each) for closing in previewed for each in closing.problems] == [
        str(each) for each in run.problems
    ]
    assert [office.owed(each) for each in (hers, other)] == [{"2012-02": "20.69", "2012-03": "100.00"}] * 2


@pytest.mark.parametrize("document", [pytest.param("no json", marks=typed), "{}", "[]"])
def test_whoever_has_a_damaged_profile_is_billed_by_the_facts(office: Office, document: str) -> None:
    one = office.subscribe(office.register())
    office.close(LEAP_DAY)
    office.sql("update profiles set document = ?", document)

    assert office.close(date(2012, 3, 31)).problems == ()
    assert office.owed(one) == {"2012-02": "20.69", "2012-03": "100.00"}


def test_a_profile_that_was_changed_is_not_billed_by(office: Office) -> None:
    one = office.subscribe(office.register())
    office.close(LEAP_DAY)
    ((document,),) = office.sql("select document from profiles")
    office.sql("update profiles set document = ?", document.replace("10000", "99900"))

    office.close(date(2012, 3, 31))

    assert office.owed(one) == {"2012-02": "20.69", "2012-03": "100.00"}


@pytest.mark.sqlite_only("a column of PostgreSQL holds values of its type only")
def test_a_damaged_profile_leaves_the_others_of_its_slice_as_they_are(office: Office) -> None:
    subscriptions = [office.subscribe(office.register(plan), plan) for plan in ("adsl", "fibre")]
    office.close(LEAP_DAY)
    office.sql("update profiles set document = 'no json' where rowid = 1")

    assert office.close(date(2012, 3, 31)).problems == ()
    assert [list(office.owed(one)) for one in subscriptions] == [["2012-02", "2012-03"]] * 2


def test_a_subscription_without_facts_is_a_problem_and_a_storage_error(office: Office) -> None:
    one = office.subscribe(office.register())
    office.sql("delete from facts where subject_kind = 'subscription'")

    run = office.close(LEAP_DAY)

    assert [problem.subscription for problem in run.problems] == [one]
    with pytest.raises(StorageError, match=f"Subscription {one} has no facts"):
        office.do(ChangePrice(subscription=one, price=brl("90.00")))


def test_damaged_terms_are_a_problem_of_the_subscriptions_that_they_are_needed_for(office: Office) -> None:
    dirty, clean = (office.subscribe(office.register(name)) for name in ("Ana", "Bia"))
    office.close(LEAP_DAY)
    office.do(ChangePrice(subscription=dirty, price=brl("90.00"), on=date(2012, 2, 25)))
    office.sql("update terms set document = '{}'")

    run = office.close(date(2012, 3, 31))

    assert [(problem.subscription, problem.rule) for problem in run.problems] == [(dirty, "unreadable")]
    assert office.owed(clean) == {"2012-02": "20.69", "2012-03": "100.00"}


@pytest.mark.parametrize("document", ["5", "[]", "{}", '{"price": "cheap"}'])
def test_a_damaged_catalogue_can_be_loaded_anew(office: Office, document: str) -> None:
    office.sql("update catalog_entries set document = ? where section = 'plans' and code = 'adsl'", document)

    office.load()

    assert office.register() == 1


@pytest.mark.parametrize(
    "document", [pytest.param("no json", marks=typed), "5", "[]", "{}", '{"price": "cheap"}']
)
def test_a_damaged_catalogue_is_a_storage_error(office: Office, document: str) -> None:
    office.sql("update catalog_entries set document = ? where section = 'plans' and code = 'adsl'", document)

    with pytest.raises(StorageError):
        office.register()


# --- notes


def test_the_notes_of_commands_are_kept_beside_the_facts(office: Office) -> None:
    subscription = office.subscribe(office.register(), note="rings twice")
    office.do(Delete(subscription=SubscriptionId(subscription), note="a test", on=date(2012, 2, 24)))

    notes = office.sql(
        "select sequence, text from texts where subject_kind = 'subscription' and path = 'note'"
    )

    assert notes == [(1, "rings twice"), (2, "a test")]
