"""The facade: opening, the sources of a catalogue, and what is no command."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import ispcore
from ispcore.app import Provider
from ispcore.customers import PersonDetails, PersonKind, RegisterCustomer, TaxIds
from ispcore.desks import RandomCommandIds, SystemClock
from ispcore.errors import DocumentError, InvalidValueError, NotFoundError, StorageError
from ispcore.plans import Subscribe
from ispcore.usecases import RecordPayment
from ispcore.values import CustomerId, SubscriptionId
from tests.catalogues import brl, document
from tests.engines import in_memory, url_at
from tests.providers import ANA, MovableClock, Office, address, open_office

TOML = """
currency = "BRL"
[companies.net]
name = "Rede Ltda"
[charge_methods.slip]
name = "Boleto"
[document_types.nfcom]
name = "NFCom"
[accounts.access]
name = "Acesso"
[plans.adsl]
name = "ADSL"
[[plans.adsl.versions]]
from = 2010-01-01
price = "100.00"
account = "access"
company = "net"
document_type = "nfcom"
[units.town]
name = "Town"
plans = ["adsl"]
charge_methods = ["slip"]
due_days = "any"
"""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path / "provider.db") as office:
        yield office


# --- opening


def test_a_provider_opens_a_new_file_and_finds_its_books_again(tmp_path: Path) -> None:
    url = url_at(tmp_path / "provider.db")
    with Provider.open(url) as provider:
        provider.load_catalogue(TOML, actor=ANA)

    with Provider.open(url) as provider:
        assert set(provider.catalogue(actor=ANA).plans) == {"adsl"}
    with Provider.connect(url) as provider:
        assert provider.count_customers(actor=ANA) == 0


def test_connecting_creates_no_schema(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'provider.db'}"
    (tmp_path / "provider.db").touch()

    for _ in range(2):
        with pytest.raises(StorageError, match="Run 'ispcore init' on it first"):
            Provider.connect(url)


def test_a_provider_that_cannot_be_opened_holds_nothing_open(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Ana")

    with pytest.raises(StorageError):
        Provider.open(f"sqlite:///{tmp_path / 'letter.txt'}")


def test_a_provider_in_memory_forgets_everything() -> None:
    with Provider.open("sqlite:///:memory:") as provider:
        provider.load_catalogue(TOML, actor=ANA)
    with (
        Provider.open("sqlite:///:memory:") as provider,
        pytest.raises(NotFoundError, match="Load one first"),
    ):
        provider.catalogue(actor=ANA)


def test_the_facade_is_a_public_name_of_the_package() -> None:
    assert ispcore.Provider is Provider
    assert "Provider" in dir(ispcore)
    with pytest.raises(AttributeError, match="no attribute 'Supplier'"):
        _ = ispcore.Supplier


def test_the_clock_shows_the_present_instant_in_utc() -> None:
    now = SystemClock().now()

    assert now.tzinfo is UTC
    assert abs(now - datetime.now(UTC)) < timedelta(minutes=1)  # noqa: TID251 - the clock itself is under test


def test_commands_have_different_names() -> None:
    ids = RandomCommandIds()

    assert len({ids.new() for _ in range(100)}) == 100


# --- the catalogue


def test_a_catalogue_comes_from_a_file_from_text_or_from_a_document(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.toml"
    path.write_text(TOML, "utf-8")

    with Provider.open(in_memory()) as provider:
        first = provider.load_catalogue(path, actor=ANA)
        second = provider.load_catalogue(TOML, actor=ANA)
        third = provider.load_catalogue(document(), actor=ANA, withdraw=True)

    assert "plans/adsl" in first.added
    assert (second.added, second.changed) == ((), ())
    assert "plans/fibre" in third.added


def test_a_file_with_problems_tells_where_they_are(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.toml"
    path.write_text(TOML.replace('"100.00"', "100.0"), "utf-8")

    with Provider.open(in_memory()) as provider, pytest.raises(DocumentError) as refused:
        provider.load_catalogue(path, actor=ANA)

    assert "plans.adsl.versions[0].price" in str(refused.value)


def test_text_that_is_no_toml_is_a_document_error() -> None:
    with Provider.open(in_memory()) as provider, pytest.raises(DocumentError):
        provider.load_catalogue("currency = ", actor=ANA)


def test_text_that_is_no_unicode_is_a_document_error() -> None:
    with Provider.open(in_memory()) as provider, pytest.raises(DocumentError, match="half a character"):
        provider.load_catalogue('currency = "\ud800"', actor=ANA)


# --- commands


@pytest.mark.parametrize("thing", [None, "cancel", 5, PersonDetails(name="Ana")])
def test_what_is_no_command_is_a_type_error(office: Office, thing: object) -> None:
    with pytest.raises(TypeError, match="is no command"):
        office.provider.do(thing, actor=ANA)  # type: ignore[call-overload]


def test_only_a_command_to_a_subscription_is_tried_out(office: Office) -> None:
    command = RegisterCustomer(kind=PersonKind.PERSON, details=PersonDetails(name="Ana"))

    with pytest.raises(TypeError, match="RegisterCustomer is no command to a subscription"):
        office.provider.try_out(command, actor=ANA, closing_on=date(2012, 2, 29))  # type: ignore[call-overload]


def test_a_national_pack_brings_its_own_tax_ids(tmp_path: Path) -> None:
    class Digits(TaxIds):
        def normalise(self, text: str, kind: PersonKind) -> str:
            if not text.replace(".", "").isdigit():
                raise InvalidValueError(f"{text!r} is not all digits.")
            return text.replace(".", "")

    def register(provider: Provider, tax_id: str) -> None:
        details = PersonDetails(name="Ana", tax_id=tax_id)
        command = RegisterCustomer(
            kind=PersonKind.PERSON, details=details, addresses=(address("home", "Town"),)
        )
        provider.do(command, actor=ANA)

    with Provider.open(in_memory(), clock=MovableClock(), tax_ids=Digits()) as provider:
        provider.load_catalogue(TOML, actor=ANA)
        register(provider, "12.345")

        with pytest.raises(InvalidValueError, match="not all digits"):
            register(provider, "x")
        with pytest.raises(ispcore.IspcoreError, match="'12345' is that of customer 1"):
            register(provider, "123.45")


def test_the_whole_story_runs_in_memory() -> None:
    with open_office() as office:
        customer = office.register()
        command = Subscribe(
            customer=customer, plan="fibre", status="enabled", charge_method="slip", due_day=10
        )
        tried = office.provider.try_out(command, actor=ANA, closing_on=date(2012, 2, 29))
        subscription = office.do(command).subscription
        office.close(date(2012, 2, 29))

        assert subscription == tried.recorded.subscription == SubscriptionId(1)
        assert office.owed(subscription) == {"2012-02": "24.83"}
        assert office.provider.count_customers(actor=ANA) == 1
        assert office.findings() == []


def test_only_a_command_to_a_subscription_takes_an_expected_version(office: Office) -> None:
    payment = RecordPayment(
        customer=CustomerId(1),
        amount=brl("1.00"),
        paid_on=date(2012, 2, 29),
        provider="bank",
        provider_id="1",
    )

    with pytest.raises(InvalidValueError, match="RecordPayment takes no expected version"):
        office.provider.do(payment, actor=ANA, expected_version=1)  # type: ignore[call-overload] # on purpose


def test_connecting_to_a_database_that_is_not_there_makes_none(tmp_path: Path) -> None:
    missing = tmp_path / "nothing.db"

    with pytest.raises(StorageError, match="There is no database"):
        Provider.connect(str(missing))

    assert not missing.exists()
