"""Simulated devices from the command line: they say where they listen, and run until they are told to end."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.calling import exit_code
from tests.testing.olts.terminal import Terminal

SN = "4857544302D80001"


@contextmanager
def running(*args: object) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", "from ispcore.cli.main import main; main()", "simulate", *map(str, args)]
    path = os.pathsep.join(filter(None, sys.path))
    with subprocess.Popen(
        command, env={**os.environ, "PYTHONPATH": path}, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0


def where(process: subprocess.Popen[str]) -> dict[str, object]:
    assert process.stdout is not None
    told = ""
    while not told.endswith("}\n") or told.count("{") > told.count("}"):
        line = process.stdout.readline()
        assert line, f"It ended after: {told}"
        told += line
    found: dict[str, object] = json.loads(told)
    return found


def test_a_huawei_olt_keeps_what_is_saved_in_its_file(tmp_path: Path) -> None:
    options = ("olt-huawei", "--no-ssh", "--telnet-port", 0, "--file", tmp_path / "olt", "--json")
    with running(*options, "--onu", "HWTC02D80001@0/1/3") as process:
        found = where(process)
        one = Terminal(int(str(found["telnet_port"])))
        one.signs_in(str(found["user"]), str(found["password"]))
        one.goes("undo smart", "enable", "config", "interface gpon 0/1")
        one.tell(f"ont confirm 3 ontid 5 sn-auth {SN} omci ont-lineprofile-id 10 ont-srvprofile-id 10")
        one.goes("quit", "save", "undo service-port 1")
        one.close()

    with running(*options) as process:
        one = Terminal(int(str(where(process)["telnet_port"])))
        told = one.signs_in().goes("undo smart", "enable", "scroll").tell("display ont info 0 1 3 5")
        one.close()

    assert "  Run state               : online" in told.split("\n")


def test_a_zte_olt_finds_what_was_hung_on_its_port() -> None:
    options = ("olt-zte", "--no-ssh", "--telnet-port", 0, "--family", "C600", "--json")
    with running(*options, "--onu", "ZTEGCCA10001@1/1/5") as process:
        found = where(process)
        one = Terminal(int(str(found["telnet_port"])))
        one.until("Username:")
        one.ask(str(found["user"]), "Password:")
        one.ask(str(found["password"]))
        told = one.tell("show pon onu uncfg")
        one.close()

    assert "gpon_olt-1/1/5" in told


def test_it_says_where_it_listens_and_who_may_enter() -> None:
    with running("olt-huawei", "--port", 0, "--telnet-port", 0) as process:
        assert process.stdout is not None
        first, second = process.stdout.readline(), process.stdout.readline()

    assert first.startswith("A simulated OLT (Huawei MA5608T, R015) listens on 127.0.0.1: SSH on port ")
    assert " and Telnet on port " in first
    assert re.fullmatch(r"User root, password admin123\. Its key is SHA256:\S+\. Ctrl-C ends\.\n", second)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--no-ssh"], "Without SSH there must be a --telnet-port."),
        (["--onu", "HWTC02D80001"], "write SERIAL@PORT, with a port from 0/1/0 to 0/2/15"),
        (["--onu", "HWTC02D80001@7/1/3"], "'HWTC02D80001@7/1/3' names no port of this OLT"),
    ],
)
def test_wrong_options_are_told(capsys: pytest.CaptureFixture[str], options: list[str], told: str) -> None:
    assert exit_code(["simulate", "olt-huawei", *options]) == 2
    assert told in " ".join(capsys.readouterr().err.split())


@pytest.mark.parametrize(
    ("text", "told"),
    [("nonsense(", "no state"), ("{'about': 'ZteOlt', 'saved': 1, 'fibre': 2}", "state of a ZteOlt")],
)
def test_a_file_of_something_else_is_refused(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str, told: str
) -> None:
    (tmp_path / "olt").write_text(text)

    assert exit_code(["simulate", "olt-huawei", "--file", str(tmp_path / "olt")]) == 3
    assert told in capsys.readouterr().err
