"""Command lines of devices over SSH and Telnet: what drivers of OLTs and switches are built on.

A :class:`Dialect` tells what a family of devices says; :func:`connected` gives a :class:`CliSession` that
goes to the mode of a command, turns pages, answers what may be answered, keeps the deadline and hides
secrets. SSH and Telnet need ``ispcore[terminal]``.
"""

from ispcore.transports.answers import Answer
from ispcore.transports.cassettes import CassetteError, Label, playing, recording
from ispcore.transports.commands import Command, checked, quoted
from ispcore.transports.dialect import (
    ANY,
    Alarm,
    Dialect,
    LoginTexts,
    Mode,
    Pager,
    Place,
    Question,
    Setup,
    Way,
    ways_between,
)
from ispcore.transports.dialogue import Asking, Credentials, Dialogue, Say, SigningIn
from ispcore.transports.redaction import Redactor
from ispcore.transports.session import CliSession, Limit, connected
from ispcore.transports.settings import Ssh, Telnet
from ispcore.transports.streams import Stream, StreamEndedError

__all__ = [
    "ANY",
    "Alarm",
    "Answer",
    "Asking",
    "CassetteError",
    "CliSession",
    "Command",
    "Credentials",
    "Dialect",
    "Dialogue",
    "Label",
    "Limit",
    "LoginTexts",
    "Mode",
    "Pager",
    "Place",
    "Question",
    "Redactor",
    "Say",
    "Setup",
    "SigningIn",
    "Ssh",
    "Stream",
    "StreamEndedError",
    "Telnet",
    "Way",
    "checked",
    "connected",
    "playing",
    "quoted",
    "recording",
    "ways_between",
]
