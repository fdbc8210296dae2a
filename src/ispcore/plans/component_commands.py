"""What can be asked of a subscription's components, in the imperative."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from attrs import field, frozen

from ispcore.catalog import Speed
from ispcore.driver import SecretRef, Spec
from ispcore.plans.commands import SubscriptionCommand
from ispcore.plans.components import SpeedWindow
from ispcore.values import ComponentId, SecretText, as_tuple


@frozen(kw_only=True)
class ComponentCommand(SubscriptionCommand):
    """A command to a component that exists."""

    component: ComponentId


@frozen(kw_only=True)
class AddComponent(SubscriptionCommand):
    """Add a component; ``component`` is its own name, the word of its kind by default.

    ``resource`` names that of another subscription of the customer, which it then stands for too; ``spec`` is
    left out then. ``needs`` names what must stand first: components of this subscription, or resources.
    ``service`` is the additional service that is added too, and billed, where there is no room otherwise.
    With ``mail_domain`` a login gets a mailbox of its name under that domain, and one password for both.
    ``password_of`` names a login that is there already, whose password a mailbox shares from now on: that of
    ``spec``, or, without one, the mailbox of the login's name under ``mail_domain``.
    ``generate_password`` makes the password up; the answer to the command tells it.
    """

    permission: ClassVar[str] = "component.add"
    spec: Spec | None = None
    component: ComponentId | None = None
    access_point: str | None = None
    resource: str | None = None
    needs: tuple[str, ...] = field(default=(), converter=as_tuple)
    service: str | None = None
    mail_domain: str | None = None
    password_of: ComponentId | None = None
    generate_password: bool = False


@frozen(kw_only=True)
class ChangeComponent(ComponentCommand):
    """Make a component otherwise, or let it hang at another access point; None keeps what is.

    A password that *spec* leaves out stays; another one reaches a mailbox that shares it.
    """

    permission: ClassVar[str] = "component.change"
    spec: Spec | None = None
    access_point: str | None = None


@frozen(kw_only=True)
class ChangePassword(ComponentCommand):
    """Give a component another password, and whatever shares it; ``alone`` reaches nothing else.

    ``password`` None has one made up, which the answer to the command tells.
    """

    permission: ClassVar[str] = "component.change"
    password: SecretText | SecretRef | None = None
    alone: bool = False


@frozen(kw_only=True)
class RemoveComponent(ComponentCommand):
    """Remove a component; a login goes with the mailboxes that have its password."""

    permission: ClassVar[str] = "component.remove"


@frozen(kw_only=True)
class SetSpeed(ComponentCommand):
    """Give a component another speed than the plan's; None takes all such speeds away.

    With ``until``, the first day without it, the speed ends by itself, and the one before counts again.
    """

    permission: ClassVar[str] = "component.speed"
    speed: Speed | None
    until: date | None = None


@frozen(kw_only=True)
class SetSpeedWindows(ComponentCommand):
    """Give a component these speeds for some hours, in place of those before; none takes them away."""

    permission: ClassVar[str] = "component.speed"
    windows: tuple[SpeedWindow, ...] = field(converter=as_tuple)


@frozen(kw_only=True)
class CollectEquipment(SubscriptionCommand):
    """Say that an ONU that the subscription carries no more came back: it is in stock from then on."""

    permission: ClassVar[str] = "equipment.collect"
    serial: str
