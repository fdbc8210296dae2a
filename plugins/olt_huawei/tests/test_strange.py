"""An OLT that answers otherwise, slowly, or to somebody else: nothing is taken on trust."""

from typing import Any

import pytest
from attrs import evolve

from ispcore.driver import (
    Action,
    AuthFailed,
    Busy,
    Conflict,
    DriverError,
    Invalid,
    Optical,
    Seen,
    Site,
    Unreachable,
    Unrecognised,
    Unsupported,
    VoiceTerminal,
)
from ispcore.testing.driver_kit.operation import KitOperation
from ispcore.testing.olts import HuaweiOlt, simulated_olt
from ispcore.testing.olts.huawei import R015
from ispcore.testing.wire import WireFault
from ispcore.values import SecretText
from ispcore_olt_huawei import Line, Status
from ispcore_olt_huawei.driver import HuaweiDriver
from plugins.olt_huawei.tests.calls import At, at, onu
from plugins.olt_huawei.tests.olts import config_of, olt_of

BUSY = "  Failure: System is busy, please retry after a while"
WAN = "ont ipconfig"


@pytest.fixture
def olt() -> HuaweiOlt:
    return olt_of()


@pytest.mark.parametrize(
    ("command", "answer", "error"),
    [
        ("ont confirm", "  Failure: The moon is in the wrong quarter", Unrecognised),
        ("ont confirm", "  Failure: SN already exists", Conflict),
        ("ont confirm", "  Number of ONTs that can be added: 1, success: 0", Unrecognised),
        ("ont confirm", "  Number of ONTs that can be added: 1, success: 1", Unrecognised),
        ("ont confirm", "  Well done", Unrecognised),
        (WAN, "  Failure: The VLAN does not exist", Invalid),
        (WAN, "  % Unknown command, the error locates at '^'", Unsupported),
        (WAN, "  Roger", Unrecognised),
        ("traffic table", "  Failure: The traffic table exists already", Invalid),
        ("traffic table", "  % Parameter error, the error locates at '^'", Invalid),
        ("service-port", "  Failure: The GEM port does not exist", Invalid),
    ],
)
def test_an_answer_that_is_no_success_is_the_error_that_it_means(
    olt: HuaweiOlt, command: str, answer: str, error: type[DriverError]
) -> None:
    olt.answers[command] = answer
    with at(olt) as here:
        (told,) = here.put(onu())

    assert type(told) is error


def test_silence_is_no_success_where_nothing_stands_afterwards(olt: HuaweiOlt) -> None:
    olt.answers["service-port"] = ""
    with at(olt) as here:
        (made,) = here.put(onu())
        left = here.changes(onu())

    assert isinstance(made, Seen)
    assert [change.fields for change in left] == [{"password", "vlan", "download_kbit", "upload_kbit"}]


def test_what_is_so_already_is_as_good_as_done(olt: HuaweiOlt) -> None:
    olt.answers["ont internet-config 3 0"] = "  Failure: Make configuration repeatedly"
    with at(olt) as here:
        (made,) = here.put(onu())

    assert isinstance(made, Seen)
    assert "internet-config" in str(made.unsettled)


def test_an_exchange_or_a_deletion_that_is_refused_is_told(olt: HuaweiOlt) -> None:
    with at(olt) as here:
        here.put(onu(1))
        olt.answers["ont modify 3 0 sn"] = "  Failure: SN already exists"
        olt.answers["undo service-port"] = "  Failure: The profile is being used"
        (exchanged,) = here.put(onu(2), before=onu(1))
        (deleted,) = here.delete(onu(1))

    assert isinstance(exchanged, Conflict)
    assert isinstance(deleted, Conflict)


@pytest.mark.parametrize("command", ["display version", "display board", "display ont wan-info"])
def test_an_olt_that_is_none_is_not_worked_with(olt: HuaweiOlt, command: str) -> None:
    olt.answers[command] = "  Would you like some tea?"
    with at(olt) as here, pytest.raises(Unrecognised) as caught:
        here.health()

    assert "tea" in caught.value.raw
    assert not caught.value.wrote


