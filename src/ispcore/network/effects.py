"""What a status or a hold does to each kind of resource: one table, and the policies it refers to.

Nothing is lost before the end: what customers keep things in is disabled, and taken away only when its
grace time is over.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING

from attrs import evolve

from ispcore.catalog import NetworkPolicy, Serves, Speed, WhenBlocked
from ispcore.driver import (
    Access,
    Domain,
    FtpUser,
    HostedDatabase,
    IpAssignment,
    Login,
    Mailbox,
    Onu,
    TvPoint,
    VoiceTerminal,
    Wifi,
)

if TYPE_CHECKING:
    from ispcore.driver import Spec


class Effect(Enum):
    """What becomes of a resource."""

    OPEN = "open"
    """It works at its usual speed."""
    SLOW = "slow"
    """It works at the reduced speed."""
    BLOCKED = "blocked"
    """Walled or refused, as the policy has it."""
    REFUSED = "refused"
    ENABLED = "enabled"
    BY_MAIL_POLICY = "by_mail_policy"
    """Enabled or disabled, as the policy has it."""
    DISABLED = "disabled"
    """It does not work, and nothing is lost."""
    KEPT = "kept"
    """Disabled until the grace time is over, then removed."""
    REMOVED = "removed"


_E = Effect
_EQUIPMENT = (_E.ENABLED, _E.ENABLED, _E.ENABLED, _E.DISABLED, _E.REMOVED)
_SOLD = (_E.ENABLED, _E.ENABLED, _E.DISABLED, _E.DISABLED, _E.REMOVED)
_STORE = (_E.ENABLED, _E.ENABLED, _E.ENABLED, _E.DISABLED, _E.KEPT)

EFFECTS: Mapping[type[Spec], Mapping[Serves, Effect]] = {
    kind: dict(zip(Serves, row, strict=True))
    for kind, row in {
        # kind:      full, reduced, blocked, off, removed
        Login: (_E.OPEN, _E.SLOW, _E.BLOCKED, _E.REFUSED, _E.REMOVED),
        IpAssignment: (_E.OPEN, _E.SLOW, _E.DISABLED, _E.DISABLED, _E.REMOVED),
        Onu: _EQUIPMENT,
        Wifi: _EQUIPMENT,
        VoiceTerminal: _SOLD,
        TvPoint: _SOLD,
        Mailbox: (_E.ENABLED, _E.ENABLED, _E.BY_MAIL_POLICY, _E.DISABLED, _E.KEPT),
        Domain: _STORE,
        FtpUser: _STORE,
        HostedDatabase: _STORE,
    }.items()
}
"""What each kind of resource becomes under each :class:`~ispcore.catalog.Serves`."""

EFFECTIVE = ("access", "enabled", "download_kbit", "upload_kbit")
"""The fields that are computed here; all others are chosen by people."""

_ACCESS = {Effect.REFUSED: Access.REFUSED, Effect.OPEN: Access.OPEN, Effect.SLOW: Access.OPEN}


def effect_of(kind: type[Spec], serves: Serves, policy: NetworkPolicy, *, grace_is_over: bool) -> Effect:
    """Return what becomes of a resource of this *kind*; no policy and no time is open in it any more."""
    effect = EFFECTS[kind][serves]
    if effect is Effect.BY_MAIL_POLICY:
        return Effect.ENABLED if policy.mail_when_blocked else Effect.DISABLED
    if effect is Effect.BLOCKED and policy.when_blocked is WhenBlocked.REFUSED:
        return Effect.REFUSED
    if effect is Effect.KEPT:
        return Effect.REMOVED if grace_is_over else Effect.DISABLED
    return effect


def filled(spec: Spec, effect: Effect, speed: Speed | None) -> Spec | None:
    """Return *spec* with what *effect* makes of it, at that *speed*; None where nothing is to stand."""
    if effect is Effect.REMOVED:
        return None
    match spec:
        case Login():
            down, up = _kbit(speed)
            access = _ACCESS.get(effect, Access.WALLED)
            return evolve(spec, access=access, download_kbit=down, upload_kbit=up)
        case IpAssignment() | Onu():
            down, up = _kbit(speed)
            enabled = effect is not Effect.DISABLED
            return evolve(spec, enabled=enabled, download_kbit=down, upload_kbit=up)
        case _:
            return evolve(spec, enabled=effect is Effect.ENABLED)  # type: ignore[call-arg] # all others have it


def _kbit(speed: Speed | None) -> tuple[int | None, int | None]:
    return (None, None) if speed is None else (speed.download_kbit, speed.upload_kbit)
