"""Many commands: in slices, each item undone alone, found again by a second run."""

from collections.abc import Iterator
from datetime import date
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ispcore.customers import PersonDetails, PersonKind, RegisterCustomer, SaveAddress
from ispcore.errors import InvalidValueError, NotFoundError, RefusedError
from ispcore.plans import Cancel, ChangePlan, ImportSubscription, Subscribe, Suspend
from ispcore.usecases import Find, Item, Outcome, RecordPayment
from ispcore.values import AddressId, CustomerId, SubscriptionId
from tests.catalogues import START, brl, march
from tests.providers import ANA, NOBODY, Office, address, open_office

TERMS: Any = {"plan": "adsl", "status": "enabled", "charge_method": "slip", "due_day": 10}


def person(code: str | None, *, tax_id: str | None = None, city: str = "Londrina") -> RegisterCustomer:
    details = PersonDetails(name=f"Customer {code}", tax_id=tax_id)
    return RegisterCustomer(
        kind=PersonKind.PERSON, details=details, code=code, addresses=(address("home", city),)
    )


def row(code: str, foreign_id: str, *, city: str = "Londrina", **terms: Any) -> Item:
    """Return an item that registers a customer and imports a subscription."""

    def commands(find: Find) -> Iterator[Any]:
        yield person(code, city=city)
        yield imported(find.customer(code), foreign_id, **terms)

    return commands


def imported(customer: CustomerId, foreign_id: str, **terms: Any) -> ImportSubscription:
    return ImportSubscription(
        customer=customer, on=START, system="old", foreign_id=foreign_id, **{**TERMS, **terms}
    )


def outcomes(office: Office, *items: Item, **options: Any) -> list[Outcome]:
    return list(office.provider.do_many(items, actor=ANA, **options))


def kept(office: Office) -> dict[str, list[dict[str, Any]]]:
    """Return everything in the database but the random names of commands."""
    from ispcore.storage.columns import metadata

    dump = office.dump()
    return {
        table.name: sorted(
            (
                {column.name: value for column, value in zip(table.columns, one, strict=True)}
                | {"command_id": None}
                for one in dump[table.name]
            ),
            key=repr,
        )
        for table in metadata.sorted_tables
    }


# --- one after another


def test_each_command_has_its_outcome_in_the_order_of_the_stream(office: Office) -> None:
    first, second = outcomes(office, person("c1"), person("c2"))

    assert (first.index, second.index) == (0, 1)
    assert [one.customer for one in (*first.recorded, *second.recorded)] == [1, 2]  # type: ignore[union-attr]
    assert first.error is None


def test_a_later_item_finds_what_an_earlier_one_made_by_its_code_and_foreign_id(office: Office) -> None:
    found = outcomes(
        office,
        person("c1"),
        lambda find: imported(find.customer("c1"), "4711"),
        lambda find: Suspend(subscription=find.subscription("old", "4711"), on=START),
    )

    assert [one.error for one in found] == [None, None, None]
    view = office.provider.subscription(SubscriptionId(1), actor=ANA)
    assert [fact.kind for fact in view.timeline.facts] == ["Imported", "Suspended"]


def test_what_is_not_there_is_refused_by_its_foreign_name(office: Office) -> None:
    (nobody, nothing) = outcomes(
        office,
        lambda find: imported(find.customer("c9"), "1"),
        lambda find: Suspend(subscription=find.subscription("old", "9")),
    )

    assert str(nobody.error) == ("There is no customer with the code 'c9'. Register the customer first.")
    assert isinstance(nothing.error, NotFoundError)


def test_a_refused_item_is_undone_alone_and_the_others_stay(office: Office) -> None:
    found = outcomes(
        office, person("c1"), person("c2", city=""), person("c3"), row("c4", "4", plan="nowhere")
    )

    assert [one.error is None for one in found] == [True, False, True, False]
    assert office.provider.count_customers(actor=ANA) == 2
    assert office.findings() == []


