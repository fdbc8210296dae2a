"""The page of a look at devices."""

from datetime import UTC, datetime

from ispcore.driver import Key, Login, PlacementId
from ispcore.effects import DriftReport, Mended
from ispcore.network import Drift, DriftKind
from ispcore.pages import SIGNATURE, drift_page

AT = datetime(2012, 3, 1, 12, tzinfo=UTC)
ANA = PlacementId("1:login@radius")
DIFFERS = Drift(
    kind=DriftKind.DIFFERS,
    device="radius",
    claim="login/ana",
    placement=ANA,
    seen=Login(username="ana", download_kbit=256),
    wanted=Login(username="ana", download_kbit=512, macs=("02:00:00:00:00:01",)),
    fields=("download_kbit", "macs"),
    is_held=True,
)
FOREIGN = Drift(
    kind=DriftKind.FOREIGN,
    device="radius",
    claim="login/<b>",
    key=Key("<b>"),
    seen=Login(username="<b>"),
)
COUNTS = {DriftKind.DIFFERS: 1, DriftKind.FOREIGN: 3}


def test_each_field_is_told_as_it_was_seen_and_as_it_is_wanted() -> None:
    page = drift_page([DriftReport(device="radius", at=AT, expected=2, counts=COUNTS, drifts=(DIFFERS,))])

    assert SIGNATURE in page
    assert "2 placements compared, 0 seen: 1 differs, 3 foreign." in page
    assert "<td>download_kbit</td><td><bdi>256</bdi></td><td><bdi>512</bdi></td>" in page
    assert "<td>macs</td><td><bdi>none</bdi></td><td><bdi>02:00:00:00:00:01</bdi></td>" in page
    assert "differs (held)" in page
    assert "And 3 more." in page


def test_what_is_foreign_is_shown_as_text_whatever_it_is_called() -> None:
    page = drift_page([DriftReport(device="radius", at=AT, counts=COUNTS, drifts=(FOREIGN,))])

    assert "login/&lt;b&gt;" in page
    assert "<b>" not in page


def test_what_kept_a_device_from_being_read_or_mended_is_told() -> None:
    down = DriftReport(device="olt", at=AT, failure="olt does not answer.")
    mended = DriftReport(
        device="radius",
        at=AT,
        counts={DriftKind.DIFFERS: 2},
        drifts=(DIFFERS, DIFFERS),
        mended=Mended((ANA,), (PlacementId("2:login@radius"),)),
    )

    page = drift_page([down, mended])

    assert "olt does not answer." in page
    assert "It could not be looked at." in page
    assert "1 will be written again" in page
    assert "2:login@radius was changed back too often today." in page


def test_a_page_of_no_drift_says_so() -> None:
    assert "no drift" in drift_page([DriftReport(device="radius", at=AT)])
