"""Printing to PDF by templates: slips, payment books, statements, contracts, and whatever a provider writes.

Needs Jinja2 and ReportLab, which the extra ``pdf`` brings.
"""

from ispcore.catalog import PrintTemplate
from ispcore.contracts import document_hash
from ispcore.printing.contract_fields import contract_fields
from ispcore.printing.fields import (
    address_line,
    book_fields,
    company_fields,
    customer_fields,
    slip_fields,
    statement_fields,
)
from ispcore.printing.filling import Field, Fields, fields_of
from ispcore.printing.fonts import Fonts
from ispcore.printing.limits import USUAL_LIMITS, Limits
from ispcore.printing.printer import render
from ispcore.printing.shipped import SHIPPED_PRINT_TEMPLATES, shipped

__all__ = [
    "SHIPPED_PRINT_TEMPLATES",
    "USUAL_LIMITS",
    "Field",
    "Fields",
    "Fonts",
    "Limits",
    "PrintTemplate",
    "address_line",
    "book_fields",
    "company_fields",
    "contract_fields",
    "customer_fields",
    "document_hash",
    "fields_of",
    "render",
    "shipped",
    "slip_fields",
    "statement_fields",
]
