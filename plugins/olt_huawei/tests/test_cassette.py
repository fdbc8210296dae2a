"""An activation that was recorded once is played without an OLT, and holds no secret."""

from pathlib import Path

import pytest
from attrs import evolve

from ispcore.driver import Seen, Site
from ispcore.testing.olts import HuaweiOlt, simulated_olt
from ispcore.transports import CassetteError, Label, playing, recording
from ispcore.values import SecretText
from ispcore_olt_huawei import HuaweiConfig
from ispcore_olt_huawei.driver import HuaweiDriver
from plugins.olt_huawei.tests.calls import At, onu
from plugins.olt_huawei.tests.olts import PASSWORD, config_of, olt_of

LABEL = Label(vendor="Huawei", model="MA5800-X7", firmware="V100R017C10")
NOWHERE = HuaweiConfig(
    host="192.0.2.1", password=SecretText(PASSWORD), profile="10/10", host_key="SHA256:none"
)


@pytest.fixture
def olt() -> HuaweiOlt:
    olt = olt_of()
    olt.plug("HWTC00000001", "0/1/3")
    return olt


def activated(config: HuaweiConfig) -> Seen:
    with HuaweiDriver().open(Site(config)) as session:
        (made,) = At(session).put(onu())
    assert isinstance(made, Seen)
    return made


@pytest.fixture
def recorded(olt: HuaweiOlt, tmp_path: Path) -> tuple[Path, Seen]:
    """A cassette, and what came of what it has on it."""
    cassette = tmp_path / "activation.jsonl"
    with simulated_olt(olt) as server, recording(cassette, LABEL):
        return cassette, activated(config_of(server))


def test_what_was_recorded_is_played_without_an_olt(recorded: tuple[Path, Seen]) -> None:
    cassette, seen = recorded

    with playing(cassette, LABEL):
        assert activated(NOWHERE) == seen


def test_a_cassette_holds_no_secret(recorded: tuple[Path, Seen]) -> None:
    text = recorded[0].read_text("utf-8")

    assert "user-account username ana1" in text
    assert PASSWORD not in text
    assert "secret-of-ana" not in text


def test_a_cassette_is_not_played_for_another_firmware(recorded: tuple[Path, Seen]) -> None:
    other = evolve(LABEL, firmware="V800R015C00")

    with pytest.raises(CassetteError, match="V800R015C00"), playing(recorded[0], other):
        activated(NOWHERE)
