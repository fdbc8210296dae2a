"""A message is made when it is handed over: with today's name and address, and never half."""

from datetime import date

import pytest
from attrs import evolve

from ispcore.errors import UndeliverableError
from ispcore.notices import Contact, Message, Notice, desired_notices, message_of
from tests.notices.samples import DUE, bill, by_mail, policy

ANA = Contact(name="Ana Souza", email="ana@example.org", phone="43 99999-0000")


def notice(channel: str = "email", days: str = "-5") -> Notice:
    known = policy(channels={channel: {"due": days, "sender": "Rede"}})
    (one,) = desired_notices([bill()], [], known, date(2012, 3, 15))
    return one


def test_a_long_message_has_a_subject_and_a_text() -> None:
    message = message_of(notice(), ANA, by_mail(day_form="day_first"), date(2012, 3, 16))

    assert message == Message(
        id=notice().id,
        channel="email",
        sender="Rede",
        recipient="ana@example.org",
        subject="Your bill was due on 10/03/2012",
        text=(
            "Dear Ana Souza,\n\nyour bill 17 of 100.00 BRL was due on 10/03/2012, 6 days ago.\n"
            "If you have paid it meanwhile, please take this as settled.\n"
        ),
        about=bill().about,
        reason="5 days after the due date",
    )


def test_a_short_message_has_the_short_text_alone() -> None:
    message = message_of(notice("sms"), ANA, policy(), DUE)

    assert (message.recipient, message.subject) == ("43 99999-0000", "")
    assert message.text == "Your bill 17 of 100.00 BRL was due on 2012-03-10."


def test_a_message_shows_nobody_when_it_is_logged() -> None:
    shown = repr(message_of(notice(), ANA, by_mail(), DUE)) + repr(ANA)

    assert "ana" not in shown.lower()


@pytest.mark.parametrize("channel", ["email", "sms"])
def test_who_has_no_address_cannot_be_told(channel: str) -> None:
    with pytest.raises(UndeliverableError, match=r"Customer 7 has no (email|phone)") as error:
        message_of(notice(channel), Contact(name="Ana"), policy(), DUE)

    assert error.value.rule == "no-address"


@pytest.mark.parametrize(
    ("changed", "text"),
    [
        ({"template": "debt"}, "There is no template 'debt'"),
        ({"channel": "fax"}, "There is no channel 'fax'"),
        ({"fields": {"due_on": "2012-03-10"}}, "There is no field"),
    ],
)
def test_what_cannot_be_written_cannot_be_told(changed: dict, text: str) -> None:  # type: ignore[type-arg]
    with pytest.raises(UndeliverableError, match=text) as error:
        message_of(evolve(notice(), **changed), ANA, policy(), DUE)

    assert error.value.rule == "template"


def test_a_text_that_became_too_long_cannot_be_told() -> None:
    with pytest.raises(UndeliverableError, match="the most"):
        message_of(
            evolve(notice("sms"), fields={"number": "1" * 1_000, "due_on": "2012-03-10", "amount": "1"}),
            ANA,
            policy(),
            DUE,
        )


def test_a_notice_without_a_sender_comes_from_nobody() -> None:
    message = message_of(evolve(notice(), sender=None), ANA, policy(), DUE)

    assert message.sender == ""


def test_a_status_is_told_with_its_day() -> None:
    fields = {"subscription": "104", "plan": "ADSL", "status": "Suspenso", "on": "2012-03-10"}
    entered = evolve(notice("sms"), template="status", fields=fields)

    message = message_of(entered, ANA, policy(day_form="month_first"), DUE)

    assert message.text == "Your subscription 104: Suspenso since 03/10/2012."
