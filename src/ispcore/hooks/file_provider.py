"""The charge provider that ships: each slip becomes a file that can be printed, and can be paid at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.effects import write_whole
from ispcore.usecases import NotRegistered, Registered

if TYPE_CHECKING:
    from ispcore.usecases import SlipRequest
    from ispcore.values import SlipId


@frozen
class FileChargeProvider:
    """Writes slips as plain text into a *folder*, which is made when the first one comes.

    The same slip again is the same file again, so it may be asked as often as one likes.
    """

    folder: Path

    def register(self, request: SlipRequest) -> Registered | NotRegistered:
        """Write the slip."""
        name = f"slip-{request.number}.txt"
        self._write(name, _text(request))
        return Registered(f"file-{request.number}", {"file": name})

    def cancel(self, number: SlipId, reference: str) -> None:
        """Write that the slip is not to be paid, in its place."""
        self._write(f"slip-{number}.txt", f"Slip {number} ({reference}) is not to be paid any more.\n")

    def _write(self, name: str, text: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        write_whole(self.folder / name, text.encode())


def _text(request: SlipRequest) -> str:
    width = max(len(one.description) for one in request.lines)
    lines = [f"  {one.description:<{width}}  {one.amount}" for one in request.lines]
    head = [
        f"Slip {request.number}",
        f"From:   {request.seller.name}",
        f"To:     {request.customer.name}",
        f"Due on: {request.due_on}",
        "",
    ]
    return "\n".join([*head, *lines, f"  {'Total':<{width}}  {request.amount}", ""])
