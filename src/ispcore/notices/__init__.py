"""What is told to whom: notices that are wanted, what became of them, and the contract of a notifier."""

from ispcore.notices.desired import (
    Bill,
    Merged,
    ReachedStage,
    StatusEntry,
    Terms,
    desired_notices,
    due_days,
    merge,
    status_notices,
)
from ispcore.notices.entries import Entered, entered_by, entered_by_itself
from ispcore.notices.messages import Contact, Message, Notifier, NotifierSpec, message_of
from ispcore.notices.notice import (
    About,
    KeptNotice,
    Notice,
    NoticeId,
    NoticeKind,
    NoticeState,
    Opening,
    SubjectOfNotice,
    Trouble,
)

__all__ = [
    "About",
    "Bill",
    "Contact",
    "Entered",
    "KeptNotice",
    "Merged",
    "Message",
    "Notice",
    "NoticeId",
    "NoticeKind",
    "NoticeState",
    "Notifier",
    "NotifierSpec",
    "Opening",
    "ReachedStage",
    "StatusEntry",
    "SubjectOfNotice",
    "Terms",
    "Trouble",
    "desired_notices",
    "due_days",
    "entered_by",
    "entered_by_itself",
    "merge",
    "message_of",
    "status_notices",
]
