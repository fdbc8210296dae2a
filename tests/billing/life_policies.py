"""Random billing policies, and the catalogue of a life: two plans, a mailbox and a visit."""

from datetime import date
from typing import TypeVar

from attrs import evolve
from hypothesis import strategies as st

from ispcore.catalog import (
    AnchorKind,
    BillingPolicy,
    Catalogue,
    ClosingMove,
    DatedPolicy,
    DayCount,
    Existing,
    FinalBill,
    FirstBill,
    Line,
    Plan,
    Proration,
    Service,
    Suspension,
    Trial,
    TrialKind,
    Version,
)
from ispcore.values import Every, LineId, Money, Rounding
from tests.catalogues import DOCUMENT, catalogue

_LENGTHS = [Every(), Every(), Every(), Every(3), Every(12), Every(0, 1), Every(2), Every(0, 2)]
_TRIALS = [
    Trial(),
    Trial(),
    Trial(TrialKind.DAYS, 5),
    Trial(TrialKind.MONTH),
    Trial(TrialKind.CYCLE),
    Trial(TrialKind.STATUS, status="trial"),
]


def policies(
    *,
    counts: tuple[DayCount, ...] = (DayCount.ACTUAL, DayCount.ACTUAL, *DayCount),
    prorations: tuple[Proration, ...] = (Proration.BY_DAYS, Proration.BY_DAYS, *Proration),
) -> st.SearchStrategy[BillingPolicy]:
    """Return policies of these day counts and prorations, and of everything else that there is."""
    return st.builds(
        BillingPolicy,
        rounding=st.sampled_from(Rounding),
        bills_last_day=st.booleans(),
        final_bill=st.sampled_from(FinalBill),
        strict_composition=st.sampled_from([False, False, False, True]),
        advance=st.booleans(),
        every=st.sampled_from(_LENGTHS),
        anchor=st.sampled_from(AnchorKind),
        closing_day=st.sampled_from([31, 15, 1, 30]),
        closing_month=st.sampled_from([None, None, 3, 12]),
        closing_move=st.sampled_from(ClosingMove),
        day_count=st.sampled_from(counts),
        proration=st.sampled_from(prorations),
        first_bill=st.sampled_from(FirstBill),
        greedy=st.booleans(),
        suspension=st.sampled_from(Suspension),
        trial=st.sampled_from(_TRIALS),
        due_day_fee=st.none(),
    )


_PLANS = {
    name: {
        **DOCUMENT["plans"]["adsl"],
        "policy": name,
        "permits": ["mailbox", "visit"],
        "provisional": {"days": 9},
    }
    for name in ("first", "other")
}
_LONDRINA = {**DOCUMENT["units"]["londrina"], "plans": list(_PLANS)}
_BARE = catalogue(policies={name: {} for name in _PLANS}, plans=_PLANS, units={"londrina": _LONDRINA})


def catalogue_of(first: BillingPolicy, other: BillingPolicy) -> Catalogue:
    """Return a catalogue with two plans that are billed by these policies.

    A plan of a strict policy has lines that make up its price.
    """
    chosen = {"first": (DatedPolicy(None, first),), "other": (DatedPolicy(None, other),)}
    known = evolve(_BARE, policies={**_BARE.policies, **chosen})
    if first.strict_composition or other.strict_composition:
        known = evolve(
            known,
            plans={code: _with_lines(plan) for code, plan in known.plans.items()},
            services={code: _with_lines(service) for code, service in known.services.items()},
        )
    return known


Offer = TypeVar("Offer", Plan, Service)


def _with_lines(offer: Offer) -> Offer:
    return evolve(offer, versions=tuple(_split(version) for version in offer.versions))


def _split(version: Version) -> Version:
    third = Money(version.price.minor // 3, version.price.currency)
    default = version.composition.remainder
    lines = (
        Line(LineId("access"), "Access", version.price - third, default),
        Line(LineId("films"), "Films", third, evolve(default, company="media")),
    )
    return evolve(version, composition=evolve(version.composition, lines=lines))


def new_version(known: Catalogue, since: date, price: Money, existing: Existing) -> Catalogue:
    """Return the catalogue with another price of the plans, and of the mailbox, from a day on."""
    plans = {code: _priced(plan, since, price, existing) for code, plan in known.plans.items()}
    cheap = Money(price.minor // 10, price.currency)
    mailbox = _priced(known.services["mailbox"], since, cheap, existing)
    return evolve(known, plans=plans, services={**known.services, "mailbox": mailbox})


def _priced(offer: Offer, since: date, price: Money, existing: Existing) -> Offer:
    latest = offer.versions[-1]
    version = Version(since, price, latest.composition, existing)
    split = _split(version) if latest.composition.lines else version
    return evolve(offer, versions=(*(one for one in offer.versions if one.since != since), split))
