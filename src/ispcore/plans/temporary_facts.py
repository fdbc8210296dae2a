"""What happens to a subscription for a while only, in the past tense; its end is derived."""

from __future__ import annotations

from datetime import date

from attrs import frozen


@frozen
class EnabledProvisionally:
    """The subscription is served in full, and owed, before ``until``, whatever holds it back."""

    until: date


@frozen
class TemporaryPlanStarted:
    """Another plan is served before ``until``; what is owed stays."""

    plan: str
    until: date


@frozen
class TemporaryPlanEnded:
    """The subscription's own plan is served again."""
