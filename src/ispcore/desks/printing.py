"""The part of the facade that prints to PDF: slips, payment books, statements, contracts.

ReportLab and Jinja2 come with the extra ``pdf``; they are imported when something is printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore import usecases as u
from ispcore.catalog import LONGEST_PRINT_TEMPLATE, PrintTemplate
from ispcore.errors import DocumentError, NotFoundError, PrintError
from ispcore.values import Problem

if TYPE_CHECKING:
    from datetime import date

    from ispcore.catalog import Catalogue
    from ispcore.printing import Fields, Fonts
    from ispcore.timeline import Actor
    from ispcore.values import BookId, CustomerId, SlipId


_SECTIONS = ("print_templates", "contracts")
"""The sections of a catalogue whose entries may have a ``text`` that is printed."""


@frozen
class PrintDesk:
    """What is printed to PDF; :attr:`Provider.printing <ispcore.app.Provider.printing>`.

    It is printed by the *template* that is given, else by that of the catalogue called ``slip``, ``book``,
    ``statement`` or ``contract``, else by the one that ships; in the *fonts* that are given, else Helvetica.
    """

    _desk: u.Desk

    def slip(
        self,
        slip: SlipId,
        *,
        actor: Actor,
        template: PrintTemplate | None = None,
        fonts: Fonts | None = None,
    ) -> bytes:
        """Return a slip as PDF.

        Raises:
            NotFoundError: there is no such slip.
            PrintError: the template or the fonts do not go with it.
        """
        paper = u.slip_paper(self._desk, slip, actor=actor)
        _check_installed()
        from ispcore.printing import slip_fields  # noqa: PLC0415 - needs the extra

        return _printed("slip", paper.catalogue, slip_fields(paper), template, fonts)

    def book(
        self,
        book: BookId,
        *,
        actor: Actor,
        template: PrintTemplate | None = None,
        fonts: Fonts | None = None,
    ) -> bytes:
        """Return a payment book as PDF, with the slips that wait for money.

        Raises:
            NotFoundError: there is no such book.
            PrintError: the template or the fonts do not go with it.
        """
        paper = u.book_paper(self._desk, book, actor=actor)
        _check_installed()
        from ispcore.printing import book_fields  # noqa: PLC0415 - needs the extra

        return _printed("book", paper.catalogue, book_fields(paper), template, fonts)

    def statement(  # noqa: PLR0913 - of its own
        self,
        customer: CustomerId,
        *,
        actor: Actor,
        since: date | None = None,
        until: date | None = None,
        template: PrintTemplate | None = None,
        fonts: Fonts | None = None,
    ) -> bytes:
        """Return what a customer was asked for and paid as PDF, from *since* through *until*.

        Raises:
            NotFoundError: there is no such customer.
            PrintError: the template or the fonts do not go with it.
        """
        paper = u.statement_paper(self._desk, customer, actor=actor, since=since, until=until)
        _check_installed()
        from ispcore.printing import statement_fields  # noqa: PLC0415 - needs the extra

        return _printed("statement", paper.catalogue, statement_fields(paper), template, fonts)

    def contract(
        self,
        number: str,
        *,
        actor: Actor,
        template: PrintTemplate | None = None,
        fonts: Fonts | None = None,
    ) -> bytes:
        """Return a contract as PDF, as it is today.

        What is not given is printed by the text of its own kind in the catalogue, where that has one, else
        as the template ``contract`` says.

        Raises:
            NotFoundError: there is no such contract.
            PrintError: the template or the fonts do not go with it.
        """
        paper = u.contract_paper(self._desk, number, actor=actor)
        _check_installed()
        from ispcore.printing import contract_fields  # noqa: PLC0415 - needs the extra

        mine = template or _of_kind(paper.catalogue, paper.view.contract.state.template)
        return _printed("contract", paper.catalogue, contract_fields(paper), mine, fonts)

    def template(self, code: str, *, actor: Actor) -> PrintTemplate:
        """Return the template *code* of the catalogue, else the one that ships.

        Raises:
            NotFoundError: there is neither.
        """
        actor.require("catalog.read")
        with self._desk.database.reading() as work:
            catalogue = work.catalogue.current()
        _check_installed()
        return _template(code, catalogue)


def _printed(
    code: str, catalogue: Catalogue, fields: Fields, template: PrintTemplate | None, fonts: Fonts | None
) -> bytes:
    from ispcore.printing import render  # noqa: PLC0415 - needs the extra

    return render(template or _template(code, catalogue), fields, fonts=fonts)


def _of_kind(catalogue: Catalogue, kind: str) -> PrintTemplate | None:
    """Return the text of a kind of contract as a template; None where it has none."""
    found = catalogue.contracts.get(kind)
    if found is None or not found.text:
        return None
    return PrintTemplate(code=f"contracts.{kind}", version="", text=found.text)


def _template(code: str, catalogue: Catalogue) -> PrintTemplate:
    from ispcore.printing import SHIPPED_PRINT_TEMPLATES, shipped  # noqa: PLC0415 - needs the extra

    own = catalogue.print_templates
    if code not in own and code not in SHIPPED_PRINT_TEMPLATES:
        known = sorted({*own, *SHIPPED_PRINT_TEMPLATES})
        raise NotFoundError("template", code, hint=f"There are: {', '.join(known)}.")
    return own[code] if code in own else shipped(code)


def check_print_templates(document: object) -> None:
    """Refuse a catalogue's *document* with templates that cannot be read, where printing is installed.

    Those of contracts are looked at too. What is no text is left to whoever reads the document.

    Raises:
        DocumentError: some template cannot be read, or says what no template may.
    """
    texts = {place: text for section in _SECTIONS for place, text in _texts(document, section)}
    if not texts or find_spec("jinja2") is None or find_spec("reportlab") is None:
        return
    problems = [
        Problem(place, error.message, error.hint)
        for place, text in texts.items()
        if (error := _unreadable(place.split(".")[1], text)) is not None
    ]
    if problems:
        raise DocumentError("The catalogue", problems)


def _texts(document: object, section: str) -> Iterator[tuple[str, str]]:
    """Yield the templates in a section of a catalogue's document, each with its place."""
    written = document.get(section) if isinstance(document, Mapping) else None
    for code, entry in written.items() if isinstance(written, Mapping) else ():
        text = entry.get("text") if isinstance(entry, Mapping) else None
        if isinstance(text, str):
            yield f"{section}.{code}.text", text


def _unreadable(code: str, text: str) -> PrintError | None:
    from ispcore.printing import fields_of  # noqa: PLC0415 - needs the extra

    try:
        fields_of(PrintTemplate(code=code, version="", text=text[:LONGEST_PRINT_TEMPLATE]))
    except PrintError as error:
        return error
    return None


def _check_installed() -> None:
    """Refuse to print where the extra is not installed."""
    try:
        import ispcore.printing  # noqa: F401, PLC0415 - to see whether it can be
    except ModuleNotFoundError as error:
        raise PrintError(
            f"Printing needs a package that is not installed: {error.name}.",
            rule="not-installed",
            hint="Install it with: pip install 'ispcore[pdf]'",
        ) from error
