"""Identifiers, each a type of its own, and the shape of codes that people choose."""

from __future__ import annotations

import re
from typing import NewType

from ispcore.errors import InvalidValueError

CustomerId = NewType("CustomerId", int)
PersonId = NewType("PersonId", int)
AddressId = NewType("AddressId", str)
SubscriptionId = NewType("SubscriptionId", int)
ItemId = NewType("ItemId", str)
ComponentId = NewType("ComponentId", str)
LineId = NewType("LineId", str)
ChargeId = NewType("ChargeId", str)
PaymentId = NewType("PaymentId", str)
DocumentId = NewType("DocumentId", int)
SlipId = NewType("SlipId", int)
BookId = NewType("BookId", int)
TaskId = NewType("TaskId", int)
ContactId = NewType("ContactId", str)
ContractNumber = NewType("ContractNumber", str)

LONGEST_CODE = 40
"""Characters of the longest code, and of the name of an item or a line."""
_CODE = re.compile(rf"[a-z0-9][a-z0-9_.-]{{0,{LONGEST_CODE - 1}}}\Z")


def check_code(text: object, what: str = "code") -> str:
    """Return *text* if it can name a catalogue entry, an item or a line.

    Raises:
        InvalidValueError: it is not 1 to 40 small letters, digits, ``_``, ``-`` or ``.``.
    """
    if not isinstance(text, str) or not _CODE.match(text):
        raise InvalidValueError(
            f"{text!r} cannot be a {what}.",
            hint="Use 1 to 40 small letters, digits, '_', '-' or '.', a letter or digit first.",
        )
    return text
