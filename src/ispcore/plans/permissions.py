"""Which permissions a command needs: its own, and those of the other commands that its fields stand in for.

Who may not change a price, a discount, a composition or the billing terms by the command for it may not do it
on the way of another command either.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ispcore.contracts import PENALTY_PERMISSION
from ispcore.plans import commands as c
from ispcore.plans import component_commands as cc
from ispcore.plans import item_commands as ic
from ispcore.plans.contract_commands import MigrateTechnology
from ispcore.values import Money

if TYPE_CHECKING:
    from ispcore.timeline import Actor

PAYMENT_TERMS = "subscription.payment-terms"
"""The permission to give a subscription another charge method or due day."""
ACCESS_POINT = "component.access-point"
"""The permission to let a component hang at another access point."""


def permissions_of(command: c.Command) -> frozenset[str]:
    """Return the permissions that *command* needs; an actor must have every one.

    To add a component with the service that makes room for it may take that of adding services too.
    """
    match command:
        case c.Cancel(waive_penalty=True):
            return frozenset({command.permission, PENALTY_PERMISSION})
        case c.Subscribe():
            return frozenset({command.permission, *_of_the_offer(command)})
        case c.ChangePlan():
            return frozenset({command.permission, *_of_the_offer(command), *_of_terms(command)})
        case MigrateTechnology(price=Money()):
            return frozenset({command.permission, c.ChangePrice.permission})
        case c.ChangeBillingTerms():
            return frozenset(_of_terms(command)) or frozenset({command.permission})
        case cc.ChangeComponent(access_point=str()):
            own = () if command.spec is None else (command.permission,)
            return frozenset({ACCESS_POINT, *own})
        case _:
            return frozenset({command.permission})


def check_permitted(command: c.Command, actor: Actor) -> None:
    """Refuse unless *actor* may give *command*; its own permission is asked for first.

    Raises:
        NotPermittedError: a permission is missing.
    """
    for permission in sorted(permissions_of(command), key=lambda name: (name != command.permission, name)):
        actor.require(permission)


def _of_the_offer(command: c.Subscribe | c.ChangePlan) -> Iterator[str]:
    """Yield what it takes to depart from the offer of the catalogue."""
    if command.price is not None:
        yield c.ChangePrice.permission
    if command.discount is not None:
        yield c.ChangeDiscount.permission
    if command.lines is not None:
        yield ic.CustomiseComposition.permission


def _of_terms(command: c.ChangePlan | c.ChangeBillingTerms) -> Iterator[str]:
    if command.charge_method is not None or command.due_day is not None:
        yield PAYMENT_TERMS
    cycle = (command.advance, command.closing_day)
    other = (
        (command.anchor_on,)
        if isinstance(command, c.ChangePlan)
        else (command.separate_slip, command.separate_document)
    )
    if any(value is not None for value in (*cycle, *other)):
        yield c.ChangeBillingTerms.permission
