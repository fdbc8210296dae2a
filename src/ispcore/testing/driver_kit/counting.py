"""Cases about connections that a device counted: each is told once, whatever a page holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ispcore.driver import Accounting, AccountingRecord, Support
from ispcore.testing.driver_kit.lab import Lab
from ispcore.testing.driver_kit.passes import must

if TYPE_CHECKING:
    from ispcore.testing.driver_kit.rig import Rig

_LONGEST = 1_000


class CountingCases:
    """What was counted is told to the last connection."""

    def test_pages_of_any_length_come_to_one(self, rig: Rig) -> None:
        """Each connection once, in the order in which the device heard of them; two of one instant too."""
        with Lab(rig) as lab:
            whole = _counted(lab)
            names = [one.unique_id for one in whole]
            heard = [one.seen_at for one in whole]

            must(all(one.tzinfo for one in heard), f"A seen_at bears no zone: {heard}.")
            must(heard == sorted(heard), f"What was heard of at {heard} is not in that order.")
            must(len(set(names)) == len(names), f"Some connection is told twice: {names}.")
            for most in range(1, len(whole) + 1):
                for since in (None, heard[0].isoformat()):
                    told = _paged(lab, most, since, at_most=len(whole) + 2)
                    must(told == names, f"Of {names} pages of {most} since {since} tell {told}.")

    def test_who_asks_since_an_instant_is_told_of_that_instant_too(self, rig: Rig) -> None:
        """And of nothing before: a look in the midst of an instant has missed what came later in it."""
        with Lab(rig) as lab:
            whole = _counted(lab)
            for instant in sorted({one.seen_at for one in whole}):
                told = [one.unique_id for one in _page(lab, Accounting(since=instant.isoformat()))]
                due = [one.unique_id for one in whole if one.seen_at >= instant]
                must(told == due, f"Since {instant} the device heard of {due}, and tells {told}.")


def _counted(lab: Lab) -> list[AccountingRecord]:
    """Return everything that the device counted, told at once."""
    claim = lab.rig.spec.actions.get(Accounting, Support.NO)
    if claim is Support.ASK:
        claim = lab.health().answers.get(Accounting.__name__, Support.NO)
    if claim is not Support.YES:
        pytest.skip("Accounting is not claimed")
    count = lab.rig.count()
    if count is None:
        pytest.skip("the rig has nothing that is counted")
    whole = _page(lab, Accounting(most=str(_LONGEST)))
    must(len(whole) == count, f"The rig counted {count} connections, and {len(whole)} are told.")
    instants = {one.seen_at for one in whole}
    must(1 < len(instants) < len(whole), "The rig counts at several instants, and twice in one of them.")
    return whole


def _paged(lab: Lab, most: int, since: str | None, *, at_most: int) -> list[str]:
    """Return the ids that pages of *most* tell, up to the first that is not full."""
    told: list[str] = []
    after: str | None = None
    for _ in range(at_most):
        page = _page(lab, Accounting(since=since, after=after, most=str(most)))
        must(len(page) <= most, f"A page of {most} holds {len(page)}.")
        told += [one.unique_id for one in page]
        if len(page) < most:
            break
        after = page[-1].cursor
    return told


def _page(lab: Lab, asked: Accounting) -> list[AccountingRecord]:
    with lab.session() as session:
        values = [result.value for result in session.act(asked, (), lab.operation())]
    must(all(isinstance(one, AccountingRecord) for one in values), f"Told of as connections: {values}.")
    return [one for one in values if isinstance(one, AccountingRecord)]
