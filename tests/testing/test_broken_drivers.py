"""Each broken driver is caught by the case that names its fault."""

import re
from collections.abc import Mapping
from typing import Any, ClassVar

import pytest
from attrs import frozen

from ispcore.driver import Accounting, Action, Discover, Done, Feature, Login, Onu, Optical, Support, Wifi
from ispcore.testing.driver_kit import DriverKit, cases
from tests.testing.broken import counting, reading, stopping, writing
from tests.testing.broken.reading import OpenConfig
from tests.testing.mock_rig import MockRig

KINDS: Mapping[Any, Mapping[str, Support]] = {Login: {}, Onu: {}, Wifi: {"ssid_5ghz": Support.ASK}}
ACTIONS = {Discover: Support.YES, Optical: Support.YES, Accounting: Support.YES}

# The driver, the case that catches it, and what that says.
CAUGHT = [
    (reading.ReadsPasswordsBack, "write_only_fields_are_never_read_back", "Login.password is read back"),
    (
        reading.TellsOursAlone,
        "a_look_at_everything_tells_also_what_is_foreign",
        "nothing of the rig's foreign",
    ),
    (reading.TellsEverything, "a_look_with_names_tells_of_those_alone", "told too"),
    (reading.TellsOfWhatIsAbsent, "a_look_at_what_is_absent_tells_nothing", "does not stand there"),
    (reading.WritesWhileItReads, "a_look_writes_nothing", "A look has written"),
    (reading.NumbersItsAnswers, "a_second_look_tells_the_same_under_the_same_keys", "different things"),
    (reading.RemembersWhatItSaw, "what_somebody_else_changed_is_seen_and_put_right", "is told as it was"),
    (reading.ReadsIntoAList, "a_look_tells_one_after_the_other", "observe gives a list"),
    (reading.HoldsEverything, "a_look_at_very_much_takes_little_memory", "a list of them takes"),
    (reading.AnswersNothingThatDepends, "the_device_answers_every_claim_that_depends_on_it", "answered None"),
    (
        reading.IsSomebodyElseEachTime,
        "the_device_says_who_it_is_in_every_session",
        "another one in each session",
    ),
    (
        reading.YieldsAnythingFromActions,
        "an_action_yields_what_its_type_declares",
        "OpticalReading and yielded",
    ),
    (
        reading.ActsUponAnything,
        "an_action_that_is_not_claimed_is_refused",
        "is not claimed, and was not refused",
    ),
    (reading.CountsInNormal, "normal_is_a_pure_function", "another one each time"),
    (reading.AsksTheNetworkInNormal, "normal_is_a_pure_function", "asks the network"),
    (reading.GrowsInNormal, "normal_done_twice_is_the_same_as_done_once", "of that"),
    (reading.SaltsInNormal, "normal_leaves_secrets_as_they_are", "Login.password"),
    (reading.DropsInNormal, "a_field_that_is_claimed_comes_back_as_it_was_written", "normal drops its value"),
    (reading.ShowsItsPassword, "no_secret_shows_when_a_driver_is_printed", "shows a secret"),
    (reading.LogsWhatItWrites, "no_secret_is_logged_or_printed", "A log line shows a secret"),
    (reading.QuotesWhatItWrote, "no_secret_is_in_an_error", "An error shows a secret"),
    (counting.TellsLatestFirst, "pages_of_any_length_come_to_one", "not in that order"),
    (counting.TellsEveryPageTwice, "pages_of_any_length_come_to_one", "is told twice"),
    (counting.GoesOnByTheInstant, "pages_of_any_length_come_to_one", "pages of 1 since None tell"),
    (counting.ForgetsWhereItWas, "pages_of_any_length_come_to_one", "pages of 1 since 2012"),
    (counting.TellsTheTimeOfNoPlace, "pages_of_any_length_come_to_one", "bears no zone"),
    (counting.FillsPagesTooFull, "pages_of_any_length_come_to_one", "A page of 1 holds"),
    (counting.LeavesTheInstantOut, "who_asks_since_an_instant_is_told_of_that_instant_too", "and tells"),
    (counting.TellsStatementsOfWords, "pages_of_any_length_come_to_one", "Told of as connections"),
    (writing.RetriesAWrite, "a_write_is_never_sent_twice", "the device saw"),
    (
        writing.TakesALostAnswerForNothingWritten,
        "a_write_without_an_answer_has_an_unknown_outcome",
        "nothing was",
    ),
    (writing.TakesSilenceForSuccess, "silence_is_never_taken_for_success", "told as done"),
    (writing.TakesNonsenseForSuccess, "an_answer_that_makes_no_sense_is_unrecognised", "told as done"),
    (writing.ThrowsAwayNonsense, "an_answer_that_makes_no_sense_is_unrecognised", "not told as Unrecognised"),
    (writing.SleepsPastTheDeadline, "a_device_that_is_silent_is_given_up_in_time", "seconds late"),
    (writing.AddsAnother, "the_same_write_ten_times_comes_to_the_same", "stands 2 times"),
    (writing.DropsAField, "a_field_that_is_claimed_comes_back_as_it_was_written", "Login.vlan is claimed"),
    (writing.SaysWhatItWasTold, "nothing_is_left_to_do_for_a_new_session", "vlan from None to 100"),
    (writing.ReadsBackTooEarly, "nothing_is_left_to_do_after_a_write", "this is left"),
    (writing.MakesNothing, "what_is_wanted_is_made_changed_and_deleted", "does not stand there"),
    (writing.RefusesASecondDeletion, "deleting_what_is_absent_succeeds", "There is no such object"),
    (writing.EndsWithoutAResult, "every_change_has_one_result", "has 0 results"),
    (writing.LosesTheRest, "a_change_that_is_refused_does_not_lose_the_others", "ended them all"),
    (writing.DeniesWhatItWrote, "a_refused_change_writes_nothing", "a write was seen"),
    (writing.MakesAnotherOfAChangeOfName, "a_change_of_name_is_one_change", "stands there still"),
    (writing.WritesEverySecret, "a_change_writes_no_secret_that_it_does_not_name", "has changed a secret"),
    (writing.TidiesUp, "what_is_foreign_is_left_alone", "is not ours"),
    (writing.ForgetsMarks, "a_mark_comes_back", "None came back"),
    (
        reading.ClaimsToFence,
        "an_older_generation_is_refused_by_a_device_that_fences",
        "an older generation was written",
    ),
    (writing.MakesAnewWhatMoves, "a_resource_that_moves_keeps_what_hangs_on_it", "did not go with it"),
    (writing.StaysWhereItIs, "a_resource_that_moves_keeps_what_hangs_on_it", "and stands at"),
    (writing.ChangesFieldByField, "a_change_that_fails_is_taken_back", "half a change is left"),
    (writing.KeepsWhatItRefused, "a_change_that_fails_is_taken_back", "was refused, and not everything"),
    (writing.LetsInWhatIsNotClaimed, "a_kind_that_is_not_claimed_is_refused", "is not claimed"),
    (writing.GivesUpHalfway, "stopped_at_every_checkpoint_it_comes_right", "does not come right"),
    (writing.GivesUpHalfway, "cut_after_every_exchange_it_comes_right", "does not come right"),
    (writing.GivesUpHalfway, "torn_down_after_every_exchange_it_comes_right", "does not come right"),
    (writing.SpeaksPython, "cut_before_every_exchange_it_comes_right", "KeyError came out of observe"),
    (writing.SpeaksPython, "nonsense_at_every_exchange_comes_right", "KeyError came out of observe"),
    (stopping.IgnoresCheckpoints, "an_operation_that_is_cancelled_writes_nothing", "asks no checkpoint"),
    (stopping.IgnoresCheckpoints, "no_time_means_no_write", "something was written"),
    (stopping.WritesOnWhenStopped, "nothing_is_written_after_a_checkpoint_that_stops", "it wrote on"),
    (stopping.LeavesASessionOpen, "sessions_are_closed_whatever_happens", "left open after a write that was"),
    (stopping.OpensASecondSession, "there_are_no_more_sessions_than_were_opened", "the device has 2 open"),
    (stopping.TriesAPasswordAgain, "a_wrong_password_is_tried_once", "was tried 3 times"),
    (stopping.CallsAWrongPasswordUnreachable, "a_wrong_password_is_tried_once", "Unreachable"),
    (stopping.NeedsItsMemory, "a_driver_remembers_nothing_between_sessions", "I do not know this"),
]


