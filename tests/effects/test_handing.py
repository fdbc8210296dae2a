"""Notices are handed over after the commit, at least once, each channel for itself."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from ispcore.catalog import Topic
from ispcore.customers import ChangeCustomer, SetNotices
from ispcore.effects import HandedOver
from ispcore.errors import DocumentError, NotFoundError, PluginError, UndeliverableError
from ispcore.notices import (
    About,
    KeptNotice,
    Message,
    NoticeId,
    NoticeState,
    ReachedStage,
    SubjectOfNotice,
    Trouble,
    desired_notices,
)
from ispcore.testing import MockNotifier
from ispcore.usecases import opening
from ispcore.values import ATTEMPTS, TAKEN_FOR, CustomerId, pause_after
from tests.catalogues import march
from tests.notices.samples import bill
from tests.providers import ANA, Office, open_office


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office with a customer who is to be warned by mail and by SMS."""
    with open_office(tmp_path / "provider.db") as office:
        office.load(notices={"channels": {"sms": {"warns": True}}})
        customer = office.register()
        office.provider.do(
            ChangeCustomer(customer=customer, details={"email": "ana@example.org", "phone": "43 9"}),
            actor=ANA,
        )
        office.clock.move_to(march(11))
        warn(office, customer, "17")
        yield office


def warn(office: Office, customer: CustomerId, slip: str, day: int = 11) -> None:
    """Ask for a warning about a slip on that day of March."""
    on = march(day)
    with office.database.writing() as work:
        catalogue = work.catalogue.current()
        about = About(SubjectOfNotice.SLIP, slip)
        when = opening(catalogue, "londrina", on)
        late = bill(customer=customer, subscription=None, about=about, opening=when)
        stages = [ReachedStage(bill=late, stage="warning")]
        work.notices.ask(desired_notices([], stages, catalogue.notices, on))


def hand_over(office: Office, most: int | None = None, **notifiers: MockNotifier) -> HandedOver:
    return office.provider.notices.hand_over(actor=ANA, notifiers=notifiers, most=most)


def kept(office: Office, channel: str = "email") -> KeptNotice:
    return office.provider.notices.get(NoticeId(f"late:warning:17:{channel}"), actor=ANA)


def later(office: Office, by: timedelta) -> None:
    office.clock.instant += by


# --- what is handed over


def test_what_is_due_is_handed_over_once_and_its_day_is_kept(office: Office) -> None:
    mail, sms = MockNotifier(), MockNotifier()

    first, second = (hand_over(office, email=mail, sms=sms) for _ in range(2))

    assert (first, second) == (HandedOver(told=2), HandedOver())
    assert [message.recipient for message in (*mail.handed, *sms.handed)] == ["ana@example.org", "43 9"]
    told = kept(office)
    assert (told.state, told.handed_over_at, told.handed_over_on) == (
        NoticeState.HANDED_OVER,
        office.clock.now(),
        march(11),
    )
    with office.database.reading() as work:
        assert work.notices.handed_over([CustomerId(1)]) == {("17", "warning"): march(11)}
        assert work.notices.handed_over([]) == {}


def test_the_day_of_handing_over_is_that_of_the_customers_zone(office: Office) -> None:
    office.clock.move_to(march(12), hour=1)

    hand_over(office, email=MockNotifier())

    assert kept(office).handed_over_on == march(11)


def test_nothing_is_handed_over_before_its_hour(office: Office) -> None:
    office.load(notices={"opens_at": "10:00"})
    warn(office, CustomerId(1), "18", day=12)
    hand_over(office, email=MockNotifier())
    mail = MockNotifier()

    office.clock.move_to(march(12), hour=12)
    assert hand_over(office, email=mail) == HandedOver()
    office.clock.move_to(march(12), hour=13)
    assert hand_over(office, email=mail) == HandedOver(told=1)


