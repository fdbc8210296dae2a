"""A customer says which notices are wanted, by topic and channel."""

import pytest

from ispcore.catalog import Topic
from ispcore.customers import SetNotices
from ispcore.errors import NotFoundError, RefusedError
from tests.catalogues import CUSTOMER
from tests.people import PERSON, Known, registered


def say(known: Known, topic: Topic, *, wanted: bool, channel: str | None = None) -> Known:
    return known.after(SetNotices(customer=CUSTOMER, topic=topic, wanted=wanted, channel=channel))


@pytest.mark.covers("S1-027", "S1-028")
def test_at_first_everything_is_wanted_and_each_topic_is_refused_for_itself() -> None:
    known = registered(PERSON)
    assert all(known.customer.wants(topic, "email") for topic in Topic)

    none_late = say(known, Topic.LATE, wanted=False).customer

    assert [none_late.wants(topic, "email") for topic in Topic] == [True, False, True]


def test_one_channel_is_refused_for_itself() -> None:
    known = say(registered(PERSON), Topic.DUE, wanted=False, channel="sms").customer

    assert (known.wants(Topic.DUE, "sms"), known.wants(Topic.DUE, "email")) == (False, True)


def test_what_is_said_of_every_channel_holds_for_those_to_come_and_is_taken_back_whole() -> None:
    none = say(say(registered(PERSON), Topic.DUE, wanted=False, channel="sms"), Topic.DUE, wanted=False)
    assert not none.customer.wants(Topic.DUE, "telegraph")

    again = say(none, Topic.DUE, wanted=True).customer

    assert again.unwanted == frozenset()


def test_a_channel_is_wanted_again() -> None:
    known = say(registered(PERSON), Topic.DUE, wanted=False, channel="sms")

    assert say(known, Topic.DUE, wanted=True, channel="sms").customer.wants(Topic.DUE, "sms")


def test_every_channel_is_wanted_again_where_some_were_not() -> None:
    known = say(registered(PERSON), Topic.DUE, wanted=False, channel="sms")

    assert say(known, Topic.DUE, wanted=True).customer.unwanted == frozenset()


@pytest.mark.parametrize(("wanted", "channel"), [(True, None), (True, "sms")])
def test_what_is_so_already_is_refused(wanted: bool, channel: str | None) -> None:
    with pytest.raises(RefusedError, match="has this setting already"):
        say(registered(PERSON), Topic.DUE, wanted=wanted, channel=channel)


@pytest.mark.parametrize("channel", [None, "sms"])
def test_what_is_unwanted_already_is_refused(channel: str | None) -> None:
    known = say(registered(PERSON), Topic.DUE, wanted=False, channel=channel)

    with pytest.raises(RefusedError, match="has this setting already"):
        say(known, Topic.DUE, wanted=False, channel=channel)


def test_a_channel_is_not_set_where_nothing_is_wanted_by_any() -> None:
    known = say(registered(PERSON), Topic.DUE, wanted=False)

    with pytest.raises(RefusedError, match="wants nothing about 'due' by any channel"):
        say(known, Topic.DUE, wanted=True, channel="sms")


def test_a_channel_is_one_of_the_catalogues() -> None:
    with pytest.raises(NotFoundError, match="no channel 'fax'"):
        say(registered(PERSON), Topic.DUE, wanted=False, channel="fax")
