"""The issuer that ships: each document becomes a file, and stands at once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from attrs import frozen

from ispcore.effects import write_whole
from ispcore.usecases import Authorised, Rejected

if TYPE_CHECKING:
    from ispcore.usecases import DocumentRequest
    from ispcore.values import DocumentId


@frozen
class FileIssuer:
    """Writes documents as JSON files into a *folder*, which is made when the first one comes.

    The same document again is the same file again, so it may be asked as often as one likes.
    """

    folder: Path

    def issue(self, request: DocumentRequest) -> Authorised | Rejected:
        """Write the document."""
        self._write(f"{request.number}.json", _plain(request))
        return Authorised(f"file-{request.number}")

    def cancel(self, number: DocumentId, reference: str, reason: str) -> Authorised | Rejected:
        """Write that the document is cancelled, beside it."""
        self._write(f"{number}.cancelled.json", {"reference": reference, "reason": reason})
        return Authorised(reference)

    def _write(self, name: str, content: dict[str, Any]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
        write_whole(self.folder / name, text.encode())


def _plain(request: DocumentRequest) -> dict[str, Any]:
    return {
        "number": request.number,
        "kind": "correction" if request.correction else "document",
        "about": request.about,
        "type": request.document_type,
        "accrual": f"{request.accrual:%Y-%m}",
        "seller": {"company": request.company, "name": request.seller.name, "tax_id": request.seller.tax_id},
        "customer": {"name": request.customer.name, "tax_id": request.customer.tax_id},
        "lines": [
            {"description": one.description, "account": one.account, "amount": str(one.amount.amount)}
            for one in request.lines
        ],
        "total": str(request.total.amount),
        "currency": request.total.currency.code,
        "text": request.text,
    }