def test_a_channel_without_a_notifier_keeps_what_waits(office: Office) -> None:
    assert hand_over(office, sms=MockNotifier()) == HandedOver(told=1)
    assert kept(office).state is NoticeState.WAITING


def test_no_more_is_handed_over_than_was_asked_for(office: Office) -> None:
    assert hand_over(office, most=1, email=MockNotifier(), sms=MockNotifier()) == HandedOver(told=1)
    assert hand_over(office, most=0, email=MockNotifier(), sms=MockNotifier()) == HandedOver()


def test_channels_take_turns(office: Office) -> None:
    for slip in "abc":
        warn(office, CustomerId(1), slip)
    mail, sms = MockNotifier(), MockNotifier()

    hand_over(office, most=4, email=mail, sms=sms)

    assert (len(mail.handed), len(sms.handed)) == (2, 2)


# --- failures


def test_a_notifier_that_fails_is_tried_again_with_growing_pauses_and_given_up_at_last(
    office: Office,
) -> None:
    mail = MockNotifier(failures=[OSError("no route to ana@example.org")] * ATTEMPTS)
    for attempt in range(1, ATTEMPTS):
        assert hand_over(office, email=mail) == HandedOver(failed=1)
        assert kept(office).try_at == office.clock.now() + pause_after(attempt)
        assert hand_over(office, email=mail) == HandedOver()
        later(office, pause_after(attempt))

    assert hand_over(office, email=mail) == HandedOver(dead=1)
    later(office, timedelta(days=1))
    assert hand_over(office, email=mail) == HandedOver()
    dead = kept(office)
    assert (dead.state, dead.try_at) == (NoticeState.FAILED, None)
    assert dead.trouble == Trouble("OSError", "no route to (address)")


def test_what_was_given_up_is_tried_again_when_somebody_says_so(office: Office) -> None:
    mail = MockNotifier(failures=[UndeliverableError("The server does not know them.", rule="bounced")])
    assert hand_over(office, email=mail) == HandedOver(dead=1)

    assert office.provider.notices.retry(notice=kept(office).notice.id, actor=ANA) == 1

    assert hand_over(office, email=mail) == HandedOver(told=1)
    assert (kept(office).trouble, kept(office).attempts) == (None, 1)
    assert office.provider.notices.retry(actor=ANA) == 0


def test_what_rests_after_a_failure_is_tried_at_once_by_channel(office: Office) -> None:
    mail = MockNotifier(failures=[OSError("down")])
    hand_over(office, email=mail)

    assert office.provider.notices.retry(channel="sms", actor=ANA) == 0
    assert office.provider.notices.retry(channel="email", actor=ANA) == 1

    assert hand_over(office, email=mail) == HandedOver(told=1)


def test_only_what_there_is_can_be_tried_again(office: Office) -> None:
    with pytest.raises(NotFoundError, match="no notice 'due:0:1:sms'"):
        office.provider.notices.retry(notice=NoticeId("due:0:1:sms"), actor=ANA)
    with pytest.raises(NotFoundError, match="no channel 'fax'"):
        office.provider.notices.retry(channel="fax", actor=ANA)


def test_a_channel_that_fails_does_not_keep_others_waiting(office: Office) -> None:
    mail, sms = MockNotifier(failures=[SystemExit("gives up")]), MockNotifier()

    assert hand_over(office, email=mail, sms=sms) == HandedOver(told=1, failed=1)


class Killed(MockNotifier):
    """Is killed once it has handed a message over."""

    def hand_over(self, message: Message) -> None:
        """Keep the message, and die."""
        super().hand_over(message)
        raise KeyboardInterrupt


def test_what_a_killed_process_leaves_behind_comes_again_under_the_same_id(office: Office) -> None:
    killed, mail = Killed(), MockNotifier()
    with pytest.raises(KeyboardInterrupt):
        hand_over(office, email=killed)

    assert hand_over(office, email=mail) == HandedOver()
    later(office, TAKEN_FOR)
    assert hand_over(office, email=mail) == HandedOver(told=1)

    assert {*killed.messages} == {*mail.messages}


