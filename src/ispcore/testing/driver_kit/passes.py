"""What one round of looking and writing came to, and the words for it."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from ispcore.driver import Change, DriverError, PlacementId, Result, Role, Seen, claim_of, roles_of


def must(holds: object, message: str) -> None:
    """Fail with *message* unless it *holds*."""
    if not holds:
        raise AssertionError(message)


@frozen
class Pass:
    """What one look, one difference and one writing came to; ``during`` names the call that failed."""

    during: str
    changes: Sequence[Change] = ()
    results: Sequence[Result[Seen | DriverError | None]] = ()
    error: DriverError | None = None
    seconds: float = 0.0

    @property
    def done(self) -> set[PlacementId | None]:
        """The targets that are said to be done."""
        return {result.target for result in self.results if not isinstance(result.value, DriverError)}

    @property
    def errors(self) -> list[DriverError]:
        """Everything that was refused or went wrong."""
        refused = [result.value for result in self.results if isinstance(result.value, DriverError)]
        return refused if self.error is None else [*refused, self.error]


def told(one: Pass) -> str:
    """Return what a pass came to, in words without a full stop."""
    if one.error is not None:
        return f"{one.during} ended with {_worded(one.error)}"
    if one.errors:
        return _worded(one.errors[0])
    return "; ".join(change_told(change) for change in one.changes) or "nothing"


def change_told(change: Change) -> str:
    """Return a change in words, with what differs and without secrets."""
    if change.after is None:
        return f"delete {claim_of(change.target.spec)}"
    if change.before is None:
        return f"create {claim_of(change.after)}"
    before, after = change.before.spec, change.after
    plain = [name for name, role in roles_of(type(after)).items() if role is not Role.WRITE_ONLY]
    differ = [
        f"{name} from {getattr(before, name, None)!r} to {getattr(after, name)!r}"
        for name in plain
        if name in change.fields
    ]
    hidden = sorted(change.fields - set(plain))
    return f"change {claim_of(before)}: {', '.join([*differ, *hidden])}"


def _worded(error: DriverError) -> str:
    return f"{type(error).__name__}: {error}".removesuffix(".")
