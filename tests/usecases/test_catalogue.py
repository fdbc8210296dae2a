"""Loading a catalogue: entry by entry, all or nothing; and what an edit leaves alone."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ispcore.errors import DocumentError, RefusedError
from ispcore.plans import Cancel, Suspend
from ispcore.timeline import SubjectKind
from ispcore.values import SubscriptionId
from tests.catalogues import DOCUMENT, document
from tests.providers import ANA, Office

LEAP_DAY = date(2012, 2, 29)
END_OF_MARCH = date(2012, 3, 31)

BOOKED = {"account": "3.1.02", "company": "media", "document_type": "nfse"}


def offer(name: str, price: str, **more: Any) -> dict[str, Any]:
    return {"name": name, "versions": [{"from": "2010-01-01", "price": price, **BOOKED, **more}]}


# --- loading


def test_the_first_load_adds_every_entry_and_leaves_a_fact_of_each(tmp_path: Path) -> None:
    office = Office(tmp_path / "provider.db")

    loaded = office.provider.load_catalogue(document(), actor=ANA)

    stored = office.sql("select subject_id from facts where subject_kind = 'catalog' and sequence = 1")
    assert set(loaded.added) == {name for (name,) in stored}
    assert {"plans/fibre", "units/londrina", "extra_fields/customer.born", "settings/currency"} <= set(
        loaded.added
    )
    assert (loaded.changed, loaded.withdrawn) == ((), ())
    office.provider.close_database()


def test_loading_the_same_again_changes_nothing(office: Office) -> None:
    before = office.dump()

    loaded = office.provider.load_catalogue(document(), actor=ANA)

    assert (loaded.added, loaded.changed, loaded.withdrawn) == ((), (), ())
    assert office.dump() == before


def test_only_what_changed_gets_a_fact(office: Office) -> None:
    loaded = office.provider.load_catalogue(
        document(reasons={"moved": {"description": "Mudança"}, "debt": {"description": "Dívida"}}), actor=ANA
    )

    assert (loaded.added, loaded.changed) == (("reasons/debt",), ("reasons/moved",))
    assert office.sql(
        "select subject_id, max(sequence) from facts where subject_id like 'reasons/%' group by subject_id"
    ) == [("reasons/debt", 1), ("reasons/moved", 2), ("reasons/price", 1)]


def test_the_fact_of_an_entry_has_the_day_that_was_said(office: Office) -> None:
    office.provider.load_catalogue(
        document(reasons={"moved": {"description": "Mudança"}}), actor=ANA, on=date(2012, 5, 1)
    )

    history = office.provider.history(SubjectKind.CATALOG, "reasons/moved", actor=ANA)

    assert [entry.on for entry in history] == [date(2012, 2, 24), date(2012, 5, 1)]
    assert {entry.address for entry in history} == {ANA.address}


def without_price_reason() -> dict[str, Any]:
    written = document()
    del written["reasons"]["price"]
    return written


def test_a_withdrawal_is_refused_unless_it_is_said(office: Office) -> None:
    before = office.dump()

    with pytest.raises(RefusedError, match=r"lacks entries that are in force: reasons/price") as refused:
        office.provider.load_catalogue(without_price_reason(), actor=ANA)

    assert refused.value.rule == "withdrawal"
    assert office.dump() == before


def test_a_withdrawal_that_is_said_leaves_a_fact_and_the_entry_can_come_back(office: Office) -> None:
    loaded = office.provider.load_catalogue(without_price_reason(), actor=ANA, withdraw=True)
    gone = office.provider.catalogue(actor=ANA).reasons
    office.load()

    history = office.provider.history(SubjectKind.CATALOG, "reasons/price", actor=ANA)

    assert loaded.withdrawn == ("reasons/price",)
    assert "price" not in gone
    assert [entry.kind for entry in history] == ["EntrySaved", "EntryWithdrawn", "EntrySaved"]
    assert "price" in office.provider.catalogue(actor=ANA).reasons


def test_a_catalogue_with_problems_changes_nothing_and_tells_all_of_them(office: Office) -> None:
    before = office.dump()
    bad = document(
        plans={"cheap": offer("Cheap", "ten")}, statuses={"odd": {"description": "Odd", "bucket": "nowhere"}}
    )

    with pytest.raises(DocumentError) as refused:
        office.provider.load_catalogue(bad, actor=ANA)

    assert "plans.cheap" in str(refused.value)
    assert "statuses.odd" in str(refused.value)
    assert office.dump() == before


def test_a_database_keeps_its_currency(office: Office) -> None:
    written = document()
    written["currency"] = "USD"

    with pytest.raises(RefusedError, match="keeps its currency"):
        office.provider.load_catalogue(written, actor=ANA)


# --- what an edit leaves alone


EDITS: dict[str, dict[str, Any]] = {
    "prices": {"plans": {"fibre": offer("Fibra", "500.00", lines=[]), "adsl": offer("ADSL", "1.00")}},
    "compositions": {
        "plans": {
            "fibre": offer(
                "Fibra", "120.00", lines=[{"id": "all", "description": "Tudo", "value": "120.00"}]
            ),
        }
    },
    "policies": {"policies": {"standard": {"bills_last_day": False, "rounding": "down", "lead_days": 20}}},
    "statuses": {
        "statuses": {
            "enabled": {
                "description": "Habilitado",
                "bucket": "active",
                "bills": True,
                "serves": "reduced",
                "role": "enabled",
            },
            "suspended": {
                "description": "Suspenso",
                "bucket": "inactive",
                "bills": True,
                "serves": "off",
                "role": "suspended",
            },
        }
    },
    "units": {
        "units": {
            "londrina": {
                **DOCUMENT["units"]["londrina"],
                "due_days": [28],
                "charge_methods": ["slip", "card", "cash"],
            }
        }
    },
}


def lived(office: Office) -> list[SubscriptionId]:
    subscriptions = [office.subscribe(office.register(plan), plan) for plan in ("fibre", "adsl")]
    office.do(Suspend(subscription=subscriptions[1]), today=date(2012, 2, 27))
    office.close(LEAP_DAY)
    return subscriptions


@pytest.mark.parametrize("edit", EDITS)
def test_editing_the_catalogue_changes_no_closed_cycle(office: Office, edit: str) -> None:
    lived(office)
    before = office.dump("runs")

    office.load(**EDITS[edit])
    run = office.close(LEAP_DAY)

    after = office.dump("runs")
    unchanged = set(before) - {"catalog_entries", "facts", "texts"}
    assert run.issued_nothing
    assert run.problems == ()
    assert {name: after[name] for name in unchanged} == {name: before[name] for name in unchanged}
    assert office.findings() == []


@pytest.mark.parametrize("edit", EDITS)
def test_charges_are_explained_as_before_after_an_edit(office: Office, edit: str) -> None:
    subscriptions = lived(office)
    names = [charge.id for number in subscriptions for charge in office.charges(number)]
    before = [office.provider.explain(name, actor=ANA) for name in names]

    office.load(**EDITS[edit])

    assert [office.provider.explain(name, actor=ANA) for name in names] == before
    assert all(one.agrees for one in before)


def test_a_subscription_keeps_its_price_when_the_catalogue_raises_it(office: Office) -> None:
    fibre, _ = lived(office)

    office.load(**EDITS["prices"])
    office.close(END_OF_MARCH)

    assert office.owed(fibre) == {"2012-02": "24.83", "2012-03": "120.00"}


def test_an_open_cycle_follows_the_new_composition(office: Office) -> None:
    fibre, _ = lived(office)

    office.load(**EDITS["compositions"])
    office.close(END_OF_MARCH)

    march = [charge for charge in office.charges(fibre) if charge.key.cycle.closing_day == END_OF_MARCH]
    assert [(charge.key.line, charge.target.company) for charge in march] == [("all", "media")]
    assert office.findings() == []


def test_a_catalogue_with_days_of_any_kind_is_the_same_catalogue(office: Office) -> None:
    written = document()
    for plan in written["plans"].values():
        for version in plan["versions"]:
            version["from"] = date.fromisoformat(version["from"])

    loaded = office.provider.load_catalogue(written, actor=ANA)

    assert loaded.changed == ()


def test_what_living_subscriptions_have_is_not_withdrawn(office: Office) -> None:
    office.subscribe(office.register(), "fibre")
    without = document()
    del without["plans"]["fibre"]
    for unit in without["units"].values():
        unit["plans"] = [plan for plan in unit["plans"] if plan != "fibre"]

    with pytest.raises(RefusedError, match=r"plans/fibre \(1\)"):
        office.provider.load_catalogue(without, actor=ANA, withdraw=True)

    office.do(Cancel(subscription=SubscriptionId(1), reason="moved"))
    assert "plans/fibre" in office.provider.load_catalogue(without, actor=ANA, withdraw=True).withdrawn
