"""What ispcore finds when the distribution is installed."""

import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

from ispcore.driver import Discover, Onu, Optical, Reboot, Support
from ispcore_olt_huawei import SPEC, Neighbours, Profiles, Status, WanState, Wireless
from ispcore_olt_huawei.driver import HuaweiDriver

PROJECT = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text())["project"]


def test_the_entry_point_names_the_module_of_the_hooks() -> None:
    plugin = import_module(PROJECT["entry-points"]["ispcore.v1"]["olt-huawei"])

    assert plugin.ispcore_drivers() == [SPEC]
    assert plugin.ispcore_drivers.ispcore_impl is not None


def test_the_factory_makes_the_driver() -> None:
    module, name = SPEC.factory.split(":")

    assert getattr(import_module(module), name) is HuaweiDriver


def test_a_driver_is_told_without_importing_what_talks_to_an_olt() -> None:
    script = "import sys, ispcore_olt_huawei.plugin; print({'asyncssh', 'telnetlib3'} & sys.modules.keys())"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "set()"


def test_it_bears_onus_with_every_field_and_one_session() -> None:
    assert SPEC.kinds == {Onu: {}}
    assert SPEC.lanes == 1
    assert SPEC.actions == {
        **dict.fromkeys((Discover, Optical, Reboot, Status, Neighbours, Profiles), Support.YES),
        **dict.fromkeys((WanState, Wireless), Support.ASK),
    }
    assert set(SPEC.features.values()) == {Support.NO}
