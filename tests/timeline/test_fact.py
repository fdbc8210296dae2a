from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from attrs import frozen

from ispcore.errors import InvalidValueError
from ispcore.timeline import Cause, Fact, Origin, Recorded, Retracted, Subject, SubjectKind

SUBJECT = Subject(SubjectKind.SUBSCRIPTION, "104")
AT = datetime(2012, 3, 10, 12, tzinfo=UTC)


@frozen
class Suspended:
    note: str = ""


FACT = Fact(SUBJECT, 3, date(2012, 3, 10), Suspended(), Recorded(AT, "ana", "c-1"))


def test_a_fact_is_named_by_its_payload_its_day_and_its_sequence() -> None:
    assert FACT.kind == "Suspended"
    assert FACT.id == "subscription:104#3"
    assert str(FACT) == "Suspended of 2012-03-10 (fact 3)"
    assert str(SUBJECT) == "subscription 104"


def test_a_fact_made_by_hand_comes_from_the_core_unless_told() -> None:
    assert FACT.recorded.cause is Cause.MANUAL
    assert FACT.recorded.origin == Origin("core")
    assert FACT.schema_version == 1
    assert FACT.reason is None


def test_an_instant_is_recorded_in_utc() -> None:
    assert Recorded(AT.astimezone(timezone(timedelta(0))), "ana", "c-1").at == AT


@pytest.mark.parametrize(
    "at",
    [
        datetime(2012, 3, 10, 12),  # noqa: DTZ001  # the mistake under test
        AT.astimezone(timezone(timedelta(hours=-3))),
    ],
)
def test_an_instant_of_another_zone_or_of_none_is_refused(at: datetime) -> None:
    with pytest.raises(InvalidValueError, match=r"UTC instant"):
        Recorded(at, "ana", "c-1")


def test_a_retraction_names_what_it_voids() -> None:
    assert Retracted([1, 2]).voids == (1, 2)
