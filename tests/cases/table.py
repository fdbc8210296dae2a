"""The cases that do not pass, each with the reason: the only place where one may be excused."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from attrs import frozen

from tests.cases.outcome import Row


@frozen
class Different:
    """A case that comes out otherwise on purpose.

    ``by`` says of each row how many cents more it has here, with its end and share where these differ too,
    and of anything else what was found.
    """

    rule: str
    by: Mapping[str, Any]


@frozen
class NotExpressible:
    """A case that cannot be told.

    No command has one of the ``words`` in its name; as soon as one has, the case is to be told.
    """

    reason: str
    words: tuple[str, ...]


DIFFERENT: Mapping[str, Different] = {
    "KB-TREE-16": Different(
        "A share is taken of the price. There the month that a blocked year was moved by costs 31/358 of the"
        " 90.00 proposed for the rest of the year, a share of a share; here 31/365 of 100.00.",
        {"recurring 2015-01-01": Row(70)},
    ),
    "KB-TREE-18": Different(
        "A day is priced by the cycle that ruled it. The days before 20 June lie in the month up to that day:"
        " 3/31. There they are seen again on the cycles that the billing day was moved to later: 3/30."
        " The bridge after the move is the same.",
        {"recurring 2014-06-17": Row(-3, share=Fraction(3, 31))},
    ),
    "KB-IV-013": Different(
        "Greedy billing in arrears takes the days that are over, up to that of the run: 25 of 30. There a run"
        " within a cycle bills all of it, which is billing in advance.",
        {
            "recurring 2022-11-07": Row(-500, date(2022, 12, 2), Fraction(25, 30)),
            "billed_through": "2022-12-02",
            "next_billing_cycle_date": "2022-12-07",
        },
    ),
    "LG-09": Different(
        "Cycles leave no gap and do not overlap, so the month from 31 August has 30 days, of which 15 follow"
        " the trial. There the window goes to 30 September, 31 days, of which each costs a thirtieth.",
        {"fee": Row(-100)},
    ),
    "LG-39": Different(
        "A trial is given at the start. A change of plan carries the rest of it and brings none of its own:"
        " 17 days of March are owed, not 14.",
        {"March": Row(967742, share=Fraction(17, 31))},
    ),
    "FS-01": Different(
        "A day is a day, whatever the hour. There an order of the afternoon is rounded to the next day.",
        {"order 2": Row(100, share=Fraction(1))},
    ),
    "FS-08": Different(
        "A day is credited once. Twenty days of April were credited for a pause, and the end comes within"
        " them, so nothing is left to credit; the cap there would give 10.00 more, for days that were used."
        " The credits of unused and of coming days are the same.",
        {"again": Row(1000)},
    ),
    "OM-01": Different(
        "A running total is rounded, not each part: 10 x 1/31 and 20 x 30/31 are 19.68 together, as rounding"
        " their exact sum gives. Parts that are rounded alone give 19.67.",
        {"recurring 2024-01-02": Row(1)},
    ),
}

NOT_EXPRESSIBLE: Mapping[str, NotExpressible] = {
    "KB-TREE-12": NotExpressible(
        "A part of an issued amount is let off by hand, and a repair is then capped by what is left. There is"
        " no manual credit yet.",
        ("credit", "adjust"),
    ),
    "TR-01": NotExpressible(
        "A quantity is consumed every day and invoiced at the end of the month. Plans and services have a"
        " price for a cycle; nothing is measured.",
        ("consum", "usage", "quantity", "meter"),
    ),
}
