"""What a subscription says of its own about notices."""

import pytest

from ispcore.catalog import Offsets
from ispcore.errors import InvalidValueError, NotFoundError, RefusedError
from ispcore.plans import ChangeNotices, ChannelTerms, Timeline, due_offsets, is_warned
from tests.catalogues import CATALOGUE, SUBSCRIPTION, catalogue, do, march, subscribed

EMAIL = CATALOGUE.notices.channel("email")


def change(timeline: Timeline, channel: str = "email", **terms: object) -> Timeline:
    return do(timeline, ChangeNotices(subscription=SUBSCRIPTION, channel=channel, **terms), march(1))  # type: ignore[arg-type]


@pytest.mark.covers("S3-073", "S3-074")
def test_a_subscription_has_days_of_its_own_by_channel() -> None:
    timeline = change(change(subscribed(), days="5, 0, -5"), "sms", due=False)

    assert timeline.last.notices == {
        "email": ChannelTerms(days=Offsets((5, 0, -5))),
        "sms": ChannelTerms(due=False),
    }


@pytest.mark.covers("S3-075")
def test_empty_days_follow_the_providers_again() -> None:
    timeline = change(change(subscribed(), days="5"), days=" ")

    assert timeline.last.notices == {"email": ChannelTerms()}


def test_what_a_command_leaves_out_stays() -> None:
    timeline = change(change(subscribed(), days="5", due=True), warns=False)

    assert timeline.last.notices == {"email": ChannelTerms(due=True, days=Offsets((5,)), warns=False)}


def test_a_command_that_changes_nothing_is_refused() -> None:
    once = change(subscribed(), due=False)

    for nothing in (None, False):
        with pytest.raises(RefusedError, match="changes nothing"):
            change(once, due=nothing)


def test_a_channel_is_one_of_the_catalogues() -> None:
    with pytest.raises(NotFoundError, match="no channel 'fax'"):
        change(subscribed(), "fax", due=False)


def test_days_that_are_none_are_refused() -> None:
    with pytest.raises(InvalidValueError, match="not a number of days"):
        change(subscribed(), days="soon")


def test_without_terms_of_its_own_a_subscription_follows_the_provider() -> None:
    known = catalogue(notices={"channels": {"email": {"due": "3", "warns": False}}}).notices.channel("email")

    assert due_offsets(None, known) == due_offsets(ChannelTerms(due=True), known) == Offsets((3,))
    assert (is_warned(None, known), is_warned(None, EMAIL)) == (False, True)
    assert is_warned(ChannelTerms(warns=True), known)
    assert due_offsets(ChannelTerms(due=False, days=Offsets((1,))), known) == Offsets()
