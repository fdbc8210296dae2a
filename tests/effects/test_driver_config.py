"""A device's configuration is read into its driver's class, and its secrets come from elsewhere."""

from decimal import Decimal
from enum import Enum
from typing import Any

import pytest
from attrs import field, frozen

from ispcore.effects import Kept, SecretSource, config_schema, read_config, secret_sources
from ispcore.errors import DocumentError, NotFoundError
from ispcore.values import SecretText


class Colour(Enum):
    RED = "red"
    BLUE = "blue"


@frozen
class Config:
    host: str
    password: SecretText
    port: int = 22
    spare: SecretText | None = None
    vlans: tuple[int, ...] = ()
    colour: Colour = Colour.RED
    power: Decimal | None = None
    fast: bool = field(default=False)


LEAST: dict[str, Any] = {"host": "olt-1", "password": {"secret": "olt"}}


def resolve(source: SecretSource) -> SecretText:
    if source.name == "gone":
        raise NotFoundError("secret", "gone")
    return SecretText(f"{source.kept.value} {source.name}")


def test_a_configuration_is_read_with_its_secrets() -> None:
    rest = {"vlans": [1, 2], "colour": "blue", "power": "1.5", "fast": True}

    read = read_config(Config, {**LEAST, "port": 23, "spare": {"env": "SPARE"}, **rest}, resolve)

    password, spare = SecretText("secret olt"), SecretText("env SPARE")
    assert read == Config("olt-1", password, 23, spare, (1, 2), Colour.BLUE, Decimal("1.5"), fast=True)


def test_what_is_left_out_has_its_default() -> None:
    assert read_config(Config, {**LEAST, "spare": None}, resolve).port == 22


def test_every_problem_is_told_and_no_secret_is() -> None:
    stored = {"password": "hunter2", "port": "22", "colour": "green", "extra": 1, "power": "much", "vlans": 3}

    with pytest.raises(DocumentError) as caught:
        read_config(Config, stored, resolve)

    told = str(caught.value)
    for part in ("host", "missing", "whole number", "red", "extra", "power", "vlans", '{"env": "NAME"}'):
        assert part in told
    assert "hunter2" not in told


def test_a_secret_that_is_not_there_is_a_problem_of_its_setting() -> None:
    with pytest.raises(DocumentError, match="password"):
        read_config(Config, {**LEAST, "password": {"file": "gone"}}, resolve)


def test_true_is_no_number() -> None:
    with pytest.raises(DocumentError, match="port"):
        read_config(Config, {**LEAST, "port": True}, resolve)


def test_where_secrets_are_can_be_told_without_reading_them() -> None:
    assert secret_sources({**LEAST, "spare": {"env": "SPARE"}}) == (
        SecretSource(Kept.SECRET, "olt"),
        SecretSource(Kept.ENV, "SPARE"),
    )


def test_the_schema_says_what_is_secret_and_what_must_be_given() -> None:
    schema = config_schema(Config)

    assert schema["required"] == ["host", "password"]
    assert schema["properties"]["password"]["writeOnly"] is True
    assert schema["properties"]["spare"]["writeOnly"] is True
    assert schema["properties"]["port"] == {"type": "integer", "default": 22}
    assert schema["properties"]["colour"] == {"enum": ["red", "blue"]}
    assert schema["properties"]["vlans"] == {"type": "array", "items": {"type": "integer"}}
    assert schema["additionalProperties"] is False
