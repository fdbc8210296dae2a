"""Charge providers are told of slips once, and of those that stand no more; silence is asked again."""

from datetime import date
from pathlib import Path

import pytest

from ispcore.billing import Slip
from ispcore.hooks import FileChargeProvider
from ispcore.testing import MockChargeProvider
from ispcore.usecases import (
    CancelSlip,
    NotRegistered,
    RegenerateSlip,
    Registered,
    Registration,
    Registrations,
    RegistrationState,
    SlipRequest,
)
from ispcore.values import SlipId
from tests.catalogues import DOCUMENT, brl
from tests.providers import ANA, Office

LEAP_DAY = date(2012, 2, 29)
LATER = date(2012, 4, 10)


@pytest.fixture
def slip(office: Office) -> Slip:
    """A slip of 20.69 by a method whose provider is a bank."""
    methods = {**DOCUMENT["charge_methods"], "slip": {"name": "Boleto", "wallet": "109", "provider": "bank"}}
    office.load(charge_methods=methods)
    office.subscribe(office.register())
    office.close(LEAP_DAY)
    office.provider.slips.issue(LEAP_DAY, actor=ANA)
    (one,) = office.provider.slips.list(actor=ANA)
    return one


def told(office: Office, bank: MockChargeProvider) -> Registrations:
    return office.provider.slips.register(providers={"bank": bank}, actor=ANA)


def known(office: Office, slip: int = 1) -> Registration:
    every = office.provider.slips.registrations([SlipId(slip)], actor=ANA)
    return every[SlipId(slip)]


def test_a_provider_is_told_once_of_what_can_be_paid(office: Office, slip: Slip) -> None:
    bank = MockChargeProvider()

    assert told(office, bank) == Registrations(registered=1)
    assert told(office, bank) == Registrations()

    request = bank.registered[slip.id]
    assert (request.amount, request.due_on, request.wallet) == (brl("20.69"), slip.due_on, "109")
    assert (request.customer.name, [one.amount for one in request.lines]) == ("Ana Souza", [brl("20.69")])
    assert known(office) == Registration(slip.id, "bank", RegistrationState.REGISTERED, "mock-1")


def test_what_the_customer_needs_is_kept(office: Office, slip: Slip) -> None:
    told(office, MockChargeProvider(answers=[Registered("9/1", {"line": "0019 0000"})]))

    assert (known(office).reference, known(office).details) == ("9/1", {"line": "0019 0000"})
    assert slip.id == SlipId(1)


def test_a_slip_that_stands_no_more_is_taken_back_and_its_successor_told(office: Office, slip: Slip) -> None:
    bank = MockChargeProvider()
    told(office, bank)
    office.provider.do(RegenerateSlip(slip=slip.id, due_on=LATER), actor=ANA)

    assert told(office, bank) == Registrations(registered=1, cancelled=1)
    assert bank.cancelled == [slip.id]
    assert [known(office, number).state.value for number in (1, 2)] == ["cancelled", "registered"]


def test_a_slip_that_is_taken_back_while_the_provider_is_asked_is_taken_back_there_too(
    office: Office, slip: Slip
) -> None:
    class Slow(MockChargeProvider):
        def register(self, request: SlipRequest) -> Registered | NotRegistered:
            office.provider.do(CancelSlip(slip=slip.id), actor=ANA)
            return super().register(request)

    bank = Slow()
    told(office, bank)
    assert told(office, bank) == Registrations(cancelled=1)
    assert (bank.cancelled, known(office).state) == ([slip.id], RegistrationState.CANCELLED)


def test_a_refusal_is_kept_and_silence_is_asked_again(office: Office, slip: Slip) -> None:
    bank = MockChargeProvider(answers=[OSError("no line"), NotRegistered("unknown wallet")])

    assert told(office, bank) == Registrations(unanswered=1)
    assert (known(office).state, known(office).message) == (RegistrationState.PENDING, "OSError: no line")
    assert told(office, bank) == Registrations()
    office.clock.move_to(date(2012, 3, 1))
    assert told(office, bank) == Registrations(rejected=1)
    assert (known(office).state, known(office).message) == (RegistrationState.REJECTED, "unknown wallet")
    assert slip.id == SlipId(1)


def test_after_ten_times_a_person_must_look(office: Office, slip: Slip) -> None:
    bank = MockChargeProvider(answers=[OSError("no line")] * 20)
    for day in range(1, 25):
        office.clock.move_to(date(2012, 3, day))
        told(office, bank)

    assert len(bank.answers) == 10
    assert slip.id == SlipId(1)


def test_a_slip_by_a_method_without_a_provider_is_nobodys(office: Office) -> None:
    office.subscribe(office.register())
    office.close(LEAP_DAY)
    office.provider.slips.issue(LEAP_DAY, actor=ANA)

    assert told(office, MockChargeProvider()) == Registrations()


def test_the_provider_that_ships_writes_files(office: Office, slip: Slip, tmp_path: Path) -> None:
    folder = tmp_path / "slips"
    bank = FileChargeProvider(folder)

    office.provider.slips.register(providers={"bank": bank}, actor=ANA)
    text = (folder / "slip-1.txt").read_text("utf-8")
    assert "To:     Ana Souza" in text
    assert "Total" in text
    assert "20.69 BRL" in text

    office.provider.do(CancelSlip(slip=slip.id), actor=ANA)
    office.provider.slips.register(providers={"bank": bank}, actor=ANA)
    assert "not to be paid any more" in (folder / "slip-1.txt").read_text("utf-8")
    assert [path.name for path in folder.iterdir()] == ["slip-1.txt"]
