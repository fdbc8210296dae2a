"""The picture of a contract in the guide to printing; `python -m tests.printing.picture` makes it anew.

The contract is the one that the guide itself prints.
"""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pypdfium2  # type: ignore[import-untyped] # it has no types
from PIL import Image

from ispcore import Money
from ispcore.printing import render, shipped

DOCS = Path(__file__).resolve().parents[2] / "docs"
PICTURE = DOCS / "_static" / "contract.png"
_SCALE = 1.3


def drawn() -> Image.Image:
    """Return the only page of the contract of the guide."""
    guide = (DOCS / "how-to" / "print.md").read_text("utf-8")
    found = re.search(r"^def brl.*?^}$", guide, re.DOTALL | re.MULTILINE)
    assert found
    names: dict[str, Any] = {"Money": Money, "date": date}
    exec(found[0], names)
    with pypdfium2.PdfDocument(render(shipped("contract"), names["fields"])) as pdf:
        assert len(pdf) == 1
        image: Image.Image = pdf[0].render(scale=_SCALE).to_pil()
        return image.convert("L")


if __name__ == "__main__":
    drawn().quantize(16).save(PICTURE, optimize=True)
