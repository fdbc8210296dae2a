"""Trying any command on the command line."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import attrs
import pytest

from ispcore.cli.written import command_of, commands
from ispcore.customers import Address, AddressType, PersonDetails, PersonKind, RegisterCustomer, SaveAddress
from ispcore.driver import Login
from ispcore.errors import InvalidValueError
from ispcore.plans import AddComponent, Cancel, CancelOn, ChangePlan, Discount, Transfer
from ispcore.usecases import MergeSlips, RecordPayment
from ispcore.values import AddressId, Currency, CustomerId, ItemId, SlipId, SubscriptionId
from tests.catalogues import brl, march
from tests.cli.calling import exit_code
from tests.homes import LOGIN, sections
from tests.providers import ANA, Office, open_office

Run = Callable[..., tuple[int, str, str]]

LEAP_DAY = date(2012, 2, 29)
BRL = Currency.of("BRL")
SUSPENDED = {
    "description": "Suspenso",
    "bucket": "inactive",
    "bills": False,
    "serves": "off",
    "role": "suspended",
    "sms": {"send": True},
}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office where Ana has a login and a bill on a slip, and is told when she is suspended."""
    with open_office(tmp_path / "ispcore.db") as office:
        channels = {"sms": {"to": "phone", "notifier": "files"}}
        office.load(**{**sections(), "statuses": {"suspended": SUSPENDED}, "notices": {"channels": channels}})
        subscription = office.subscribe(office.register("Ana"), "home")
        office.do(AddComponent(subscription=subscription, spec=LOGIN))
        office.close(LEAP_DAY)
        office.provider.slips.issue(LEAP_DAY, actor=ANA)
        yield office


@pytest.fixture
def run(office: Office, capsys: pytest.CaptureFixture[str]) -> Run:
    """Try a command on the office's database, see that nothing is saved, and return what was printed."""

    def call(*args: str) -> tuple[int, str, str]:
        before = office.dump()
        code = exit_code(["try", *args, "--db", office.url])
        printed = capsys.readouterr()
        assert office.dump() == before
        return code, printed.out, printed.err

    return call


def words(text: str) -> list[str]:
    return [line.split()[0] for line in text.splitlines()]


def test_a_payment_is_told_with_what_it_settles(run: Run) -> None:
    fields = ("customer=1", "amount=500.00", "paid_on=2012-02-29", "provider=bank", "provider_id=x")

    code, out, _ = run("record-payment", *fields)

    assert code == 0
    assert words(out)[-3:] == ["payment", "balance", "slip"]
    assert "payment     500.00 BRL on 29/02/2012\n" in out
    assert "0.00 BRL open, " in out
    assert "paid, open before\n" in out


def test_facts_notices_and_devices_are_told_by_the_day_of_the_database(run: Run, office: Office) -> None:
    _, out, _ = run("suspend", "subscription=1", "on=2012-02-29")

    assert "fact        subscription 1: Suspended of 29/02/2012\n" in out
    assert "notice      suspended by sms: waiting\n" in out
    assert "access changed\n" in out


def test_what_is_made_and_taken_away_on_devices_is_told(run: Run) -> None:
    _, made, _ = run("add-component", "subscription=1", "spec.kind=mailbox", "spec.address=ana@isp.test")
    _, gone, _ = run("remove-component", "subscription=1", "component=login")

    assert "mailbox/ana@isp.test made\n" in made
    assert ": taken away\n" in gone


def test_settlements_and_credits_are_told(run: Run, office: Office) -> None:
    (name,) = office.open_amounts(CustomerId(1))

    _, out, _ = run("write-off", f"receivables={name}", "reason=gone away")

    assert "settlement  write_off of " in out
    assert ": gone away\n" in out


def test_programs_get_the_same_as_json(run: Run) -> None:
    fields = ("customer=1", "amount=500.00", "paid_on=2012-02-29", "provider=bank", "provider_id=x")

    found = json.loads(run("record-payment", *fields, "--json")[1])

    assert found["payments"][0]["amount"] == {"amount": "500.00", "currency": "BRL"}
    assert found["balances"][0]["customer"] == 1


def test_what_leaves_nothing_behind_says_so(run: Run, office: Office) -> None:
    fields = ("amount=7.00", "paid_on=2012-02-29", "provider=bank", "provider_id=x", "customer_code=nobody")

    assert run("receive-payment", *fields)[:2] == (0, "It would leave nothing behind.\n")


def test_a_refusal_is_told(run: Run) -> None:
    code, _, err = run("resume", "subscription=1")

    assert (code, err.startswith("Error: ")) == (3, True)


