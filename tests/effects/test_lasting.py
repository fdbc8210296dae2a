"""What was done by hand and lasts: the latest about each thing, unless it was undone."""

from datetime import UTC, datetime, timedelta
from typing import ClassVar

from attrs import frozen
from hypothesis import given
from hypothesis import strategies as st

from ispcore.driver import Action, Done
from ispcore.effects import ActionRecord, ActionState, lasting

NOON = datetime(2012, 3, 1, 12, tzinfo=UTC)
MEANT = {ActionState.DONE, ActionState.UNKNOWN, ActionState.BEGUN}


@frozen(kw_only=True)
class Admit(Action[Done]):
    word: ClassVar[str] = "admit"
    about: ClassVar[str] = "address"
    address: str = ""


@frozen(kw_only=True)
class Dismiss(Action[Done]):
    word: ClassVar[str] = "dismiss"
    about: ClassVar[str] = "address"
    undoes: ClassVar[str] = "admit"
    address: str = ""


@frozen(kw_only=True)
class Reboot(Action[Done]):
    word: ClassVar[str] = "reboot"
    address: str = ""


KINDS = (Admit, Dismiss, Reboot)


@st.composite
def histories(draw: st.DrawFn) -> list[ActionRecord]:
    words = st.sampled_from(["admit", "dismiss", "reboot", "of-another-driver"])
    steps = st.tuples(words, st.sampled_from(["10.0.0.1", "10.0.0.2"]), st.sampled_from(ActionState))
    return [
        ActionRecord(
            id=str(number),
            device="radius",
            word=word,
            targets=(),
            state=state,
            actor="ana",
            begun_at=NOON + timedelta(minutes=number),
            arguments={"address": address},
        )
        for number, (word, address, state) in enumerate(draw(st.lists(steps, max_size=8)))
    ]


@given(histories())
def test_the_latest_about_each_thing_that_did_not_fail_lasts_unless_it_undoes(
    history: list[ActionRecord],
) -> None:
    latest = {}
    for record in history:
        if record.word in ("admit", "dismiss") and record.state in MEANT:
            latest[record.arguments["address"]] = record
    expected = sorted((one for one in latest.values() if one.word == "admit"), key=lambda one: int(one.id))

    assert lasting(history, KINDS) == tuple(expected)


@given(histories())
def test_what_lasts_lasts_alone_as_well(history: list[ActionRecord]) -> None:
    found = lasting(history, KINDS)

    assert lasting(found, KINDS) == found
