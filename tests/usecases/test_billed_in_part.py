"""A first cycle that was billed in part was billed: what was chosen for it is not chosen again."""

from datetime import date

from ispcore.plans import ChangeBillingTerms
from tests.catalogues import brl
from tests.providers import Office

FIRST = date(2012, 3, 1)


def test_a_closing_day_that_moves_counts_after_a_first_cycle_that_was_billed_in_part(
    office: Office,
) -> None:
    office.load(policies={"standard": {"greedy": True}})
    subscription = office.subscribe(office.register(), on=FIRST)
    office.close(date(2012, 3, 10))
    move = ChangeBillingTerms(subscription=subscription, closing_day=30, on=date(2012, 3, 11))
    office.do(move, today=date(2012, 3, 11))

    run = office.close(date(2012, 4, 30))

    assert run.problems == ()
    nets: dict[str, int] = {}
    for charge in office.charges(subscription):
        start = str(charge.key.cycle.period.start)
        nets[start] = nets.get(start, 0) + charge.signed_minor
    # March to its end, then a bridge: the 30 days of April in the cycle from 31 March.
    assert nets == {"2012-03-01": brl("100.00").minor, "2012-03-31": brl("96.77").minor}
