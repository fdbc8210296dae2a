import pytest

from ispcore.errors import InvalidValueError
from ispcore.timeline import Payload, Upcasters


def named(payload: Payload) -> Payload:
    return payload | {"name": payload["nome"]}


def without_old_name(payload: Payload) -> Payload:
    return {key: value for key, value in payload.items() if key != "nome"}


UPCASTERS = Upcasters({("Suspended", 1): named, ("Suspended", 2): without_old_name})


@pytest.mark.parametrize(
    ("version", "payload"),
    [(1, {"nome": "a"}), (2, {"nome": "a", "name": "a"}), (3, {"name": "a"})],
)
def test_a_payload_of_any_version_is_read_in_todays_shape(version: int, payload: Payload) -> None:
    assert UPCASTERS.lift("Suspended", version, payload) == {"name": "a"}


def test_a_kind_without_steps_is_of_version_one() -> None:
    assert Upcasters().current("Enabled") == 1
    assert UPCASTERS.current("Suspended") == 3
    assert Upcasters().lift("Enabled", 1, {"a": 1}) == {"a": 1}


def test_a_fact_of_a_later_ispcore_is_refused() -> None:
    with pytest.raises(InvalidValueError, match=r"reads up to 3"):
        UPCASTERS.lift("Suspended", 4, {})
