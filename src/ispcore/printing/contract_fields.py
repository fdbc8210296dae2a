"""The fields of a contract that is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.customers import AddressType
from ispcore.printing.fields import address_line, company_fields, customer_fields
from ispcore.values import total

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ispcore.catalog import PenaltyRule
    from ispcore.contracts import Installation
    from ispcore.customers import Address, Contact, Customer
    from ispcore.printing.filling import Field, Fields
    from ispcore.usecases import ContractPaper, SubscriptionView
    from ispcore.values import AddressId, Money


def contract_fields(paper: ContractPaper) -> Fields:
    """Return the fields of a contract: ``contract``, ``company``, ``customer``, ``plans``, ``people``.

    ``installation`` is None where none was agreed. Whether it was accepted is no field, so that the document
    that was accepted can be printed again.
    """
    customer, terms = paper.customer, paper.view.contract.terms
    place = _place(customer, terms.address)
    plans = [plan for view in paper.subscriptions for plan in _plans(customer, view, place)]
    return {
        "contract": _contract(paper, place),
        "company": company_fields(paper.catalogue, _company(paper)),
        "customer": customer_fields(customer),
        "plans": plans,
        "installation": None if terms.installation is None else _installation(terms.installation),
        "people": list(_people(paper)),
    }


def _contract(paper: ContractPaper, place: Address | None) -> dict[str, Field]:
    contract, term = paper.view.contract, paper.view.term
    state, terms = contract.state, contract.terms
    kind = paper.catalogue.contracts.get(state.template)
    first = paper.subscriptions[0].state.terms if paper.subscriptions else None
    method = first.charge_method if first else paper.customer.charge_method
    known = paper.catalogue.charge_methods.get(method or "")
    items = [(view, item) for view in paper.subscriptions for item in view.state.items if item.recurring]
    prices = [view.to_pay[item.id] for view, item in items]
    return {
        "number": state.number,
        "name": state.template if kind is None else kind.name,
        "service": "" if kind is None else kind.service,
        "date": terms.dated_on,
        "place": None if place is None else place.city,
        "address": address_line(place),
        "starts_on": terms.starts_on if term is None else term.starts_on,
        "ends_on": None if term is None else term.ends_on,
        "term_months": terms.months,
        "renewal": terms.renewal.value,
        "fidelity_months": terms.fidelity_months,
        "bound_until": None if term is None else term.bound_until,
        "benefit": _unless_nothing(terms.benefit),
        "penalty": _penalty(terms.penalty),
        "monthly_price": total(prices, paper.catalogue.currency),
        "due_day": first.due_day if first else paper.customer.due_day,
        "charge_method": method if known is None else known.name,
        "salesperson": terms.salesperson,
        "notes": contract.note,
        "guarantor_note": contract.guarantor_note,
    }


def _company(paper: ContractPaper) -> str:
    """Return the code of the company that bills the first plan; of the first there is, where none is sold."""
    sold = (paper.catalogue.plans.get(view.state.plan.offer) for view in paper.subscriptions)
    codes = (plan.versions[-1].composition.remainder.company for plan in sold if plan is not None)
    return next(codes, next(iter(paper.catalogue.companies), ""))


def _place(customer: Customer, given: AddressId | None) -> Address | None:
    known = {one.id: one for one in customer.addresses}
    return known[given] if given in known else customer.address_for(AddressType.INSTALLATION)


def _plans(customer: Customer, view: SubscriptionView, place: Address | None) -> Iterator[dict[str, Field]]:
    state = view.state
    where = place if state.address is None else _place(customer, state.address)
    for item in state.items:
        yield {
            "name": item.description,
            "address": address_line(where),
            "price": view.to_pay[item.id],
            "recurring": item.recurring,
            "subscription": state.id,
        }


def _installation(agreed: Installation) -> dict[str, Field]:
    return {
        "fee": agreed.fee,
        "discount": _unless_nothing(agreed.discount),
        "paid": _unless_nothing(agreed.paid),
        "unpaid": agreed.unpaid,
        "instalments": agreed.instalments,
    }


def _penalty(rule: PenaltyRule) -> str | None:
    if rule.fixed is not None:
        return str(rule.fixed)
    return None if rule.formula is None else str(rule.formula)


def _unless_nothing(amount: Money) -> Money | None:
    return None if amount.is_zero else amount


def _people(paper: ContractPaper) -> Iterator[dict[str, Field]]:
    terms = paper.view.contract.terms
    known = {one.id: one for one in paper.customer.contacts}
    parts = [("responsible", terms.responsible), *(("witness", one) for one in terms.witnesses)]
    for role, name in [*parts, ("guarantor", terms.guarantor)]:
        if name is not None and name in known:
            yield {"role": role, **_person(known[name])}


def _person(contact: Contact) -> dict[str, Field]:
    return {
        "name": contact.name,
        "tax_id": contact.tax_id,
        "identity": contact.identity,
        "email": contact.email,
        "mobile": contact.mobile,
    }
