"""Forgetting a person: what stands in the way of it, and what stays for the tax office."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, ClassVar

from attrs import field, frozen

from ispcore.customers.decide import CustomerCommand
from ispcore.customers.facts import Forgotten
from ispcore.customers.people import AddressType
from ispcore.errors import RefusedError
from ispcore.values import SubscriptionId, as_tuple, day_in_month

if TYPE_CHECKING:
    from ispcore.catalog import PrivacyPolicy
    from ispcore.customers.state import CustomerState, TextRef

_ADDRESS = "registered_address"


@frozen(kw_only=True)
class Forget(CustomerCommand):
    """Erase what is known of a person, but what tax law wants kept; later once more, for what was kept."""

    permission: ClassVar[str] = "customer.forget"


@frozen
class Ties:
    """What ties a customer to the provider: subscriptions that ``go_on``, money that is ``open`` either way.

    ``last_entry`` is the day of the latest one in the books, None where there is none.
    """

    go_on: tuple[SubscriptionId, ...] = field(default=(), converter=as_tuple)
    owes: bool = False
    balance: bool = False
    last_entry: date | None = None


def decide_forget(state: CustomerState, ties: Ties, policy: PrivacyPolicy, today: date) -> Forgotten:
    """Return what stays of a customer who is forgotten *today*, and until when.

    Raises:
        RefusedError: a subscription goes on, money is open, or nothing is left to be forgotten.
    """
    whom = f"Customer {state.id} cannot be forgotten"
    if ties.go_on:
        numbers = ", ".join(str(number) for number in ties.go_on)
        hint = "Cancel them first."
        raise RefusedError(f"{whom}: subscriptions go on: {numbers}.", rule="goes-on", hint=hint)
    if ties.owes:
        hint = "Write off what will not be paid."
        raise RefusedError(f"{whom}: something is still owed.", rule="open-receivables", hint=hint)
    if ties.balance:
        hint = "Refund it first."
        raise RefusedError(f"{whom}: there is a balance of theirs.", rule="balance", hint=hint)
    until = None if ties.last_entry is None else _years_later(ties.last_entry, policy.years)
    kept = () if until is None or until <= today else tuple(_there(state, policy))
    found = Forgotten(kept, until if kept else None)
    if state.forgotten == found:
        stay = f"{', '.join(kept)} stay until {until}" if kept else "nothing is left"
        raise RefusedError(f"Customer {state.id} was forgotten before: {stay}.", rule="nothing")
    return found


def _there(state: CustomerState, policy: PrivacyPolicy) -> list[str]:
    return [name for name in policy.keeps if name in state.texts or (name == _ADDRESS and _address(state))]


def _address(state: CustomerState) -> tuple[TextRef, ...]:
    registered = [one for one in state.addresses.values() if one.type is AddressType.REGISTERED]
    return tuple(ref for one in registered for ref in one.texts.values())


def kept_texts(state: CustomerState, kept: tuple[str, ...]) -> frozenset[TextRef]:
    """Return where the texts are that stay."""
    texts = {state.texts[name] for name in kept if name in state.texts}
    return frozenset(texts | {*(_address(state) if _ADDRESS in kept else ())})


def _years_later(day: date, years: int) -> date:
    return day_in_month(day.year + years, day.month, day.day)
