"""A login with a mailbox, and short ways to both."""

from typing import Any

from ispcore.driver import Login, SecretRef
from ispcore.plans import (
    ChangePassword,
    RemoveComponent,
    Retract,
    Timeline,
)
from ispcore.values import ComponentId
from tests.catalogues import START, do, setting, subscribed
from tests.components import (
    CARRYING,
    LOGIN,
    ONE,
    add,
    components,
)

OLD, NEW = SecretRef("old"), SecretRef("new")
WITH_OLD = Login(username="ana", password=OLD)


def opened_with(plan: str) -> Timeline:
    return subscribed(plan, at=setting(START, catalogue=CARRYING))


def linked(plan: str = "linked", **more: Any) -> Timeline:
    """Return a subscription whose login has a mailbox."""
    return add(opened_with(plan), WITH_OLD, mail_domain="isp.test", **more)


def change_password(timeline: Timeline, component: ComponentId = LOGIN, **what: Any) -> Timeline:
    return do(timeline, ChangePassword(**ONE, component=component, **what), START, catalogue=CARRYING)


def remove(timeline: Timeline, component: ComponentId = LOGIN) -> Timeline:
    return do(timeline, RemoveComponent(**ONE, component=component), START, catalogue=CARRYING)


def retracted(timeline: Timeline, fact: int) -> Timeline:
    return do(timeline, Retract(**ONE, fact=fact), START, catalogue=CARRYING)


def passwords(timeline: Timeline) -> dict[str, object]:
    specs: list[tuple[str, Any]] = [(one.id, one.spec) for one in components(timeline)]
    return {name: spec.password for name, spec in specs}