def test_the_commands_of_one_item_are_carried_out_together_or_not_at_all(office: Office) -> None:
    (refused,) = outcomes(office, row("c1", "1", city="Curitiba"))
    (mended,) = outcomes(office, row("c1", "1", city="Londrina"))

    assert isinstance(refused.error, RefusedError)
    assert refused.recorded == ()
    assert len(mended.recorded) == 2


def test_an_item_is_undone_whole_when_its_last_command_needs_the_database_and_fails(office: Office) -> None:
    def commands(find: Find) -> Iterator[Any]:
        yield person("c1")
        yield imported(find.customer("c1"), "1")
        yield Suspend(subscription=find.subscription("old", "1"), on=START)
        yield Cancel(subscription=find.subscription("old", "1"), on=START, reason="no-such-reason")

    before = kept(office)
    refused, after = outcomes(office, commands, person("c2"))

    assert isinstance(refused.error, RefusedError)
    assert after.recorded[0].customer == CustomerId(1)  # type: ignore[union-attr]
    assert len(kept(office)["facts"]) == len(before["facts"]) + 2


def test_a_change_of_plan_a_new_address_and_a_payment_may_stand_in_the_stream(office: Office) -> None:
    found = outcomes(
        office,
        row("c1", "1"),
        lambda find: ChangePlan(subscription=find.subscription("old", "1"), plan="fibre", on=START),
        lambda find: SaveAddress(customer=find.customer("c1"), address=address("shop", "Londrina")),
        lambda find: Subscribe(customer=find.customer("c1"), address=AddressId("shop"), on=START, **TERMS),
        lambda find: RecordPayment(
            customer=find.customer("c1"), amount=brl("5.00"), paid_on=START, provider="bank",
            provider_id="1", company="net",
        ),
    )  # fmt: skip

    assert [one.error for one in found] == [None] * 5
    assert [str(one.open) for one in office.provider.customer(CustomerId(1), actor=ANA).receivables] == []
    assert office.balances(CustomerId(1)) == {"net": "5.00"}
    assert office.findings() == []


def test_an_actor_without_the_permission_is_refused_item_by_item(office: Office) -> None:
    (refused,) = office.provider.do_many([person("c1")], actor=NOBODY)

    assert isinstance(refused.error, RefusedError)
    assert refused.error.rule == "permission"


@pytest.mark.parametrize(("thing", "name"), [("c3", "str"), (None, "NoneType")])
def test_what_is_no_command_stops_the_run_and_undoes_its_slice(
    office: Office, thing: object, name: str
) -> None:
    stream: Any = [person("c1"), person("c2"), thing]

    with pytest.raises(TypeError, match=f"{name} is no command"):
        list(office.provider.do_many(stream, actor=ANA, slice_size=2))

    assert office.provider.count_customers(actor=ANA) == 2


def test_a_slice_has_at_least_one_item(office: Office) -> None:
    with pytest.raises(InvalidValueError, match="A slice of 0"):
        office.provider.do_many([], actor=ANA, slice_size=0)


# --- again


def test_a_second_run_finds_everything_there_and_changes_nothing(office: Office) -> None:
    stream = (row("c1", "1"), row("c2", "2"), person(None, tax_id="111"))
    outcomes(office, *stream)
    before = office.dump()

    again = outcomes(office, *stream)

    assert [one.known for one in again] == [(1, 1), (2, 2), (3,)]
    assert [(one.recorded, one.error) for one in again] == [((), None)] * 3
    assert office.dump() == before


def test_a_payment_that_was_recorded_is_known(office: Office) -> None:
    customer = office.register()
    pay = RecordPayment(
        customer=customer, amount=brl("5.00"), paid_on=START, provider="bank", provider_id="1", company="net"
    )

    first, again = outcomes(office, pay, pay)

    assert first.recorded
    assert again.known == ("bank:1",)


def test_a_run_that_was_left_in_the_middle_keeps_whole_slices_and_the_next_one_does_the_rest(
    office: Office,
) -> None:
    stream = [row(f"c{n}", str(n)) for n in range(7)]

    list(islice(office.provider.do_many(stream, actor=ANA, slice_size=3), 4))
    again = outcomes(office, *stream)

    assert [len(one.known) for one in again] == [2] * 6 + [0]
    assert office.provider.count_customers(actor=ANA) == 7


