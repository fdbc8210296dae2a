"""Commands that change items: additional services and compositions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.catalog import Service, check_lines, version_for, version_on
from ispcore.errors import RefusedError
from ispcore.plans import commands as c
from ispcore.plans import facts as f
from ispcore.plans import item_commands as ic
from ispcore.plans.allowances import check_not_in_use
from ispcore.plans.case import Case, Decision, Event, Rule
from ispcore.plans.decide_terms import check_discount, check_not_documented, price_events
from ispcore.plans.items import PLAN_ITEM, Item
from ispcore.plans.lines import check_price, checked_lines, given_lines, is_strict
from ispcore.values import LONGEST_CODE, ItemId, check_code

if TYPE_CHECKING:
    from collections.abc import Mapping


def _add_item(command: ic.AddItem, case: Case) -> Decision:
    return Decision((Event(case.on, f.ItemAdded(new_item(command, case))),))


def new_item(command: ic.AddItem, case: Case) -> Item:
    """Return the item that *command* adds.

    Raises:
        RefusedError, NotFoundError: it cannot be added.
    """
    catalogue = case.setting.catalogue
    service = catalogue.service(command.service)
    check_permitted(service, case.state.plan.offer, case)
    version = version_on(service, case.on)
    price = version.price if command.price is None else command.price
    check_price(price, version.price, service.code)
    lines = given_lines(command, version, price, catalogue, strict=is_strict(case.state, catalogue, case.on))
    return Item(
        id=ItemId(
            _free_name(service.code, case)
            if command.item is None
            else check_code(command.item, "name of an item")
        ),
        offer=service.code,
        description=service.name,
        price=price,
        price_since=version.since if command.price is None else case.on,
        starts_on=case.on,
        recurring=service.recurring,
        discount=check_discount(command.discount, price, case.setting, case.on),
        lines=lines,
        catalogue_price=command.price is None,
    )


def check_permitted(service: Service, plan: str, case: Case) -> None:
    """Refuse an additional *service* that the *plan* does not permit."""
    permits = case.setting.catalogue.plan(plan).permits
    if service.code not in permits:
        raise RefusedError(
            f"The plan {plan!r} does not permit the additional service {service.code!r}.",
            rule="not-permitted-by-plan",
            hint=f"It permits: {', '.join(sorted(permits)) or 'none'}.",
        )


def _free_name(code: str, case: Case) -> str:
    taken = {item.id for item in case.timeline.last.items} | {item.id for item in case.state.items}
    endings = ["", *(f"-{n}" for n in range(2, len(taken) + 3))]
    names = (code[: LONGEST_CODE - len(ending)] + ending for ending in endings)
    return next(name for name in names if name not in taken)


def _change_item(command: ic.ChangeItem, case: Case) -> Decision:
    if command.item == PLAN_ITEM:
        raise RefusedError(
            "The plan itself is no additional service.",
            rule="plan-item",
            hint="Use ChangePrice or ChangeDiscount.",
        )
    item, price, events = case.state.item(command.item), command.price, []
    if price is not None:
        change = c.ChangePrice(subscription=command.subscription, item=item.id, price=price)
        events += price_events(change, case)
    if command.discount is not None:
        check_not_documented(case)
        discount = check_discount(command.discount, price or item.price, case.setting, case.on)
        events.append(Event(case.on, f.DiscountChanged(item.id, discount)))
    if not events:
        raise RefusedError("ChangeItem changes nothing.", rule="nothing", hint="Give a price or a discount.")
    if price is not None and price < item.price:
        # The old discount may be too large for the new price.
        events.reverse()
    return Decision(tuple(events))


def _end_item(command: ic.EndItem, case: Case) -> Decision:
    check_not_in_use(case.state.item(command.item), case)
    return Decision((Event(case.on, f.ItemEnded(command.item)),))


def _customise(command: ic.CustomiseComposition, case: Case) -> Decision:
    catalogue = case.setting.catalogue
    strict = is_strict(case.state, catalogue, case.on)
    lines = checked_lines(command.lines, case.state.item(command.item).price, catalogue, strict=strict)
    return Decision((Event(case.on, f.CompositionCustomised(command.item, lines)),))


def _restore(command: ic.RestoreComposition, case: Case) -> Decision:
    catalogue, item = case.setting.catalogue, case.state.item(command.item)
    if item.lines is None:
        raise RefusedError(
            f"{case.name} follows the catalogue's composition of {item.id!r} already.", rule="not-customised"
        )
    version = version_for(catalogue.offer(item.offer), case.on, item.price)
    check_lines(version.composition.lines, item.price, strict=is_strict(case.state, catalogue, case.on))
    return Decision((Event(case.on, f.CompositionRestored(item.id)),))


RULES: Mapping[type[c.Command], Rule] = {
    ic.AddItem: _add_item,
    ic.ChangeItem: _change_item,
    ic.EndItem: _end_item,
    ic.CustomiseComposition: _customise,
    ic.RestoreComposition: _restore,
}
"""The rules of this module, by command."""
