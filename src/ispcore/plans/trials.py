"""Trials: until when a new subscription is tried without being charged."""

from __future__ import annotations

from datetime import date, timedelta

from ispcore.catalog import Trial, TrialKind
from ispcore.plans.cycles import Grid
from ispcore.values import add_months


def trial_end(trial: Trial, start: date, grid: Grid) -> date | None:
    """Return the first day after *trial* of a subscription that starts on *start* and is billed on *grid*.

    None when the trial itself frees no day: there is none, or a timed status brings it.
    """
    match trial.kind:
        case TrialKind.DAYS:
            return start + timedelta(days=trial.days)
        case TrialKind.MONTH:
            return add_months(start.replace(day=1), 1)
        case TrialKind.CYCLE:
            return grid.holding(start).end
        case _:
            return None


def longest_trial(trials: tuple[Trial, ...], start: date, grid: Grid) -> tuple[Trial, date | None]:
    """Return the trial that ends last, and its end; trials never add up."""
    ends = [(trial_end(trial, start, grid) or start, trial) for trial in trials]
    end, trial = max(ends, key=lambda pair: pair[0], default=(start, Trial()))
    return trial, end if end > start else None
