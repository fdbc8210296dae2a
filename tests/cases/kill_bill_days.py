"""What the cases of Kill Bill share: a billing day is the first day of a cycle, the day of an end is free."""

ADVANCE = {"advance": True, "bills_last_day": False}
ARREARS = {"advance": False, "bills_last_day": False}
MILLION = "1000000.00"


def closing_day(billing_day: int) -> int:
    """Return the last day of cycles that begin on a billing day."""
    return billing_day - 1 or 31
