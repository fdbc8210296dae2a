"""The driver passes the kit that vendors are given: over both ways to an OLT, and with an old firmware."""

import os
from collections.abc import Iterator

import pytest

from ispcore.testing.driver_kit import DriverKit, Rig
from ispcore_olt_huawei import Line
from plugins.olt_huawei.tests.olts import R015, R017
from plugins.olt_huawei.tests.rig import HuaweiRig


class TestTelnet(DriverKit):
    @pytest.fixture
    def rig(self) -> Iterator[Rig]:
        rig = HuaweiRig(Line.TELNET, R017)
        yield rig
        rig.close()


class _Brief(DriverKit):
    if not os.environ.get("ISPCORE_CUTS"):
        # Each takes as long as many others; those over Telnet stand for them.
        test_cut_before_every_exchange_it_comes_right = None  # type: ignore[assignment]  # no case
        test_torn_down_after_every_exchange_it_comes_right = None  # type: ignore[assignment]  # no case
        test_nonsense_at_every_exchange_comes_right = None  # type: ignore[assignment]  # no case
        test_stopped_at_every_checkpoint_it_comes_right = None  # type: ignore[assignment]  # no case
        test_nothing_is_written_after_a_checkpoint_that_stops = None  # type: ignore[assignment]  # no case
        test_a_notice_in_an_answer_is_not_part_of_it = None  # type: ignore[assignment]  # no case


class TestSsh(_Brief):
    @pytest.fixture
    def rig(self) -> Iterator[Rig]:
        rig = HuaweiRig(Line.SSH, R017)
        yield rig
        rig.close()


@pytest.mark.filterwarnings("ignore:Diffie-Hellman over finite fields")
class TestOldFirmware(_Brief):
    if not os.environ.get("ISPCORE_CUTS"):
        # What breaks the line, and who hears secrets, is the same on every firmware.
        test_cut_after_every_exchange_it_comes_right = None  # type: ignore[assignment]  # no case
        test_an_answer_that_makes_no_sense_is_unrecognised = None  # type: ignore[assignment]  # no case
        test_an_answer_in_pieces_is_read_whole = None  # type: ignore[assignment]  # no case
        test_no_secret_is_in_an_error = None  # type: ignore[assignment]  # no case
        test_no_secret_is_logged_or_printed = None  # type: ignore[assignment]  # no case

    @pytest.fixture
    def rig(self) -> Iterator[Rig]:
        rig = HuaweiRig(Line.SSH, R015, legacy=True)
        yield rig
        rig.close()
