"""Printing to PDF by templates: slips, payment books, statements, contracts, and whatever a provider writes.

Needs Jinja2 and ReportLab, which the extra ``pdf`` brings.
"""

from ispcore.catalog import PrintTemplate
from ispcore.printing.filling import Field, Fields
from ispcore.printing.fonts import Fonts
from ispcore.printing.limits import USUAL_LIMITS, Limits
from ispcore.printing.printer import document_hash, render

__all__ = [
    "USUAL_LIMITS",
    "Field",
    "Fields",
    "Fonts",
    "Limits",
    "PrintTemplate",
    "document_hash",
    "render",
]
