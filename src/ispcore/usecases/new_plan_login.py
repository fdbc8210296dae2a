"""The login of a new plan: made with it, with its mailbox where a domain is given, or later.

A password is no part of a draft, which sessions keep: it is given at the end, or made up there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ispcore.customers import AddressType
from ispcore.driver import Login, Mailbox
from ispcore.plans import AddComponent
from ispcore.plans.linked_mail import mail_address
from ispcore.plans.specs import checked_spec
from ispcore.usecases.new_plan_contract import noted
from ispcore.values import CODE, TEXT, AddressId

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ispcore.catalog import Catalogue
    from ispcore.customers import Customer
    from ispcore.values import SecretText, SubscriptionId, Table


def read_login_step(table: Table, catalogue: Catalogue, plan: str) -> dict[str, Any]:
    """Return the login that *plan* begins with: its name, domain and access point; None without one."""
    name = table.get("username", TEXT, default=None)
    domain = table.get("mail_domain", TEXT, default=None)
    point = table.get("access_point", CODE, default=None)
    if name is None:
        for key in ("mail_domain", "access_point"):
            if key in table:
                table.problem("There is no login for it.", "Give its username.", at=key)
        return {"login": None}
    if not table.clean:
        return {"login": None}
    if point is not None:
        noted(table, "access_point", lambda: catalogue.access_point(point))
    if noted(table, "username", lambda: checked_spec(Login(username=name))) and plan in catalogue.plans:
        noted(table, "mail_domain", lambda: _check_domain(name, domain, catalogue, plan))
    return {"login": {"username": name, "mail_domain": domain, "access_point": point}}


def _check_domain(name: str, domain: str | None, catalogue: Catalogue, plan: str) -> None:
    address = mail_address(Login(username=name), domain, catalogue.plan(plan))
    if address is not None:
        checked_spec(Mailbox(address=address))


def login_command(
    subscription: SubscriptionId, login: Mapping[str, Any], on: date | None, password: SecretText | None
) -> AddComponent:
    """Return the command that adds a *login* as it was read; without a *password* one is made up."""
    return AddComponent(
        subscription=subscription,
        spec=Login(username=login["username"], password=password),
        mail_domain=login["mail_domain"],
        access_point=login["access_point"],
        generate_password=password is None,
        on=on,
    )


def city_of(customer: Customer, address: object) -> str | None:
    """Return the city in which *customer* is served: at the *address* that was named, else as usual."""
    if isinstance(address, str):
        return customer.address(AddressId(address)).city
    usual = customer.address_for(AddressType.INSTALLATION) or customer.address_for(AddressType.REGISTERED)
    return None if usual is None else usual.city