def test_a_customer_is_known_by_code_and_tax_id_together(office: Office) -> None:
    outcomes(office, person("c1", tax_id="111"))

    same, other_person, other_code = outcomes(
        office, person("c1", tax_id=" 111 "), person("c1", tax_id="222"), person("c2", tax_id="111")
    )

    assert same.known == (1,)
    assert "The code 'c1' is that of customer 1" in str(other_person.error)
    assert "The tax id '111' is that of customer 1" in str(other_code.error)


def test_a_customer_with_neither_code_nor_tax_id_is_refused(office: Office) -> None:
    (refused,) = outcomes(office, person(None))

    assert isinstance(refused.error, RefusedError)
    assert refused.error.rule == "unrecognisable"


def test_a_foreign_id_of_another_customer_is_refused(office: Office) -> None:
    outcomes(office, row("c1", "1"))

    by_another, twice = outcomes(office, row("c2", "1"), row("c1", "1"))

    assert isinstance(by_another.error, RefusedError)
    assert by_another.error.rule == "imported-twice"
    assert twice.known == (1, 1)


# --- a dry run


def test_a_dry_run_says_what_a_run_would_and_saves_nothing(office: Office) -> None:
    stream = (row("c1", "1"), row("c1", "2"), row("c2", "3", plan="nowhere"), row("c2", "3"))
    before = office.dump()

    dry = outcomes(office, *stream, dry_run=True)
    between = office.dump()
    real = outcomes(office, *stream)

    assert between == before
    assert [(one.known, len(one.recorded), str(one.error)) for one in dry] == [
        (one.known, len(one.recorded), str(one.error)) for one in real
    ]


def test_a_dry_run_that_is_not_read_to_the_end_saves_nothing_either(office: Office) -> None:
    before = office.dump()

    begun = office.provider.do_many([person("c1"), person("c2")], actor=ANA, dry_run=True, slice_size=1)
    list(islice(begun, 1))
    begun.close()  # type: ignore[attr-defined] # it is a generator

    assert office.dump() == before


# --- one by one and all at once

CODES = st.sampled_from(["c1", "c2", "c3"])
IDS = st.sampled_from(["1", "2", "3"])


def _suspend(foreign_id: str) -> Item:
    return lambda find: Suspend(subscription=find.subscription("old", foreign_id), on=march(1))


def _subscribe(code: str) -> Item:
    return lambda find: Subscribe(customer=find.customer(code), on=START, **TERMS)


def _move(code: str, city: str) -> Item:
    return lambda find: SaveAddress(customer=find.customer(code), address=address("home", city))


ITEMS = st.one_of(
    st.builds(person, CODES, tax_id=st.sampled_from([None, "111", "222"])),
    st.builds(row, CODES, IDS),
    st.builds(row, CODES, IDS, plan=st.just("nowhere")),
    st.builds(_subscribe, CODES),
    st.builds(_suspend, IDS),
    st.builds(_move, CODES, st.sampled_from(["Londrina", "Maringá", "Curitiba"])),
)


@settings(max_examples=40)
@given(st.lists(ITEMS, max_size=12), st.integers(2, 12))
def test_slices_of_any_size_leave_what_slices_of_one_do(stream: list[Item], slice_size: int) -> None:
    with (
        TemporaryDirectory() as folder,
        open_office(Path(folder) / "one-by-one.db") as one_by_one,
        open_office(Path(folder) / "at-once.db") as at_once,
    ):
        for office in (one_by_one, at_once):
            office.clock.move_to(date(2012, 3, 10))
        alone = outcomes(one_by_one, *stream, slice_size=1)
        together = outcomes(at_once, *stream, slice_size=slice_size)

        assert [(one.known, str(one.error)) for one in together] == [
            (one.known, str(one.error)) for one in alone
        ]
        assert kept(at_once) == kept(one_by_one)
        assert at_once.findings() == []
