"""What each component of a subscription wants of its resource at an instant, and until when.

This is the one place where the books become what the network is to be. Commands, ``tick``, ``resync`` and
``check`` ask it alone.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from ispcore.catalog import Catalogue, Serves
from ispcore.driver import ConnectionMethod, Domain, IpAssignment, Login, Mailbox, Onu, Spec, Wifi
from ispcore.network.effects import effect_of, filled
from ispcore.network.instants import start_of
from ispcore.network.speeds import edges, speed_at
from ispcore.network.stages import Life, Stage, life_of
from ispcore.network.vlans import tagged
from ispcore.plans import Component, Timeline
from ispcore.plans.facts import ComponentAdded
from ispcore.values import ComponentId, CustomerId, SubscriptionId

if TYPE_CHECKING:
    from collections.abc import Iterator


RULES = 2
"""The version of these rules: it is raised when other resources follow from the same facts."""


@frozen(kw_only=True)
class Contribution:
    """What a component wants of a resource.

    ``spec`` None wants nothing to stand there, now. ``device`` None means that no binding says where.
    At ``valid_until`` the answer changes by itself; None is never. What is kept of a resource that cannot be
    as it is wanted has run out already, so that it is asked for again.
    """

    subscription: SubscriptionId
    customer: CustomerId
    component: ComponentId
    resource: str
    kind: type[Spec]
    device: str | None
    serves: Serves
    spec: Spec | None
    needs: tuple[str, ...] = ()
    valid_until: datetime | None = None
    rules: int = RULES


def contributions(timeline: Timeline, catalogue: Catalogue, at: datetime) -> tuple[Contribution, ...]:
    """Return what the subscription of *timeline* wants of its resources at that instant, in UTC.

    Of what is over for good there is none; what is still to come wants nothing yet.
    """
    if not carries(timeline):
        return ()
    case = _Case(timeline, catalogue, life_of(timeline, catalogue))
    found = (case.contribution(component, at) for component in case.components(at))
    return tuple(one for one in found if one.spec is not None or one.valid_until is not None)


def carries(timeline: Timeline) -> bool:
    """Tell whether the subscription has, had or will have a component."""
    return any(span.state.components for span in timeline.spans)


def resources_of(timeline: Timeline) -> frozenset[str]:
    """Return the resources that components of the subscription ever stood for, voided ones too."""
    added = (fact.payload for fact in timeline.recorded if isinstance(fact.payload, ComponentAdded))
    return frozenset(payload.component.resource for payload in added)


@frozen
class _Case:
    """A subscription that carries something, and the catalogue as it stands."""

    timeline: Timeline
    catalogue: Catalogue
    life: Life

    def components(self, at: datetime) -> tuple[Component, ...]:
        """Return the components there are at that instant or later, each as it is first."""
        found: dict[ComponentId, Component] = {}
        for stage in self.life.from_on(at):
            for component in stage.components:
                found.setdefault(component.id, component)
        return tuple(found.values())

    def contribution(self, known: Component, at: datetime) -> Contribution:
        """Return what the component wants now, and until when."""
        now = self.answer(known, at)
        changes = (moment for moment in self.moments(known, at) if self.answer(known, moment) != now)
        return evolve(now, valid_until=next(changes, None))

    def moments(self, known: Component, at: datetime) -> Iterator[datetime]:
        """Yield the instants after *at* at which the answer may change, in order."""
        since = at
        for until in (*self.boundaries(known, at), None):
            stage = self.life.at(since)
            paced = None if stage is None else _paced(stage, known.id)
            if paced is not None and paced.windows:
                found = edges(paced, since, self.life.zone)
                yield from (edge for edge in found if until is None or edge < until)
            if until is not None:
                yield until
                since = until

    def boundaries(self, known: Component, at: datetime) -> list[datetime]:
        """Return the instants after *at* at which a stage begins or a provisional speed ends, in order."""
        ends = {
            start_of(paced.provisional.until, self.life.zone)
            for stage in self.life.from_on(at)
            if (paced := _paced(stage, known.id)) is not None and paced.provisional is not None
        }
        return sorted(moment for moment in {*self.life.starts, *ends} if moment > at)

    def answer(self, known: Component, at: datetime) -> Contribution:
        """Return what the component wants at an instant; before it comes and after it is gone, nothing."""
        stage = self.life.at(at)
        component = None if stage is None else stage.component(known.id)
        if stage is None or component is None:
            return self.nothing(known)
        policy, kind = self.catalogue.network, type(component.spec)
        effect = effect_of(kind, stage.serves, policy, grace_is_over=stage.grace_is_over)
        chosen = tagged(component.spec, self.catalogue.vlans.get(self.device(component) or ""))
        usual = speed_at(_paced(stage, known.id) or component, stage.plan_speed, at, self.life.zone)
        speed = policy.reduced(usual) if stage.serves is Serves.REDUCED else usual
        return evolve(
            self.nothing(component),
            serves=stage.serves,
            spec=filled(_signed_in(chosen, stage), effect, speed),
            needs=self.needs(component, stage),
        )

    def needs(self, component: Component, stage: Stage) -> tuple[str, ...]:
        """Return the resources that must stand before that of *component*: those it names, those it is on.

        What it is on is not waited for where no device is bound: people look after that themselves.
        """
        bound = (one for one in stage.components if self.device(one) is not None)
        implied = [one.resource for one in bound if _is_on(component.spec, one.spec)]
        named = dict.fromkeys((*component.needs, *implied))
        return tuple(name for name in named if name != component.resource)

    def device(self, component: Component) -> str | None:
        """Return where the component is to stand, as far as a binding says so."""
        return self.catalogue.device_for(component.spec.word, component.access_point)

    def nothing(self, component: Component) -> Contribution:
        """Return the contribution of a component that wants nothing to stand."""
        state = self.timeline.last
        return Contribution(
            subscription=state.id,
            customer=state.customer,
            component=component.id,
            resource=component.resource,
            kind=type(component.spec),
            device=self.device(component),
            serves=Serves.OFF,
            spec=None,
        )


def _paced(stage: Stage, name: ComponentId) -> Component | None:
    """Return the component whose speed counts for that of this *name*.

    An ONU without a speed of its own is as fast as the login, or the address, behind it.
    """
    one = stage.component(name)
    if one is None or not isinstance(one.spec, Onu) or one.override or one.windows or one.provisional:
        return one
    behind = (other for other in stage.components if isinstance(other.spec, Login | IpAssignment))
    return next(behind, one)


def _signed_in(spec: Spec, stage: Stage) -> Spec:
    """Return *spec*, an ONU that signs in by itself with the first login of its subscription."""
    if not isinstance(spec, Onu) or spec.connection is not ConnectionMethod.PPPOE:
        return spec
    logins = [one.spec for one in stage.components if isinstance(one.spec, Login)]
    return evolve(spec, username=logins[0].username, password=logins[0].password) if logins else spec


def _is_on(spec: Spec, other: Spec) -> bool:
    """Tell whether *spec* cannot stand without *other*, as Wi-Fi cannot without its ONU."""
    match spec, other:
        case Wifi(onu=onu), Onu(serial=serial):
            return onu == serial
        case Mailbox(address=address), Domain(name=name):
            return address.rpartition("@")[2] == name
        case _:
            return False
