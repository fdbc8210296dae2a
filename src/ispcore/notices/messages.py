"""A message: a notice with the texts of its template, and the address of whoever is told.

It is made when the notice is handed over and kept nowhere. Together with the notifier's contract this is all
that the author of a notifier needs to know of ispcore.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

from attrs import field, frozen

from ispcore.catalog import ContactKind, filled
from ispcore.errors import IspcoreError, UndeliverableError
from ispcore.notices.notice import About, Notice, NoticeId

if TYPE_CHECKING:
    from ispcore.catalog import Channel, DayForm, NoticePolicy

_LONGEST_SUBJECT, _LONGEST_TEXT, _LONGEST_SHORT = 200, 20_000, 1_000
_DAYS = ("due_on", "on")


@frozen(kw_only=True)
class Contact:
    """Who is told: a name, and where they are reached; None where nothing is known."""

    name: str = field(repr=False)
    email: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)


@frozen(kw_only=True)
class Message:
    """What a notifier is given.

    ``id`` is the same whenever the message is handed over again. A short message has no subject.
    """

    id: NoticeId
    channel: str
    sender: str
    recipient: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    about: About
    reason: str


class Notifier(Protocol):
    """Hands messages over to whoever carries them: what a factory makes of a configuration."""

    def hand_over(self, message: Message) -> None:
        """Hand *message* over, or raise: it is tried again, and given the same id.

        Raises:
            UndeliverableError: to try again would not help.
        """
        ...


@frozen
class NotifierSpec:
    """What a notifier is, told without importing it.

    ``factory`` is ``"package.module:Class"``, imported on first use and called with a ``config``, a frozen
    attrs class; its fields of the type :class:`~ispcore.values.SecretText` are secret.
    """

    name: str
    factory: str
    config: type[Any]


def message_of(notice: Notice, contact: Contact, policy: NoticePolicy, today: date) -> Message:
    """Return *notice* as it is handed over to *contact* on the day *today*.

    Raises:
        UndeliverableError: there is no address, no such channel or template, or a text that cannot be made.
    """
    try:
        channel, template = policy.channel(notice.channel), policy.template(notice.template)
        values = _values(notice, contact, policy.day_form, today)
        subject = "" if channel.short else filled(template.subject, values, most=_LONGEST_SUBJECT)
        most = _LONGEST_SHORT if channel.short else _LONGEST_TEXT
        text = filled(template.short if channel.short else template.text, values, most=most)
    except IspcoreError as error:
        raise UndeliverableError(error.message, rule="template", hint=error.hint) from error
    return Message(
        id=notice.id,
        channel=notice.channel,
        sender=notice.sender or "",
        recipient=_address(contact, channel, notice),
        subject=subject,
        text=text,
        about=notice.about,
        reason=notice.reason,
    )


def _values(notice: Notice, contact: Contact, form: DayForm, today: date) -> Mapping[str, str]:
    values = {**notice.fields, "customer": contact.name, "sender": notice.sender or ""}
    if "due_on" in notice.fields:
        values["days"] = str(abs((date.fromisoformat(notice.fields["due_on"]) - today).days))
    days = {name: form.write(date.fromisoformat(values[name])) for name in _DAYS if name in values}
    return values | days


def _address(contact: Contact, channel: Channel, notice: Notice) -> str:
    address = contact.email if channel.to is ContactKind.EMAIL else contact.phone
    if not address:
        raise UndeliverableError(
            f"Customer {notice.customer} has no {channel.to.value}.",
            rule="no-address",
            hint="Add it to the customer, and try the notice again.",
        )
    return address
