"""Brazilian practice with those who pay late: a notice, then a suspension, then the end of the contract."""

from datetime import date, timedelta
from typing import Any

from attrs import evolve

from ispcore.usecases import LateRun
from tests.cases.life import Life
from tests.cases.outcome import Outcome
from tests.cases.playing import Begin, plays
from tests.cases.reading import Case
from tests.providers import ANA
from tests.usecases.late_office import Book


def _stages(notified_after: int, *, strict: bool) -> list[dict[str, Any]]:
    stop = {"code": "stop", "action": "block", "days": 15, "anchor": "notice", "after": "told"}
    end = {"code": "end", "action": "propose_cancellation", "days": 60, "anchor": "stage", "after": "stop"}
    told = {"code": "told", "action": "notify", "days": notified_after}
    return [told, {**stop, "strict": strict}, {**end, "strict": strict}]


def _earliest(case: Case, begin: Begin, *, strict: bool) -> dict[str, str]:
    """Return the days on which daily runs block, and propose to end it."""
    due, told = case.day("due_date"), case.day("notified_on")
    life = begin("100.00", currency="BRL", late={"stages": _stages((told - due).days, strict=strict)})
    life.provider._desk = evolve(life.provider._desk, notices=Book())
    life.subscribe(date(2026, 8, 1), due_day=due.day)
    life.close(date(2026, 8, 31))
    runs = [(day, _run(life, day)) for day in (due + timedelta(days=number) for number in range(100))]
    notified = next(day for day, run in runs if run.notices)
    assert notified == told
    return {
        "earliest_suspension": str(next(day for day, run in runs if run.blocked)),
        "earliest_termination": str(next(day for day, run in runs if run.proposals)),
    }


def _run(life: Life, day: date) -> LateRun:
    life.clock.move_to(day)
    return life.provider.late.run(actor=ANA)


@plays("sus-01")
def the_earliest_days_of_suspension_and_termination(case: Case, begin: Begin) -> Outcome:
    found = {
        "count_from_day_after_notice": _earliest(case, begin, strict=False),
        "strict_after_full_periods": _earliest(case, begin, strict=True),
    }
    return Outcome(case.expected, found)
