"""What happened on devices, in words."""

from datetime import date

import pytest

from ispcore.driver import Access, Login, Mailbox
from ispcore.network import FieldChange, Happened, Happening, field_changes, said_value

SLOW = Login(username="ana", download_kbit=256, upload_kbit=128)
FAST = Login(username="ana", download_kbit=512, upload_kbit=128)


def told(*changes: FieldChange) -> list[str]:
    return [str(one) for one in changes]


def test_a_change_tells_the_fields_as_they_were_and_as_they_are() -> None:
    assert told(*field_changes(SLOW, FAST, ["download_kbit"])) == ["download kbit/s: 256 → 512"]


def test_what_is_made_tells_what_is_not_as_usual_and_not_its_name() -> None:
    made = field_changes(None, SLOW, ["username", "access", "sessions", "download_kbit", "address"])

    assert told(*made) == ["download kbit/s: 256"]


def test_of_a_secret_only_that_it_was_written_is_told() -> None:
    assert told(*field_changes(SLOW, FAST, ["password"])) == ["password: written"]


def test_what_is_gone_has_no_fields() -> None:
    assert field_changes(SLOW, None, ["download_kbit"]) == ()


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "none"),
        ((), "none"),
        (True, "yes"),
        (False, "no"),
        (Access.WALLED, "walled"),
        (("a", "b"), "a b"),
        (7, "7"),
    ],
)
def test_a_value_is_said_as_people_say_it(value: object, words: str) -> None:
    assert said_value(value) == words


def test_a_happening_names_what_stands_or_stood_there_and_of_a_device_nothing() -> None:
    on, box = date(2024, 1, 1), "mail-1"
    mailbox = Mailbox(address="ana@isp.test")

    made = Happening(on=on, device=box, what=Happened.MADE, after=mailbox)
    gone = Happening(on=on, device=box, what=Happened.TAKEN_AWAY, before=mailbox)
    down = Happening(on=on, device=box, what=Happened.DOWN)

    assert [made.claim, gone.claim, down.claim] == ["mailbox/ana@isp.test", "mailbox/ana@isp.test", ""]
