"""The faces that texts are printed in, and which characters they have."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Iterable
from pathlib import Path

from attrs import field, frozen
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from ispcore.errors import PrintError

_MOST_NAMED = 10
_STANDARD = ("Helvetica", "Helvetica-Bold", "Helvetica-Oblique", "Helvetica-BoldOblique")


@frozen
class Fonts:
    """Four TrueType files of one family. Each is embedded, cut down to the characters that are printed."""

    regular: Path = field(converter=Path)
    bold: Path = field(converter=Path)
    italic: Path = field(converter=Path)
    bold_italic: Path = field(converter=Path)


@frozen
class Faces:
    """The names of the faces, and whether they have a character."""

    regular: str
    bold: str
    italic: str
    bold_italic: str
    has: Callable[[str], bool]

    def name(self, *, bold: bool, italic: bool) -> str:
        """Return the name of a face."""
        if bold:
            return self.bold_italic if italic else self.bold
        return self.italic if italic else self.regular

    def check(self, texts: Iterable[str]) -> None:
        """Refuse texts with characters that a face lacks, naming every one of them.

        Raises:
            PrintError: some character cannot be printed.
        """
        lacked = sorted({one for one in set().union(*texts) if not self.has(one)})
        if not lacked:
            return
        named = [_named(one) for one in lacked[:_MOST_NAMED]]
        more = f" and {len(lacked) - _MOST_NAMED} more" if len(lacked) > _MOST_NAMED else ""
        raise PrintError(
            f"The fonts have no character {', '.join(named)}{more}.",
            rule="no-such-character",
            names=lacked,
            hint="Print with fonts that have it, or write it otherwise.",
        )


def faces_of(fonts: Fonts | None) -> Faces:
    """Return the faces of *fonts*, or those that every reader of PDF has: Helvetica.

    Raises:
        PrintError: a file is no TrueType font.
    """
    if fonts is None:
        return Faces(*_STANDARD, _in_standard)
    files = (fonts.regular, fonts.bold, fonts.italic, fonts.bold_italic)
    loaded = [_loaded(file) for file in files]
    glyphs = [set(font.face.charToGlyph) for font in loaded]
    common = set.intersection(*glyphs)
    names = [font.fontName for font in loaded]
    return Faces(names[0], names[1], names[2], names[3], lambda one: ord(one) in common or one in " \xa0")


def _in_standard(character: str) -> bool:
    """Tell whether Helvetica has a character: those of Western Europe, and the euro sign."""
    try:
        character.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return character.isprintable() or character == "\xa0"


def _loaded(file: Path) -> TTFont:
    """Return the font in a *file*, known to ReportLab by what is in it."""
    try:
        name = f"ispcore-{hashlib.sha256(file.read_bytes()).hexdigest()[:16]}"
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(file)))
        font = pdfmetrics.getFont(name)
    except (OSError, TTFError) as error:
        raise PrintError(
            f"{file} is no font that can be printed with: {error}.",
            rule="no-such-font",
            hint="Name a TrueType file that may be read.",
        ) from error
    if not isinstance(font, TTFont):
        raise TypeError(font)
    return font


def _named(character: str) -> str:
    name = unicodedata.name(character, "without a name")
    shown = repr(character) if character.isprintable() else "that cannot be shown"
    return f"{shown} (U+{ord(character):04X}, {name})"