def test_whoever_was_too_slow_settles_nothing_any_more(office: Office) -> None:
    class Slow(MockNotifier):
        def hand_over(self, message: Message) -> None:
            later(office, TAKEN_FOR)
            assert hand_over(office, email=MockNotifier()) == HandedOver(told=1)
            raise OSError("too late")

    hand_over(office, email=Slow(), most=1)

    assert kept(office).state is NoticeState.HANDED_OVER


def test_what_was_withdrawn_while_it_was_handed_over_was_handed_over(office: Office) -> None:
    class Meanwhile(MockNotifier):
        def hand_over(self, message: Message) -> None:
            with office.database.writing() as work:
                work.notices.withdraw([message.id], Trouble("paid", "Paid."))

    hand_over(office, email=Meanwhile(), most=1)

    assert (kept(office).state, kept(office).trouble) == (NoticeState.HANDED_OVER, None)


# --- what is not told


@pytest.mark.covers("S1-028")
def test_what_a_customer_does_not_want_is_not_told(office: Office) -> None:
    unwanted = SetNotices(customer=CustomerId(1), topic=Topic.LATE, wanted=False, channel="sms")
    office.provider.do(unwanted, actor=ANA)

    assert hand_over(office, email=MockNotifier(), sms=MockNotifier()) == HandedOver(told=1, dropped=1)
    assert kept(office, "sms").state is NoticeState.REFUSED
    assert kept(office, "sms").trouble == Trouble(
        "unwanted", "The customer wants none of this by this channel."
    )


def test_what_could_not_be_told_in_time_is_not_told_any_more(office: Office) -> None:
    office.clock.move_to(march(17))
    assert hand_over(office, email=MockNotifier()) == HandedOver(told=1)

    office.clock.move_to(march(18))
    assert hand_over(office, sms=MockNotifier()) == HandedOver(dropped=1)
    assert kept(office, "sms").state is NoticeState.WITHDRAWN


def test_who_has_no_address_waits_for_one(office: Office) -> None:
    office.provider.do(ChangeCustomer(customer=CustomerId(1), details={"email": None}), actor=ANA)
    mail = MockNotifier()

    assert hand_over(office, email=mail) == HandedOver(dead=1)
    assert kept(office).trouble == Trouble(
        "no-address", "Customer 1 has no email. Add it to the customer, and try the notice again."
    )


def test_an_address_that_was_erased_is_none(office: Office) -> None:
    office.sql("update texts set text = null where path = 'email'")

    assert hand_over(office, email=MockNotifier()) == HandedOver(dead=1)


# --- the notifiers of the catalogue


def test_a_channel_writes_files_where_the_catalogue_says_so(office: Office, tmp_path: Path) -> None:
    files = {"notifier": "files", "config": {"folder": str(tmp_path / "out")}}
    office.load(notices={"channels": {"email": files}})

    assert office.provider.notices.hand_over(actor=ANA) == HandedOver(told=1)

    (file,) = (tmp_path / "out").iterdir()
    assert "To: ana@example.org" in file.read_text("utf-8")


def test_a_configuration_that_does_not_fit_is_told_before_anything_is_taken(office: Office) -> None:
    office.load(notices={"channels": {"email": {"notifier": "files", "config": {"place": "here"}}}})

    with pytest.raises(DocumentError, match="The configuration of the channel 'email' has 2 problems"):
        office.provider.notices.hand_over(actor=ANA)

    assert kept(office).attempts == 0


def test_a_notifier_that_no_plugin_brings_is_told(office: Office) -> None:
    office.load(notices={"channels": {"email": {"notifier": "pigeon"}}})

    with pytest.raises(PluginError, match="No plugin brings a notifier 'pigeon'"):
        office.provider.notices.hand_over(actor=ANA)
