"""What ispcore finds when the distribution is installed."""

import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

from ispcore.driver import Accounting, Adjust, Disconnect, DriverSpec, History, Login, Sessions, Support
from ispcore_radius import SPEC, Admit, Dismiss, Inspect, SignIn
from ispcore_radius.driver import RadiusDriver

PROJECT = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text())["project"]


def test_the_entry_point_names_the_module_of_the_hooks() -> None:
    plugin = import_module(PROJECT["entry-points"]["ispcore.v1"]["radius"])

    assert plugin.ispcore_drivers() == [SPEC]
    assert plugin.ispcore_drivers.ispcore_impl is not None


def test_the_factory_makes_the_driver() -> None:
    module, name = SPEC.factory.split(":")

    assert getattr(import_module(module), name) is RadiusDriver


def test_a_driver_is_told_without_importing_what_talks_to_a_database() -> None:
    script = (
        "import sys, ispcore_radius.plugin; print({'sqlalchemy', 'psycopg', 'pyrad'} & sys.modules.keys())"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "set()"


def test_it_bears_logins_with_every_field_and_acts_on_logins_sessions_and_access_points() -> None:
    assert isinstance(SPEC, DriverSpec)
    assert SPEC.kinds == {Login: {}}
    actions = (Sessions, History, Accounting, Disconnect, Adjust, Admit, Dismiss, Inspect, SignIn)
    assert SPEC.actions == dict.fromkeys(actions, Support.YES)
    assert set(SPEC.features.values()) == {Support.NO}
