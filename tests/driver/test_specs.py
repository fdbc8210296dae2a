"""What a spec is made of, and how the core treats each field."""

import attrs
import pytest
from attrs import frozen

from ispcore.driver import (
    KINDS,
    UNREADABLE,
    Identity,
    Login,
    Mailbox,
    Onu,
    Role,
    SecretRef,
    Spec,
    WriteOnly,
    claim_of,
    fields_of,
    identity_of,
    revealed,
    roles_of,
)
from ispcore.errors import InvalidValueError
from ispcore.values import SecretText


@frozen(kw_only=True)
class Slot(Spec):
    word = "slot"
    shelf: Identity[int]
    place: Identity[int]
    label: str = ""
    key: WriteOnly = None


def test_a_field_is_plain_unless_it_is_declared_otherwise() -> None:
    assert roles_of(Slot) == {
        "shelf": Role.IDENTITY,
        "place": Role.IDENTITY,
        "label": Role.PLAIN,
        "key": Role.WRITE_ONLY,
    }
    assert fields_of(Slot, Role.IDENTITY) == ("shelf", "place")


def test_a_claim_is_the_kind_and_every_part_of_the_name() -> None:
    assert claim_of(Slot(shelf=1, place=4, label="spare")) == "slot/1/4"
    assert identity_of(Login(username="ana")) == ("ana",)
    assert claim_of(Mailbox(address="ana@isp.test")) == "mailbox/ana@isp.test"


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.word)
def test_every_kind_has_a_name_and_defaults_for_the_rest(kind: type[Spec]) -> None:
    names = fields_of(kind, Role.IDENTITY)

    spec = kind(**dict.fromkeys(names, "x"))

    assert names
    assert claim_of(spec) == f"{kind.word}/x"
    assert all(getattr(spec, name) is None for name in fields_of(kind, Role.WRITE_ONLY))


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.word)
def test_a_kind_is_a_frozen_value(kind: type[Spec]) -> None:
    spec = kind(**dict.fromkeys(fields_of(kind, Role.IDENTITY), "x"))

    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(spec, fields_of(kind, Role.IDENTITY)[0], "y")


def test_a_driver_is_told_a_secret_or_that_there_is_none() -> None:
    assert revealed(SecretText("Hidden-1")) == "Hidden-1"
    assert revealed(None) is None


@pytest.mark.parametrize("secret", [SecretRef("login.104"), UNREADABLE])
def test_a_secret_that_was_not_put_in_reaches_no_driver(secret: SecretRef) -> None:
    with pytest.raises(InvalidValueError, match="was not resolved"):
        revealed(secret)


def test_a_spec_never_prints_a_secret() -> None:
    assert "Hidden-1" not in repr(Login(username="ana", password=SecretText("Hidden-1")))


def test_specs_of_different_kinds_are_different() -> None:
    specs: list[Spec] = [Onu(serial="x"), Login(username="x")]

    assert specs[0] != specs[1]