# --- how commands are written


@pytest.mark.parametrize(
    ("written", "command"),
    [
        (
            "cancel subscription=1 reason=moved when=cycle_end on=2012-03-05",
            Cancel(subscription=SubscriptionId(1), reason="moved", when=CancelOn.CYCLE_END, on=march(5)),
        ),
        (
            "change-plan subscription=1 plan=fibre discount.percent=10 advance=yes drop=mailbox,antivirus",
            ChangePlan(
                subscription=SubscriptionId(1),
                plan="fibre",
                discount=Discount(percent=Decimal(10)),
                advance=True,
                drop=[ItemId("mailbox"), ItemId("antivirus")],
            ),
        ),
        ("merge-slips slips=1,2", MergeSlips(slips=(SlipId(1), SlipId(2)))),
        (
            "record-payment customer=2 amount=1.50 paid_on=2012-03-05 provider=bank provider_id=7",
            RecordPayment(
                customer=CustomerId(2), amount=brl("1.50"), paid_on=march(5), provider="bank", provider_id="7"
            ),
        ),
        (
            "save-address customer=1 address.id=h address.city=X address.type=billing",
            SaveAddress(
                customer=CustomerId(1),
                address=Address(id=AddressId("h"), type=AddressType.BILLING, city="X"),
            ),
        ),
        (
            (
                "register-customer kind=person details.name=A addresses.1.id=h addresses.1.type=billing "
                "addresses.1.city=X"
            ),
            RegisterCustomer(
                kind=PersonKind.PERSON,
                details=PersonDetails(name="A"),
                addresses=(Address(id=AddressId("h"), type=AddressType.BILLING, city="X"),),
            ),
        ),
        (
            "add-component subscription=1 spec.kind=login spec.username=ana",
            AddComponent(subscription=SubscriptionId(1), spec=Login(username="ana")),
        ),
        (
            "transfer subscription=1 newcomer.kind=person newcomer.details.name=Bia",
            Transfer(
                subscription=SubscriptionId(1),
                newcomer=RegisterCustomer(kind=PersonKind.PERSON, details=PersonDetails(name="Bia")),
            ),
        ),
    ],
    ids=lambda each: each.split()[0] if isinstance(each, str) else "",
)
def test_a_command_is_written_as_a_name_and_fields(written: str, command: Any) -> None:
    word, *fields = written.split()

    assert command_of(word, fields, BRL) == command


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("cancl subscription=1", "There is no command 'cancl'. Did you mean 'cancel'?"),
        ("cancel subscripton=1", "Cancel has no field 'subscripton'. Did you mean 'subscription'?"),
        ("cancel", "Cancel needs subscription. Write each as name=value."),
        ("cancel subscription", "'subscription' is no field. Write it as name=value."),
        ("cancel subscription=one", "subscription cannot be 'one'. Use a whole number."),
        ("cancel subscription=1 on=2012-02-30", "on cannot be '2012-02-30'."),
        ("cancel subscription=1 when=soon", "when cannot be 'soon'. Use one of: day, cycle_end."),
        ("change-plan subscription=1 plan=x advance=2", "advance cannot be '2'. Use yes or no."),
        ("change-plan subscription=1 plan=x price=1.001", "price cannot be '1.001'."),
        ("change-plan subscription=1 plan=x discount=5", "discount cannot be written as one text."),
        ("change-plan subscription=1 plan.name=x", "plan has nothing inside it. Write plan=value."),
        ("change-plan subscription=1 plan=x plan.name=x", "'plan.name' lies in a field that has a value"),
        ("change-plan subscription=1 plan=x discount.sum=5", "Discount has no field 'sum'."),
        ("register-customer kind=person details.phone=1", "PersonDetails needs details.name."),
        (
            "add-component subscription=1 spec.kind=logn",
            "There is no kind of component 'logn'. Did you mean 'login'",
        ),
    ],
)
def test_what_is_wrong_with_a_written_command_is_told_with_the_way_out(written: str, problem: str) -> None:
    word, *fields = written.split()

    with pytest.raises(InvalidValueError) as refused:
        command_of(word, fields, BRL)

    assert str(refused.value).startswith(problem)


def test_every_command_can_be_written() -> None:
    known = commands()

    assert len(known) >= 50
    assert {"register-customer", "promise-to-pay", "cancel-slip", "renegotiate", "subscribe"} <= known.keys()
    assert all(attrs.has(kind) and "permission" in dir(kind) for kind in known.values())
