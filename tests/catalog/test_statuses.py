from datetime import date

import pytest

from ispcore.catalog import Bucket, Serves, Status, pin, read_catalogue
from ispcore.errors import NotFoundError

STATUSES = read_catalogue({"currency": "BRL"}).statuses


def test_entering_a_status_pins_its_whole_chain() -> None:
    trial = pin(STATUSES, "trial")

    assert (trial.code, trial.bills, trial.serves) == ("trial", False, Serves.FULL)
    assert trial.next is not None
    assert (trial.next.code, trial.next.bills, trial.next.next) == ("enabled", True, None)


def test_editing_the_catalogue_does_not_change_what_was_pinned() -> None:
    statuses = dict(STATUSES)
    pinned = pin(statuses, "trial")

    statuses["trial"] = Status("trial", "Other", Bucket.INACTIVE, bills=True, serves=Serves.OFF)

    assert pinned == pin(STATUSES, "trial")


@pytest.mark.covers("S4-005")
def test_the_day_of_entry_is_the_first_of_the_days() -> None:
    assert pin(STATUSES, "trial").ends_on(date(2012, 3, 1)) == date(2012, 3, 11)
    assert pin(STATUSES, "enabled").ends_on(date(2012, 3, 1)) is None


def test_an_unknown_status_is_told_with_those_there_are() -> None:
    with pytest.raises(
        NotFoundError, match=r"There is no status 'trail'. The catalogue has: admin_suspended, "
    ):
        pin(STATUSES, "trail")


def test_services_are_ranked_from_everything_to_nothing() -> None:
    assert sorted(Serves, key=lambda serves: serves.rank) == [
        Serves.FULL,
        Serves.REDUCED,
        Serves.BLOCKED,
        Serves.OFF,
        Serves.REMOVED,
    ]
