"""The fields of what ispcore prints itself: slips, payment books and statements."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from ispcore.billing import SlipState
from ispcore.customers import AddressType
from ispcore.values import Money, total

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ispcore.billing import Slip, Statement, StatementLine
    from ispcore.catalog import Catalogue
    from ispcore.customers import Address, Customer
    from ispcore.printing.filling import Field, Fields
    from ispcore.usecases import SlipPaper, StatementPaper
    from ispcore.values import Currency


def slip_fields(paper: SlipPaper) -> Fields:
    """Return the fields of the only slip of *paper*: ``company``, ``customer`` and ``slip``."""
    (slip,) = paper.slips
    return {
        "company": company_fields(paper.catalogue, slip.group.company),
        "customer": customer_fields(paper.customer),
        "slip": _slip(paper, slip),
    }


def book_fields(paper: SlipPaper) -> Fields:
    """Return the fields of a payment book: ``customer``, ``book``, ``slips`` and the ``totals`` of these.

    Each slip has its ``company`` too, for one book may be for several.
    """
    book = paper.book
    assert book is not None  # noqa: S101 - the paper of a book has one
    slips = [
        {**_slip(paper, slip), "company": company_fields(paper.catalogue, slip.group.company)}
        for slip in paper.slips
    ]
    return {
        "customer": customer_fields(paper.customer),
        "book": {"number": book.id, "issued_on": book.issued_on, "months": book.months},
        "slips": slips,
        "totals": _sums(slip.amount for slip in paper.slips),
    }


def statement_fields(paper: StatementPaper) -> Fields:
    """Return the fields of a statement: ``customer``, ``since``, ``until``, ``made_on`` and ``accounts``."""
    return {
        "customer": customer_fields(paper.customer),
        "since": paper.since,
        "until": paper.until,
        "made_on": paper.made_on,
        "accounts": [_account(paper.catalogue, one) for one in paper.accounts],
    }


def customer_fields(customer: Customer) -> dict[str, Field]:
    """Return who a customer is: number, texts, the address to write to, and the extra fields."""
    details = customer.details
    return {
        "number": customer.id,
        "code": customer.code,
        "name": details.name,
        "trade_name": details.trade_name,
        "tax_id": details.tax_id,
        "email": details.email,
        "phone": details.phone,
        "address": address_line(customer.address_for(AddressType.BILLING)),
        "extra": dict(customer.extra),
    }


def company_fields(catalogue: Catalogue, code: str) -> dict[str, Field]:
    """Return who bills; one that was withdrawn from the catalogue is called by its code."""
    company = catalogue.companies.get(code)
    if company is None:
        return {"code": code, "name": code, "tax_id": None, "address": None}
    return {"code": code, "name": company.name, "tax_id": company.tax_id, "address": company.address}


def address_line(address: Address | None) -> str | None:
    """Return an address on one line, or None where there is none."""
    if address is None:
        return None
    house = " ".join(part for part in (address.street, address.number) if part)
    rest = (address.unit, address.complement, address.district, address.city, address.postal_code)
    return ", ".join(part for part in (house, *rest) if part)


def _slip(paper: SlipPaper, slip: Slip) -> dict[str, Field]:
    known = paper.registrations.get(slip.id)
    method = paper.catalogue.charge_methods.get(slip.group.charge_method)
    return {
        "number": slip.id,
        "state": slip.state.value,
        "due_on": slip.due_on,
        "issued_on": slip.issued_on,
        "amount": slip.amount,
        "partly_paid": slip.state is SlipState.PARTLY_PAID,
        "open": total([paper.balances[name].open for name in slip.receivables], slip.amount.currency),
        "charge_method": slip.group.charge_method if method is None else method.name,
        "reference": None if known is None else known.reference,
        "details": [] if known is None else [{"name": n, "text": t} for n, t in known.details.items()],
        "lines": [
            {
                "description": paper.balances[line.receivable].receivable.description,
                "due_on": paper.balances[line.receivable].receivable.due_on,
                "overdue": line.gathered,
                "amount": line.amount,
            }
            for line in slip.lines
        ],
    }


def _sums(amounts: Iterable[Money]) -> list[Money]:
    sums: dict[Currency, list[Money]] = defaultdict(list)
    for amount in amounts:
        sums[amount.currency].append(amount)
    return [total(found, currency) for currency, found in sums.items()]


def _account(catalogue: Catalogue, account: Statement) -> dict[str, Field]:
    return {
        "company": company_fields(catalogue, account.holder.company),
        "currency": account.holder.currency,
        "before": account.before,
        "balance": account.balance,
        "owes": account.balance.minor > 0,
        "is_kept": account.balance.minor < 0,
        "lines": [_line(line) for line in account.lines],
    }


def _line(line: StatementLine) -> dict[str, Field]:
    return {
        "on": line.on,
        "kind": line.kind.value.replace("_", " "),
        "text": line.text,
        "due_on": line.due_on,
        "amount": line.amount,
        "balance": line.balance,
    }
