"""Drift: found with what was and what should be, mended by the ordinary worker, and fought over never."""

import pytest

from ispcore.driver import Login
from ispcore.network import DriftKind
from ispcore.plans import ChangePlan
from tests.network_stories.stage import Stage


@pytest.mark.covers("S0-101")
def test_who_pays_for_1024_and_browses_at_512_is_found_with_both_speeds_and_mended(stage: Stage) -> None:
    subscription = stage.subscribe(Login(username="ana"))
    stage.work()
    stage.do(ChangePlan(subscription=subscription, plan="fast"))
    stage.work()
    assert stage.login().download_kbit == 1024
    stage.devices["radius"].tamper("login/ana", download_kbit=512, upload_kbit=256)

    report = stage.look()

    (drift,) = report.drifts
    assert (drift.kind, drift.claim, drift.placement) == (DriftKind.DIFFERS, "login/ana", "1:login@radius")
    assert list(drift.values()) == [("download_kbit", 512, 1024), ("upload_kbit", 256, 512)]
    assert stage.lagging() == []

    assert stage.look(repairs=True).mended.repaired == ("1:login@radius",)
    stage.work()

    assert stage.login().download_kbit == 1024
    assert stage.look().is_clean
