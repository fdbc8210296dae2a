"""What facts of contracts say: as fields that can be compared with what they were before."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from attrs import fields

from ispcore.contracts import facts as f

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ispcore.catalog import PenaltyRule
    from ispcore.contracts import ContractTerms, Installation, InstallationOrder

_PARTS = ("penalty", "installation", "order")


def fields_of_contract(payload: object) -> dict[str, str]:
    """Return the fields of a contract that *payload* sets, as text, by path."""
    match payload:
        case f.ContractOpened(customer, template, _, terms):
            return {"customer": str(customer), "template": template, **dict(_terms(terms))}
        case f.ContractEdited(terms):
            return dict(_terms(terms))
        case f.ContractRenewed(starts_on, months, fidelity_months):
            return {
                "starts_on": str(starts_on),
                "months": str(months),
                "fidelity_months": str(fidelity_months),
            }
        case f.ContractAccepted(how, document_hash):
            return {"acceptance": f"accepted, {how.value}", "document": document_hash}
        case f.ContractRefused():
            return {"acceptance": "refused"}
        case _:
            return {}


def _terms(terms: ContractTerms) -> Iterator[tuple[str, str]]:
    for one in fields(type(terms)):
        value = getattr(terms, one.name)
        if one.name not in _PARTS:
            yield one.name, _said(value)
        elif value is not None:
            yield from ((f"{one.name}.{path}", said) for path, said in _part(value))
        else:
            yield one.name, "(none)"


def _part(part: PenaltyRule | Installation | InstallationOrder) -> Iterator[tuple[str, str]]:
    for one in fields(type(part)):
        yield one.name, _said(getattr(part, one.name))


def _said(value: object) -> str:
    """Return a value as people write it."""
    if value is None:
        return "(none)"
    if isinstance(value, tuple | frozenset):
        return ", ".join(sorted(str(each) for each in value)) or "(none)"
    return str(value.value if isinstance(value, Enum) else value)
