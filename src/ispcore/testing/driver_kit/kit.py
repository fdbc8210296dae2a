"""The kit itself: every case, for a vendor to derive a test class from."""

from __future__ import annotations

import inspect
from typing import ClassVar

from ispcore.testing.driver_kit.answering import AnswerCases
from ispcore.testing.driver_kit.breaking import BreakingCases
from ispcore.testing.driver_kit.claiming import ClaimCases
from ispcore.testing.driver_kit.counting import CountingCases
from ispcore.testing.driver_kit.normal import NormalCases
from ispcore.testing.driver_kit.offering import OfferCases
from ispcore.testing.driver_kit.reading import ReadingCases
from ispcore.testing.driver_kit.secrecy import SecrecyCases
from ispcore.testing.driver_kit.sessions import SessionCases
from ispcore.testing.driver_kit.sparing import SparingCases
from ispcore.testing.driver_kit.stopping import StoppingCases
from ispcore.testing.driver_kit.writing import WritingCases

CHAPTERS = (
    ClaimCases,
    NormalCases,
    ReadingCases,
    WritingCases,
    AnswerCases,
    SparingCases,
    OfferCases,
    CountingCases,
    StoppingCases,
    SessionCases,
    BreakingCases,
    SecrecyCases,
)


class DriverKit(
    ClaimCases,
    NormalCases,
    ReadingCases,
    WritingCases,
    AnswerCases,
    SparingCases,
    OfferCases,
    CountingCases,
    StoppingCases,
    SessionCases,
    BreakingCases,
    SecrecyCases,
):
    """Every case of the kit; a class that is derived from it and named ``Test...`` runs them.

    Each case asks for the fixture ``rig``, which the vendor writes. Cases that a driver cannot meet are
    waived, each with its reason, in the file ``waivers`` beside the test's own.
    """

    waivers: ClassVar[str] = "driver-kit.toml"


def cases() -> dict[str, str]:
    """Return every case by its name, with the rule that it stands for."""
    return {
        name: (inspect.getdoc(case) or "").partition("\n")[0]
        for chapter in CHAPTERS
        for name, case in vars(chapter).items()
        if name.startswith("test_")
    }
