"""The timeline: facts, their order, retraction, upcasters, and who acts.

One idea serves subscriptions, customers and the catalogue alike.
"""

from ispcore.timeline.actor import Actor
from ispcore.timeline.fact import Cause, Fact, Origin, Recorded, Retracted, Subject, SubjectKind
from ispcore.timeline.order import by_day, in_force, voided, voided_by
from ispcore.timeline.permissions import EVERYTHING, GRANTABLE, PERMISSIONS
from ispcore.timeline.upcast import Payload, Upcaster, Upcasters

__all__ = [
    "EVERYTHING",
    "GRANTABLE",
    "PERMISSIONS",
    "Actor",
    "Cause",
    "Fact",
    "Origin",
    "Payload",
    "Recorded",
    "Retracted",
    "Subject",
    "SubjectKind",
    "Upcaster",
    "Upcasters",
    "by_day",
    "in_force",
    "voided",
    "voided_by",
]
