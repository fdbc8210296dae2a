"""Tell charge providers of slips, so that they can be paid: what they should know against what they do.

A slip whose charge method names a provider should be registered as long as it stands, and cancelled there
once it does not. Providers are asked outside of any transaction, and may be asked the same after a crash.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol

from attrs import evolve, field, frozen
from attrs.validators import matches_re

from ispcore.usecases.issuing import Party
from ispcore.values import ATTEMPTS, TAKEN_FOR, Money, SlipId, as_tuple, pause_after

if TYPE_CHECKING:
    from ispcore.timeline import Actor
    from ispcore.usecases.desk import Desk
    from ispcore.usecases.ports import UnitOfWork

REGISTER = "slips.register"
_SLICE = 1_000
_LONGEST, _LONGEST_REFERENCE = 1_000, 200


class RegistrationState(Enum):
    """What a charge provider knows of a slip."""

    PENDING = "pending"
    REGISTERED = "registered"
    REJECTED = "rejected"
    CANCELLING = "cancelling"
    CANCELLED = "cancelled"


@frozen
class Charged:
    """One amount on a slip."""

    description: str
    amount: Money


@frozen
class SlipRequest:
    """What a charge provider is asked for: that the slip *number* can be paid by ``due_on``."""

    number: SlipId
    company: str
    seller: Party
    customer: Party
    charge_method: str
    due_on: date
    amount: Money
    lines: tuple[Charged, ...] = field(converter=as_tuple)
    wallet: str | None = None


@frozen
class Registered:
    """The slip can be paid: what the provider calls it, and what the customer needs, a link or a line."""

    reference: str
    details: Mapping[str, str] = field(factory=dict)


@frozen
class NotRegistered:
    """The slip cannot be paid there, and *reason* says why; asking again changes nothing."""

    reason: str


class ChargeProvider(Protocol):
    """Takes money for slips. Whatever it raises means that nobody knows yet: it is asked again later."""

    def register(self, request: SlipRequest) -> Registered | NotRegistered:
        """Register a slip, or say that it was registered before."""
        ...

    def cancel(self, number: SlipId, reference: str) -> None:
        """Take a slip back, or find that it is taken back already."""
        ...


@frozen
class ChargeProviderSpec:
    """A charge provider by *name*; *factory* is ``"package.module:Class"``, called with nothing."""

    name: str = field(validator=matches_re(r"[a-z0-9][a-z0-9_.-]{0,39}"))
    factory: str = field(validator=matches_re(r"[\w.]+:\w+"))


@frozen
class Registration:
    """What a charge provider knows of a slip."""

    slip: SlipId
    provider: str
    state: RegistrationState
    reference: str | None = None
    details: Mapping[str, Any] = field(factory=dict)
    message: str | None = None


@frozen
class Registrations:
    """What telling providers came to."""

    registered: int = 0
    rejected: int = 0
    cancelled: int = 0
    unanswered: int = 0


class RegistrationStore(Protocol):
    """What charge providers know of slips."""

    def untold(self, methods: Mapping[str, str], after: SlipId, limit: int) -> Sequence[tuple[SlipId, str]]:
        """Return slips that stand, by these charge methods, and of which their provider was not told."""
        ...

    def ask(self, slips: Sequence[tuple[SlipId, str]], at: datetime) -> None:
        """Have providers told of slips; those that are asked for already stay as they are."""
        ...

    def recall(self, at: datetime) -> int:
        """Have slips taken back that stand no more, and return how many they were."""
        ...

    def take(
        self, providers: Collection[str], *, now: datetime, until: datetime
    ) -> tuple[Registration, int] | None:
        """Return the next slip to ask a provider about, and which attempt it is; kept *until* then."""
        ...

    def settle(self, registration: Registration) -> None:
        """Keep what a provider knows of a slip now."""
        ...

    def put_off(self, slip: SlipId, try_at: datetime | None, message: str) -> None:
        """Keep that a provider gave no answer, why, and when it is asked again; None: a person must look."""
        ...

    def of(self, slips: Sequence[SlipId]) -> Mapping[SlipId, Registration]:
        """Return what providers know of slips."""
        ...


def ask_for_registrations(desk: Desk, *, actor: Actor) -> int:
    """Have providers told of every slip that they should know, and of those that stand no more."""
    actor.require(REGISTER)
    now, asked, after = desk.clock.now(), 0, SlipId(0)
    while True:
        with desk.database.writing() as work:
            methods = work.catalogue.current().charge_methods.items()
            by_provider = {code: one.provider for code, one in methods if one.provider}
            found = work.registrations.untold(by_provider, after, _SLICE) if by_provider else ()
            work.registrations.ask(found, now)
            if len(found) < _SLICE:
                return asked + len(found) + work.registrations.recall(now)
        asked, after = asked + len(found), found[-1][0]


def tell_providers(
    desk: Desk, providers: Mapping[str, ChargeProvider], *, actor: Actor, most: int | None = None
) -> Registrations:
    """Ask the *providers*, by name, about every slip that waits for one of them; at *most* so many.

    One that gives no answer is asked again later, with growing pauses; after ten times a person must look.
    """
    actor.require(REGISTER)
    found, done = Registrations(), 0
    while providers and (most is None or done < most):
        now = desk.clock.now()
        with desk.database.writing() as work:
            taken = work.registrations.take(tuple(providers), now=now, until=now + TAKEN_FOR)
            request = None if taken is None else _request(work, taken[0])
        if taken is None or request is None:
            break
        known, attempt = taken
        try:
            answer = _asked(providers[known.provider], known, request)
        except Exception as error:  # noqa: BLE001 - whatever a provider raises means that nobody knows
            count = _unanswered(desk, known, attempt, error)
        else:
            with desk.database.writing() as work:
                work.registrations.settle(answer)
            count = answer.state.value
        found = evolve(found, **{count: getattr(found, count) + 1})
        done += 1
    return found


def _asked(provider: ChargeProvider, known: Registration, request: SlipRequest) -> Registration:
    if known.state is RegistrationState.CANCELLING:
        provider.cancel(known.slip, known.reference or "")
        return evolve(known, state=RegistrationState.CANCELLED, message=None)
    match provider.register(request):
        case Registered(reference, details):
            plain = {str(name): str(value)[:_LONGEST] for name, value in details.items()}
            kept = str(reference)[:_LONGEST_REFERENCE]
            return evolve(known, state=RegistrationState.REGISTERED, reference=kept, details=plain)
        case NotRegistered(reason):
            return evolve(known, state=RegistrationState.REJECTED, message=str(reason)[:_LONGEST])


def _unanswered(desk: Desk, known: Registration, attempt: int, error: Exception) -> str:
    try_at = None if attempt >= ATTEMPTS else desk.clock.now() + pause_after(attempt)
    with desk.database.writing() as work:
        work.registrations.put_off(known.slip, try_at, f"{type(error).__name__}: {error}"[:_LONGEST])
    return "unanswered"


def _request(work: UnitOfWork, known: Registration) -> SlipRequest:
    slip, catalogue = work.slips.get(known.slip), work.catalogue.current()
    balances = work.slips.balances(slip.receivables)
    customer, _ = work.customers.get(slip.customer)
    company = catalogue.companies.get(slip.group.company)
    method = catalogue.charge_methods.get(slip.group.charge_method)
    return SlipRequest(
        number=slip.id,
        company=slip.group.company,
        seller=Party(company.name, company.tax_id) if company else Party(slip.group.company),
        customer=Party(customer.details.name, customer.details.tax_id),
        charge_method=slip.group.charge_method,
        due_on=slip.due_on,
        amount=slip.amount,
        lines=[Charged(balances[one.receivable].receivable.description, one.amount) for one in slip.lines],
        wallet=method.wallet if method else None,
    )
