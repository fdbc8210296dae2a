"""What the core may conclude from an error of a driver."""

import pickle

import pytest

from ispcore.driver import (
    AuthFailed,
    Busy,
    Cancelled,
    CapacityExhausted,
    Conflict,
    DeviceError,
    DriverError,
    Invalid,
    Locked,
    OutcomeUnknown,
    RateLimited,
    Refusal,
    Retry,
    Scope,
    Unreachable,
    Unrecognised,
    Unsettled,
    Unsupported,
)
from ispcore.errors import IspcoreError

PRESETS = [
    (Unreachable, Scope.DEVICE, Retry.LATER, False),
    (Busy, Scope.DEVICE, Retry.LATER, False),
    (Locked, Scope.DEVICE, Retry.LATER, False),
    (RateLimited, Scope.DEVICE, Retry.LATER, False),
    (Cancelled, Scope.DEVICE, Retry.LATER, False),
    (OutcomeUnknown, Scope.DEVICE, Retry.LATER, True),
    (AuthFailed, Scope.DEVICE, Retry.PERSON, False),
    (Unsettled, Scope.RESOURCE, Retry.LATER, True),
    (Unrecognised, Scope.RESOURCE, Retry.PERSON, True),
    (Invalid, Scope.RESOURCE, Retry.NEVER, False),
    (Unsupported, Scope.RESOURCE, Retry.NEVER, False),
    (Conflict, Scope.RESOURCE, Retry.NEVER, False),
    (CapacityExhausted, Scope.RESOURCE, Retry.NEVER, False),
]


@pytest.mark.parametrize(("kind", "scope", "retry", "wrote"), PRESETS)
def test_a_preset_says_what_it_stops_and_whether_something_was_written(
    kind: type[DriverError], scope: Scope, retry: Retry, wrote: bool
) -> None:
    error = kind("The device said so.")

    assert (error.scope, error.retry, error.wrote) == (scope, retry, wrote)
    assert isinstance(error, IspcoreError)


def test_every_preset_is_in_the_table() -> None:
    def below(kind: type[DriverError]) -> set[type[DriverError]]:
        return {kind}.union(
            *(below(one) for one in kind.__subclasses__() if one.__module__ == kind.__module__)
        )

    assert below(DriverError) - {DriverError, DeviceError, Refusal} == {row[0] for row in PRESETS}


def test_a_broken_connection_says_when_a_write_had_gone_out_before() -> None:
    assert Unreachable("Cut.", wrote=True).wrote
    assert not Unreachable("Cut.").wrote
    assert not Unrecognised("What?", wrote=False).wrote


def test_a_device_may_ask_for_a_pause() -> None:
    assert RateLimited("Slowly.", after_seconds=30).after_seconds == 30
    assert RateLimited("Slowly.").after_seconds is None


def test_what_a_device_said_is_kept_and_who_stands_in_the_way() -> None:
    assert Unrecognised("It makes no sense.", raw="%% ?").raw == "%% ?"
    assert Conflict("It is taken.", owner="105:login@radius").owner == "105:login@radius"


@pytest.mark.parametrize(
    "error",
    [
        Unreachable("Cut.", wrote=True, after_seconds=3, hint="Look at the cable."),
        Unrecognised("What?", raw="%% ?"),
        Conflict("It is taken.", owner="105:login@radius"),
    ],
)
def test_an_error_travels_whole_between_processes(error: DriverError) -> None:
    copy = pickle.loads(pickle.dumps(error))

    assert type(copy) is type(error)
    assert (str(copy), vars(copy)) == (str(error), vars(error))
