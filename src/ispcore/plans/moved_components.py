"""Components at a change of plan: they go along, for the same resources, at the new plan's speed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from ispcore.errors import RefusedError
from ispcore.plans.allowances import check_moved, named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ispcore.plans.case import Case
    from ispcore.plans.commands import ChangePlan
    from ispcore.plans.components import Component
    from ispcore.plans.items import Item


def moved_components(command: ChangePlan, items: Sequence[Item], case: Case) -> tuple[Component, ...]:
    """Return the components that the successor takes over, beside the *items* that go along.

    Speeds that were set by hand stay behind: they departed from the speed of the old plan. A mailbox whose
    login stays behind has its password for itself.

    Raises:
        RefusedError: the new plan does not take one of them, or one that stays behind is needed.
        NotFoundError: the command names one that does not exist.
    """
    kept = case.state.components
    if command.components is not None:
        chosen = {case.state.component(name).id for name in command.components}
        kept = tuple(one for one in kept if one.id in chosen)
    _check_needs(kept, case)
    check_moved(kept, items, command.plan, case)
    resources = {one.resource for one in kept}
    return tuple(
        evolve(
            one,
            override=None,
            provisional=None,
            windows=(),
            password_of=one.password_of if one.password_of in resources else None,
        )
        for one in kept
    )


def _check_needs(kept: Sequence[Component], case: Case) -> None:
    """Refuse to leave behind what one of the components that are *kept* needs."""
    resources = {one.resource for one in kept}
    for left in case.state.components:
        needing = [one for one in kept if left.resource in one.needs]
        if needing and left.resource not in resources:
            raise RefusedError(
                f"{case.name} cannot leave {named([left])} behind: it is needed by {named(needing)}.",
                rule="component-needed",
                hint="Take both along, or leave both behind.",
            )
