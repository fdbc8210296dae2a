"""Workers of the command line in processes of their own: they work, look, and end when they are told to."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ispcore.cli.main import main
from ispcore.cli.worker import WorkerLabour
from ispcore.driver import Login
from ispcore.plans import AddComponent
from ispcore.testing import MockDevice
from tests import engines
from tests.catalogues import START
from tests.homes import sections
from tests.hooks.distributions import Environment
from tests.providers import ANA, Office, open_office

if not hasattr(signal, "SIGKILL"):
    pytest.skip("this system cannot end a process politely", allow_module_level=True)

PATIENCE = 60


def until(is_so: Callable[[], bool]) -> None:
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() < began + PATIENCE, "it took too long"
        time.sleep(0.05)


@pytest.mark.covers("S2-058")
def test_processes_make_the_network_current_look_for_drift_and_end_when_they_are_told_to(
    tmp_path: Path,
) -> None:
    (tmp_path / "installed").mkdir()
    Environment(tmp_path / "installed").install("mock", "", entry="mock = ispcore.testing.mock_plugin")
    radius = MockDevice("radius", file=tmp_path / "radius.device")
    with open_office(tmp_path / "ispcore.db") as office:
        add_device(office, tmp_path)
        path = os.pathsep.join([str(tmp_path / "installed"), *filter(None, sys.path)])
        command = [
            sys.executable,
            "-c",
            "from ispcore.cli.main import main; main()",
            "worker",
            "--db",
            office.url,
        ]
        with subprocess.Popen(command, env={**os.environ, "PYTHONPATH": path}) as process:
            until(lambda: radius.spec("login/ana") is not None)
            radius.tamper("login/ana", download_kbit=1)
            with office.database.writing() as work:
                work.watches.set("radius", began=None)
            until(lambda: radius.spec("login/ana").download_kbit == 512)  # type: ignore[union-attr] # a login
            process.send_signal(signal.SIGTERM)
            assert process.wait(PATIENCE) == 0


def add_device(office: Office, folder: Path) -> None:
    office.load(**sections())
    subscription = office.subscribe(office.register(), "home")
    office.do(AddComponent(subscription=subscription, spec=Login(username="ana")), today=START)
    with office.database.writing() as work:
        config = {"device": "radius", "file": str(folder / "radius.device")}
        work.devices.add("radius", driver="mock", config=config)
    office.provider.network.devices.change("radius", repairs=True, look_every_seconds=3_600, actor=ANA)


def test_what_a_process_does_can_be_handed_to_it() -> None:
    import pickle

    labour = WorkerLabour("sqlite:///x.db", 60)

    assert pickle.loads(pickle.dumps(labour)) == labour


@pytest.mark.server
def test_the_queue_is_set_up_once_on_a_server(capsys: pytest.CaptureFixture[str]) -> None:
    url = engines.new_postgresql()

    def install() -> str:
        with pytest.raises(SystemExit) as stop:
            main(["worker", "--install", "--db", url])
        assert stop.value.code == 0
        return capsys.readouterr().out

    assert install() == "The queue is set up.\n"
    assert install() == "The queue was there already.\n"


@engines.sqlite_only("a file is what it is about")
def test_a_queue_of_a_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with open_office(tmp_path / "ispcore.db") as office:
        for option in ("--install", "--queue"):
            with pytest.raises(SystemExit) as stop:
                main(["worker", option, "--db", office.url])
            assert (stop.value.code, "Only PostgreSQL has a queue" in capsys.readouterr().err) == (3, True)
