"""The notifier that ships: each message becomes a file of plain text, with headers above it.

A file appears whole or not at all, and the same message again takes the place of the one before.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from attrs import frozen

from ispcore.errors import UndeliverableError
from ispcore.notices import NotifierSpec

if TYPE_CHECKING:
    from ispcore.notices import Message

_LONGEST_NAME = 150


@frozen
class FolderConfig:
    """Where the files go; the folder is made when it is not there."""

    folder: str


class FileNotifier:
    """Writes messages into a folder, from which something else may send or print them."""

    def __init__(self, config: FolderConfig) -> None:
        """Write into the folder of *config*."""
        self._folder = Path(config.folder)

    def hand_over(self, message: Message) -> None:
        """Write *message*.

        Raises:
            UndeliverableError: a header would have more than one line.
            OSError: the file cannot be written.
        """
        text = text_of(message)
        self._folder.mkdir(parents=True, exist_ok=True)
        write_whole(self._folder / file_name(message), text.encode())


def file_name(message: Message) -> str:
    """Return the name of a message's file: the same for the same id, another for another one."""
    name = quote(message.id, safe="").replace("%3A", "+")
    if len(name) > _LONGEST_NAME:
        name = f"{name[:_LONGEST_NAME]}~{sha256(message.id.encode()).hexdigest()}"
    return f"{name}.txt"


def text_of(message: Message) -> str:
    """Return the file's text: headers, an empty line, and what is told."""
    headers = {
        "Id": message.id,
        "Channel": message.channel,
        "From": message.sender,
        "To": message.recipient,
        "Subject": message.subject,
        "About": str(message.about),
        "Reason": message.reason,
    }
    for name, value in headers.items():
        if not value.isprintable():
            raise UndeliverableError(
                f"The header {name} of a message would have more than one line.",
                rule="header",
                hint="Take what does not print out of the template or the customer.",
            )
    lines = [f"{name}: {value}" for name, value in headers.items() if value]
    return "\n".join([*lines, "", message.text.rstrip("\n"), ""])


def write_whole(path: Path, content: bytes) -> None:
    """Write *content* to *path*, so that whoever looks finds all of it or what was there before."""
    handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(OSError):
            Path(name).unlink()
        raise


FILES = NotifierSpec("files", "ispcore.effects.message_files:FileNotifier", FolderConfig)
"""The shipped notifier, which a channel names as ``files``."""
