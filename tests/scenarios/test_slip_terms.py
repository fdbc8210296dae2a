"""How a scenario says how the slips of a subscription are made."""

from datetime import date

import pytest

from ispcore.catalog import DebitKind
from ispcore.plans import Gathering, SlipTerms
from tests.scenarios.sample import OPEN, played, step


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (
            "{ unified_from = 2012-05-01, in_mass = false }",
            SlipTerms(unified_from=date(2012, 5, 1), in_mass=False),
        ),
        ("{ gathers = { months = 3 } }", SlipTerms(gathers=Gathering(months=3))),
        (
            '{ gathers = { kinds = ["fee", "sale"], interest = true } }',
            SlipTerms(gathers=Gathering((DebitKind.FEE, DebitKind.SALE), interest=True)),
        ),
    ],
)
def test_slip_terms_are_written_as_a_table(written: str, meant: SlipTerms) -> None:
    *_, last = played(OPEN, step("set_slip_terms", 'subscription = "one"', f"slips = {written}"))

    assert [fact.payload.slips for fact in last.facts] == [meant]