@frozen(kw_only=True)
class AboutNothing(Action[Done]):
    word: ClassVar[str] = "admit"
    result: ClassVar[type] = Done
    about: ClassVar[str] = "address"


@frozen(kw_only=True)
class UndoesNothing(Action[Done]):
    word: ClassVar[str] = "dismiss"
    result: ClassVar[type] = Done
    undoes: ClassVar[str] = "admit"


WRONG_SPECS: list[tuple[dict[str, Any], str, str]] = [
    (
        {"factory": "tests.testing.broken.dials_on_import:Dialling"},
        "the_factory_imports_without_a_network",
        "a network was asked for",
    ),
    (
        {"config": OpenConfig},
        "the_configuration_is_a_frozen_value_that_shows_no_secret",
        "is not an attrs class",
    ),
    ({"kinds": {Login: {"vlann": Support.YES}}}, "what_is_claimed_exists", "no field 'vlann'"),
    ({"lanes": 0}, "what_is_claimed_exists", "less than one"),
    ({"actions": {AboutNothing: Support.YES}}, "what_is_claimed_exists", "is about 'address', no field"),
    ({"actions": {UndoesNothing: Support.YES}}, "what_is_claimed_exists", "undoes what it is not about"),
    (
        {"kinds": {Login: {"vlan": Support.NO}}},
        "a_field_that_is_not_claimed_is_dropped_or_refused",
        "Login.vlan is not claimed",
    ),
]

