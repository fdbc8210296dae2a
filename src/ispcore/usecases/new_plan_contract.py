"""The contract of a new plan: one that there is, or one that is made with it, with its installation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ispcore.catalog import MOST_MONTHS
from ispcore.contracts import InstallationOrder, OpenContract
from ispcore.errors import IspcoreError
from ispcore.values import CODE, DAY, TEXT, ContactId, check_length, whole

if TYPE_CHECKING:
    from collections.abc import Callable

    from ispcore.catalog import Catalogue
    from ispcore.customers import Customer
    from ispcore.values import Table

_LONGEST_CONTRACT = 100
_INSTALLATION = "Installation"


def noted(table: Table, name: str, check: Callable[[], object]) -> bool:
    """Note what *check* raises at the field *name*, and tell whether it raised nothing."""
    try:
        check()
    except IspcoreError as error:
        table.problem(error.message, error.hint, at=name)
        return False
    return True


def read_contract_step(table: Table, catalogue: Catalogue, customer: Customer) -> dict[str, Any]:
    """Return the number of the contract, or with a template the command that makes one."""
    number, template = table.get("contract", TEXT, default=None), table.get("template", CODE, default=None)
    noted(table, "contract", lambda: check_length("contract", number, _LONGEST_CONTRACT))
    if template is None:
        return {"contract": number, "made": None}
    responsible = table.get("responsible", CODE, default=None)
    made = OpenContract(
        customer=customer.id,
        template=template,
        number=number,
        months=table.get("months", whole(1, MOST_MONTHS), default=None),
        salesperson=table.get("salesperson", TEXT, default=None),
        responsible=None if responsible is None else ContactId(responsible),
        witnesses=tuple(ContactId(code) for code in table.many("witnesses", CODE)) or None,
        order=_order(catalogue, template, table.table("installation")),
    )
    noted(table, "template", lambda: catalogue.contract(template))
    if made.responsible is not None:
        noted(table, "responsible", lambda: customer.contact(made.responsible or ContactId("")))
    noted(table, "witnesses", lambda: [customer.contact(one) for one in made.witnesses or ()])
    return {"contract": None, "made": made}


def _order(catalogue: Catalogue, template: str, table: Table) -> InstallationOrder | None:
    """Return the installation that is scheduled; without one it is ordered as the template says."""
    if table.is_empty:
        return None
    known = catalogue.contracts.get(template)
    usual = known.order_service if known is not None and known.order_service else _INSTALLATION
    order = InstallationOrder(
        service=table.get("service", TEXT, default=usual),
        responsible=table.get("responsible", TEXT, default=None),
        planned_on=table.get("planned_on", DAY, default=None),
    )
    table.close()
    return order
