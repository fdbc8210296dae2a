"""What can go wrong between the core and a device, told so that the core knows what to do.

A driver raises one of the presets, or hands it over as the value of a result that refuses one target alone.

====================  ========  ======  ================================================
preset                scope     retry   wrote
====================  ========  ======  ================================================
Unreachable, Busy,    device    later   no, unless ``wrote=True`` says that a write had
Locked, RateLimited                     gone out before
OutcomeUnknown        device    later   perhaps: the core looks before it writes again
AuthFailed            device    person  no
Unsettled             resource  later   yes, and it does not count yet
Unrecognised          resource  person  perhaps; carries what the device said
Invalid, Unsupported, resource  never   no
Conflict,
CapacityExhausted
====================  ========  ======  ================================================
"""

from __future__ import annotations

from enum import Enum

from ispcore.errors import IspcoreError


class Scope(Enum):
    """What a fault stops."""

    RESOURCE = "resource"
    """This resource alone; it costs it an attempt."""
    DEVICE = "device"
    """The whole device pauses; no resource is charged with an attempt."""


class Retry(Enum):
    """When to try again."""

    LATER = "later"
    NEVER = "never"
    PERSON = "person"
    """When a person has done something about it."""


class DriverError(IspcoreError):
    """Something went wrong at a device.

    ``wrote`` says whether something may have been written; ``after_seconds`` is when the device asks to be
    tried again.
    """

    scope = Scope.RESOURCE
    retry = Retry.PERSON
    wrote: bool = True
    after_seconds: float | None = None

    def __init__(
        self,
        message: str,
        *,
        wrote: bool | None = None,
        after_seconds: float | None = None,
        hint: str | None = None,
    ) -> None:
        """Tell what happened; None keeps what the kind of error says."""
        super().__init__(message, hint=hint)
        if wrote is not None:
            self.wrote = wrote
        if after_seconds is not None:
            self.after_seconds = after_seconds


class DeviceError(DriverError):
    """The device as a whole cannot be worked with for now."""

    scope = Scope.DEVICE
    retry = Retry.LATER
    wrote = False


class Unreachable(DeviceError):
    """No connection could be made, or it broke."""


class Busy(DeviceError):
    """The device is there, and takes nothing for now."""


class Locked(DeviceError):
    """Somebody else holds the device's configuration."""


class RateLimited(DeviceError):
    """The device asks for a pause."""


class OutcomeUnknown(DeviceError):
    """Something was sent, and no answer came: it may have happened or not."""

    wrote = True


class AuthFailed(DeviceError):
    """The device does not accept our name or password; trying again could lock us out."""

    retry = Retry.PERSON


class Cancelled(DeviceError):
    """The core wants no more of this operation: it is late, was stopped, or lost its lane."""


class Unsettled(DriverError):
    """It was written, and does not count yet: somebody who is connected still has what was before."""

    retry = Retry.LATER


class Unrecognised(DriverError):
    """The device said something that the driver does not understand; ``raw`` keeps it, without secrets."""

    def __init__(self, message: str, *, raw: str = "", wrote: bool | None = None) -> None:
        """Keep what the device said."""
        super().__init__(message, wrote=wrote)
        self.raw = raw


class Refusal(DriverError):
    """The device will not do it, now or later; nothing was written."""

    retry = Retry.NEVER
    wrote = False


class Invalid(Refusal):
    """The device does not take such a value."""


class Unsupported(Refusal):
    """The device, or its driver, has no such thing."""


class Conflict(Refusal):
    """Something that is not ours stands in the way; ``owner`` tells whose it is, where that is known."""

    def __init__(self, message: str, *, owner: str | None = None, hint: str | None = None) -> None:
        """Name the owner."""
        super().__init__(message, hint=hint)
        self.owner = owner


class CapacityExhausted(Refusal):
    """The device is full."""