def test_an_olt_without_boards_for_onus_has_none(olt: HuaweiOlt) -> None:
    olt.answers["display board 0"] = "  0       H801MCUD1  Active_normal"
    with at(olt) as here:
        assert here.see() == {}
        assert {answer.value for answer in here.health().answers.values()} == {"no"}


def test_what_was_written_and_could_not_be_saved_is_not_told_as_done(olt: HuaweiOlt) -> None:
    olt.answers["save"] = BUSY
    with at(olt) as here, pytest.raises(Busy) as caught:
        here.put(onu())

    assert caught.value.wrote
    assert len(olt.config.onts) == 1


@pytest.mark.parametrize("action", [Optical(), Status()], ids=lambda it: it.word)
def test_a_question_whose_line_breaks_is_no_answer_about_an_onu(olt: HuaweiOlt, action: Action[Any]) -> None:
    with at(olt) as here:
        here.put(onu())
        olt.wire.play(WireFault.CUT_AFTER)

        with pytest.raises(Unreachable):
            here.ask(action, onu())


def test_a_kind_that_no_olt_has_is_refused(olt: HuaweiOlt) -> None:
    with at(olt) as here, pytest.raises(Unsupported, match="voice"):
        HuaweiDriver().normal(VoiceTerminal(number="+55"), here.health())


@pytest.mark.parametrize("line", Line)
def test_a_second_session_finds_the_olt_busy(olt: HuaweiOlt, line: Line) -> None:
    with simulated_olt(olt, telnet_port=0) as server:
        site = Site(config_of(server, line))
        with HuaweiDriver().open(site), pytest.raises(Busy), HuaweiDriver().open(site):
            pass


@pytest.mark.parametrize("line", Line)
def test_an_olt_that_is_not_there_is_unreachable(olt: HuaweiOlt, line: Line) -> None:
    with simulated_olt(olt, telnet_port=0) as server:
        site = Site(config_of(server, line))
    with pytest.raises(Unreachable) as caught, HuaweiDriver().open(site):
        pass

    assert not caught.value.wrote


@pytest.mark.parametrize("line", Line)
def test_a_wrong_password_is_tried_once(olt: HuaweiOlt, line: Line) -> None:
    with simulated_olt(olt, telnet_port=0) as server:
        wrong = evolve(config_of(server, line), password=SecretText("wrong-one-8831"))
        with pytest.raises(AuthFailed), HuaweiDriver().open(Site(wrong)):
            pass

    assert olt.logins_refused == 1


def test_an_olt_that_restarts_has_what_was_saved(olt: HuaweiOlt) -> None:
    with at(olt) as here:
        here.put(onu())
    olt.reboot()

    with at(olt) as here:
        assert list(here.see()) == ["HWTC00000001"]


def test_a_slow_olt_is_waited_for_and_given_up_in_time(olt: HuaweiOlt) -> None:
    with at(olt) as here:
        olt.behaviour.slow_seconds = 0.05
        (made,) = here.put(onu())
        olt.wire.play(WireFault.SILENCE)
        with pytest.raises(Unreachable):
            list(here.session.observe(None, KitOperation(0.3)))

    assert isinstance(made, Seen)


@pytest.mark.filterwarnings("ignore:Diffie-Hellman over finite fields")
def test_an_old_olt_is_reached_by_the_ciphers_that_it_has() -> None:
    olt = olt_of(R015)
    olt.behaviour.legacy_ssh = True
    with simulated_olt(olt) as server:
        old = config_of(server)
        with pytest.raises(Unreachable, match="legacy_ciphers"), HuaweiDriver().open(Site(old)):
            pass
        with HuaweiDriver().open(Site(evolve(old, legacy_ciphers=True))) as session:
            (made,) = At(session).put(onu())

    assert isinstance(made, Seen)


def test_an_enable_password_is_given_where_the_olt_asks_for_it(olt: HuaweiOlt) -> None:
    olt.behaviour.enable_password = "second-5512"
    with at(olt, enable_password=SecretText("second-5512")) as here:
        assert here.health().identity == olt.chassis
