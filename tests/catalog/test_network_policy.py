"""The choices about the network, read from the catalogue's document."""

from typing import Any

import pytest

from ispcore.catalog import NetworkPolicy, Speed, WhenBlocked, document_of, entries
from ispcore.errors import DocumentError
from tests.catalogues import catalogue, document


def test_without_the_table_the_defaults_hold() -> None:
    assert catalogue().network == NetworkPolicy()


@pytest.mark.parametrize(
    ("written", "policy"),
    [
        ({"when_blocked": "refused"}, NetworkPolicy(when_blocked=WhenBlocked.REFUSED)),
        ({"mail_when_blocked": False, "grace_days": 0}, NetworkPolicy(mail_when_blocked=False, grace_days=0)),
        ({"reduced": {"percent": 25}}, NetworkPolicy(reduced_percent=25)),
        ({"removal_moves_stock": False}, NetworkPolicy(removal_moves_stock=False)),
        ({"password_length": 10}, NetworkPolicy(password_length=10)),
        ({"unique_logins": False}, NetworkPolicy(unique_logins=False)),
        (
            {"reduced": {"download_kbit": 256, "upload_kbit": 128}},
            NetworkPolicy(reduced_speed=Speed(256, 128)),
        ),
    ],
)
def test_each_choice_can_be_made(written: dict[str, Any], policy: NetworkPolicy) -> None:
    assert catalogue(network=written).network == policy


@pytest.mark.parametrize(
    ("written", "place"),
    [
        ({"reduced": {"percent": 25, "download_kbit": 1, "upload_kbit": 1}}, "network.reduced"),
        ({"reduced": {"percent": 0}}, "network.reduced.percent"),
        ({"reduced": {"per_cent": 10}}, "network.reduced.per_cent"),
        ({"grace_days": -1}, "network.grace_days"),
        ({"when_blocked": "open"}, "network.when_blocked"),
        ({"password_length": 9}, "network.password_length"),
        ({"grace": 1}, "network.grace"),
    ],
)
def test_what_cannot_be_meant_is_told_at_its_place(written: dict[str, Any], place: str) -> None:
    with pytest.raises(DocumentError) as told:
        catalogue(network=written)

    (problem,) = told.value.problems
    assert str(problem).startswith(f"{place}: ")


def test_the_choices_are_an_entry_with_a_history() -> None:
    written = document(network={"grace_days": 7, "reduced": {"percent": 5}})

    apart = entries(written)

    assert apart["settings", "network"] == {"value": {"grace_days": 7, "reduced": {"percent": 5}}}
    assert document_of(apart)["network"] == written["network"]