# Nothing but a real line breaks these: tests/testing/test_dial_proxy.py does.
ON_A_REAL_LINE = {
    "an_answer_in_pieces_is_read_whole",
    "a_late_answer_is_not_taken_for_another",
    "a_notice_in_an_answer_is_not_part_of_it",
    "a_device_that_cannot_be_reached_is_told_as_such",
}


def run(case: str, rig: MockRig) -> None:
    getattr(DriverKit(), f"test_{case}")(rig)


@pytest.mark.parametrize(("driver", "case", "said"), CAUGHT, ids=lambda it: getattr(it, "__name__", None))
def test_a_broken_driver_is_caught_by_the_case_that_names_its_fault(
    driver: Any, case: str, said: str
) -> None:
    rig = MockRig(driver, kinds=KINDS, actions=ACTIONS)
    rig.many = 200

    with pytest.raises(AssertionError, match=re.escape(said)):
        run(case, rig)


@pytest.mark.parametrize(("changes", "case", "said"), WRONG_SPECS)
def test_a_spec_that_is_wrong_is_caught(changes: dict[str, Any], case: str, said: str) -> None:
    rig = MockRig(**changes)

    with pytest.raises(AssertionError, match=re.escape(said)):
        run(case, rig)


def test_a_move_needs_a_kind_with_a_place() -> None:
    with pytest.raises(AssertionError, match="nothing has a place to leave"):
        run("a_resource_that_moves_keeps_what_hangs_on_it", MockRig(kinds={Login: {}}))


OFFERS = [
    (Feature.MARK, "a_mark_comes_back"),
    (Feature.FENCE, "an_older_generation_is_refused_by_a_device_that_fences"),
    (Feature.MOVE, "a_resource_that_moves_keeps_what_hangs_on_it"),
    (Feature.UNDO, "a_change_that_fails_is_taken_back"),
]


@pytest.mark.parametrize(("feature", "case"), OFFERS)
@pytest.mark.parametrize("claimed", [{}, dict.fromkeys(Feature, Support.NO)], ids=["silent", "denied"])
def test_what_is_not_claimed_is_not_tried(
    feature: Feature, case: str, claimed: Mapping[Feature, Support]
) -> None:
    rig = MockRig(features=claimed)

    with pytest.raises(pytest.skip.Exception, match=f"Feature.{feature.name} is not claimed"):
        run(case, rig)

    assert rig.writes() == 0


def test_every_feature_has_a_case() -> None:
    assert {feature for feature, _ in OFFERS} == set(Feature)


def test_every_case_catches_somebody() -> None:
    caught = {f"test_{case}" for _, case, _ in [*CAUGHT, *WRONG_SPECS]}

    assert set(cases()) - caught == {f"test_{case}" for case in ON_A_REAL_LINE}
