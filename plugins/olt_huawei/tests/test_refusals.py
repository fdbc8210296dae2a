"""What an OLT says instead of doing it, in every wording that is known."""

import pytest

from ispcore.driver import (
    AuthFailed,
    Busy,
    CapacityExhausted,
    Conflict,
    DriverError,
    Invalid,
    Unrecognised,
    Unsupported,
)
from ispcore_olt_huawei.parsing.refusals import Meaning, error_of, refusal
from plugins.olt_huawei.tests.samples import sample

MEANINGS = [
    Meaning.TAKEN,
    Meaning.TAKEN,
    Meaning.TAKEN,
    Meaning.TAKEN,
    Meaning.TAKEN,
    Meaning.TAKEN,
    Meaning.ABSENT,
    Meaning.ABSENT,
    Meaning.OFFLINE,
    Meaning.EMPTY,
    Meaning.MISSING,
    Meaning.MISSING,
    Meaning.MISSING,
    Meaning.MISSING,
    Meaning.EMPTY,
    Meaning.TAKEN,
    Meaning.ALREADY,
    Meaning.BUSY,
    Meaning.METHOD,
    Meaning.UNKNOWN_COMMAND,
    Meaning.WRONG_COMMAND,
    Meaning.WRONG_COMMAND,
    Meaning.LOGIN,
    Meaning.BUSY,
]


@pytest.mark.parametrize(
    ("line", "meaning"), list(zip(sample("hw_errors").splitlines(), MEANINGS, strict=True))
)
def test_each_published_refusal_has_its_meaning(line: str, meaning: Meaning) -> None:
    refused = refusal(line)

    assert refused is not None
    assert refused.meaning is meaning


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Failure: SN already exists", Conflict),
        ("Failure: The VLAN does not exist", Invalid),
        ("Failure: The number of ONTs on the port has reached the upper limit", CapacityExhausted),
        ("Failure: System is busy, please retry after a while", Busy),
        ("  % Unknown command, the error locates at '^'", Unsupported),
        (
            "Failure: The current HG configuration method of the ONT does not support this operation",
            Unsupported,
        ),
        ("Username or password invalid.", AuthFailed),
        ("Failure: The moon is in the wrong quarter", Unrecognised),
    ],
)
def test_each_meaning_is_an_error_of_the_contract(line: str, kind: type[DriverError]) -> None:
    refused = refusal(line)

    assert refused is not None
    assert type(error_of(refused, line)) is kind


def test_a_customer_may_be_called_like_a_failure() -> None:
    assert refusal("  Description             : Failure: Ltd\n") is None
    assert refusal("  0/ 0/0       0   % Unknown command Ltd\n") is None


@pytest.mark.parametrize("name", ["hw_logout_confirm", "hw_smart_prompt"])
def test_questions_refuse_nothing(name: str) -> None:
    assert refusal(sample(name)) is None


def test_a_command_of_another_firmware_is_unknown() -> None:
    refused = refusal(sample("hw_unknown_command"))

    assert refused is not None
    assert refused.meaning is Meaning.UNKNOWN_COMMAND
