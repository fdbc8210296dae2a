"""What a contract means for one who leaves: the rule of its penalty, with what is known of the day."""

from __future__ import annotations

from datetime import date

from attrs import field, frozen

from ispcore.contracts.penalty import Leaving, Penalty, penalty
from ispcore.contracts.term import days_of, term_on
from ispcore.contracts.terms import ContractTerms
from ispcore.values import ContractNumber, Money, Period, as_tuple, zero


@frozen
class Agreement:
    """A contract that a subscription is in; ``starts_on`` is the first day of its first term.

    ``goes_on`` says that other subscriptions of it live on, so that leaving this one does not end it, or that
    its penalty was asked for. ``ends_on`` is the latest day on which another one ends.
    """

    number: ContractNumber
    terms: ContractTerms
    starts_on: date | None
    goes_on: bool = False
    pauses: tuple[Period, ...] = field(default=(), converter=as_tuple)
    ends_on: date | None = None

    def penalty(self, on: date, reason: str | None, monthly_price: Money) -> Penalty | None:
        """Return what it costs to leave on a day; None where leaving does not end a contract that began.

        Raises:
            RefusedError: the formula divides by zero, or comes to a number beyond all measure.
        """
        if self.goes_on or self.starts_on is None:
            return None
        on = on if self.ends_on is None else max(on, self.ends_on)
        terms = self.terms
        term = term_on(terms, self.starts_on, on, self.pauses)
        nothing = zero(monthly_price.currency)
        months = terms.fidelity_months if not term.renewals or terms.renews_fidelity else 0
        leaving = Leaving(
            benefit=terms.benefit,
            term_months=months,
            starts_on=term.starts_on,
            on=on,
            reason=reason,
            monthly_price=monthly_price,
            installation_fee=terms.installation.fee if terms.installation else nothing,
            installation_unpaid=terms.installation.unpaid if terms.installation else nothing,
            signed_on=terms.dated_on,
            paused_days=days_of(self.pauses, term.starts_on, on),
        )
        return penalty(terms.penalty, leaving)
