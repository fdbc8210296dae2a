"""An import that is killed in the middle keeps whole rows, and importing again does the rest."""

import io
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ispcore.importing import CsvRows, RowState, import_csv
from tests.providers import ANA, Office, open_office

if not hasattr(signal, "SIGKILL"):
    pytest.skip("this system cannot kill at once", allow_module_level=True)

pytestmark = pytest.mark.sqlite_only("the child opens the file")

ROWS = 2000
SCRIPT = """
import sys
from ispcore import Actor, Provider
from ispcore.importing import CsvRows, import_csv

with Provider.connect(sys.argv[1]) as provider, open(sys.argv[2], "rb") as file:
    outcomes = import_csv(provider, CsvRows(file), actor=Actor("ana", {"*"}), system="old")
    next(outcomes)
    print("begun", flush=True)
    list(outcomes)
"""


def base() -> str:
    head = "customer_code,name,city,subscription_id,plan,billed_through,charge_method,due_day\n"
    return head + "".join(f"C{n},Customer {n},Londrina,{n},adsl,2012-02-29,slip,10\n" for n in range(ROWS))


def test_an_import_that_was_killed_is_completed_by_the_next_one(tmp_path: Path) -> None:
    path, file = tmp_path / "provider.db", tmp_path / "base.csv"
    file.write_text(base(), "utf-8")
    with open_office(path):
        pass

    child = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, f"sqlite:///{path}", str(file)], stdout=subprocess.PIPE, text=True
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == "begun\n"
        time.sleep(0.1)
        child.kill()

    office = Office(path)
    there = office.provider.count_customers(actor=ANA)
    rows = CsvRows(io.BytesIO(base().encode()))
    states = [one.state for one in import_csv(office.provider, rows, actor=ANA, system="old")]
    assert child.returncode == -signal.SIGKILL
    assert 0 < there < ROWS
    assert states == [RowState.THERE] * there + [RowState.IMPORTED] * (ROWS - there)
    assert office.provider.count_customers(actor=ANA) == ROWS
    office.provider.close_database()
