"""The command line, called as people call it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ispcore.cli.main import COMMANDS
from tests import engines
from tests.cli.calling import exit_code
from tests.providers import sql_at

ROOT = Path(__file__).parents[2]
FILE = Path("ispcore.db")
FIRST_BILL = ROOT / "examples" / "first_bill.toml"

Run = Callable[..., tuple[int, str, str]]

WITHOUT_DATABASE = ("play", "demo", "init", "doctor", "plugins", "simulate")
"""Commands that make one, that look after more than it, or that are groups of others."""


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Call the command line in an empty folder, and return its exit code, output and errors.

    Where the tests run on a server, a database there takes the place of the file ``ispcore.db``.
    """
    monkeypatch.chdir(tmp_path)
    if engines.on_postgresql():
        monkeypatch.setenv("ISPCORE_DB", engines.url_at(FILE))
    monkeypatch.setenv("COLUMNS", "160")

    def call(*args: object) -> tuple[int, str, str]:
        code = exit_code([engines.url_at(FILE) if arg == FILE else str(arg) for arg in args])
        out = capsys.readouterr()
        return code, out.out, out.err

    return call


@pytest.fixture
def books(run: Run) -> Run:
    """A database in which the manual's first bill was played."""
    code, _, _ = run("play", FIRST_BILL, "--db", FILE)
    assert code == 0
    return run


def test_a_scenario_whose_expectations_are_met_ends_with_0(run: Run) -> None:
    code, out, _ = run("play", FIRST_BILL)

    assert code == 0
    assert "every expectation met" in out
    assert "20.69" in out
    assert "6 of 29" in out


def test_a_scenario_with_an_unmet_expectation_ends_with_1_and_says_which(run: Run, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(FIRST_BILL.read_text("utf-8").replace('"20.69"', '"20.70"'), "utf-8")

    code, out, _ = run("play", wrong)

    assert code == 1
    assert "20.70" in out


def test_a_scenario_with_wrong_words_ends_with_3_and_names_place_and_line(run: Run, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(FIRST_BILL.read_text("utf-8").replace('do = "preview"', 'do = "preveiw"'), "utf-8")

    code, _, err = run("play", wrong)

    assert code == 3
    assert "steps[2].do" in err
    assert "'preview'" in err
    assert "line " in err


def test_playing_gives_json_to_programs(run: Run) -> None:
    code, out, _ = run("play", FIRST_BILL, "--json")

    steps = json.loads(out)["steps"]
    closing = next(step for step in steps if step["do"] == "close")
    assert code == 0
    assert closing["closings"][0]["entries"][0]["amount"] == {"amount": "20.69", "currency": "BRL"}


def test_the_demo_prints_the_manuals_first_bill_and_explains_it(run: Run) -> None:
    code, out, _ = run("demo")

    assert code == 0
    assert "20.69" in out
    assert "6 of 29" in out
    assert "everything follows from the facts" in out


def test_the_demo_says_whole_sums_in_a_narrow_window(run: Run) -> None:
    _, out, _ = run("demo")

    assert "charged 2823.55 BRL, credited 51.56 BRL, 72.21 BRL of it paid from balances" in out
    assert "…" not in out
    assert "129 receivables paid, 31 receivables open" in out


def test_the_demo_bills_dozens_of_customers_through_three_months_as_json(run: Run) -> None:
    code, out, _ = run("demo", "--json")

    steps = json.loads(out)["steps"]
    closings = [step for step in steps if step["do"] == "close"]
    customers = {
        entry["customer"] for step in closings for one in step["closings"] for entry in one["entries"]
    }
    assert code == 0
    assert {step["on"][:7] for step in closings} == {"2012-02", "2012-03", "2012-04"}
    assert len(customers) >= 30
    assert not any(step["unmet"] for step in steps)


def test_a_database_is_made_loaded_and_closed_by_commands(run: Run, tmp_path: Path) -> None:
    catalogue = tmp_path / "catalogue.toml"
    text = FIRST_BILL.read_text("utf-8").split("[customers")[0].split("[catalogue]\n")[1]
    catalogue.write_text(text.replace("[catalogue.", "[").replace("[[catalogue.", "[["), "utf-8")

    assert run("init")[0] == 0
    code, out, _ = run("load", catalogue)
    again = run("load", catalogue)
    closed = run("close", "--on", "2012-02-29")

    assert code == 0
    assert "plans/adsl" in out
    assert "Nothing changed." in again[1]
    assert closed[0] == 0
    assert "0 charges" in closed[1]


def test_a_bad_catalogue_lists_every_problem_with_its_line_and_changes_nothing(
    run: Run, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.toml"
    bad.write_text('currency = "BRL"\n[companies.main]\nnam = "x"\n[plans.adsl]\nname = 3\n', "utf-8")
    run("init")

    code, _, err = run("load", bad)

    assert code == 3
    assert "line 3" in err
    assert "Did you mean 'name'?" in err
    assert "plans.adsl" in err
    assert run("close", "--on", "2012-02-29")[0] == 3


def test_closing_again_issues_nothing(books: Run) -> None:
    code, out, _ = books("close", "--on", "2012-03-31", "--json")

    run = json.loads(out)
    assert code == 0
    assert (run["charges"], run["credits"]) == (0, 0)


def test_preview_shows_the_next_bill_and_saves_nothing(books: Run) -> None:
    code, out, _ = books("preview", "--on", "30/04/2012", "--customer", "1")
    again = books("preview", "--on", "2012-04-30", "--json")

    assert code == 0
    assert "200.00" in out
    assert len(json.loads(again[1])[0]["entries"]) == 2


def test_a_charge_is_explained_as_text_and_as_json(books: Run) -> None:
    name = "1:plan:remainder@main:2012-02-01:0:1"

    code, out, _ = books("explain", name)
    found = json.loads(books("explain", name, "--json")[1])

    assert code == 0
    assert "6 of 29" in out
    assert "20.69" in out
    assert found["fragments"][0]["exact_total_after"] == "60000/29"
    assert found["agrees"] is True


def test_a_charge_that_does_not_exist_ends_with_3_and_says_where_to_look(books: Run) -> None:
    code, _, err = books("explain", "1:plan:nothing")

    assert code == 3
    assert "There is no charge '1:plan:nothing'" in err


def test_errors_are_json_for_programs(books: Run) -> None:
    code, _, err = books("show", "99", "--json")

    told = json.loads(err)
    assert code == 3
    assert told["error"] == "NotFoundError"


def test_a_customer_is_shown_with_subscriptions_and_receivables(books: Run) -> None:
    code, out, _ = books("show", "1")
    found = json.loads(books("show", "1", "--json")[1])

    assert code == 0
    assert "Ana Souza" in out
    assert "10/03/2012" in out
    assert found["receivables"][0]["state"] == "open"


def test_what_is_carried_on_the_network_is_shown_without_its_secrets(run: Run) -> None:
    run("play", ROOT / "examples" / "a_home_on_the_network.toml", "--db", FILE)

    code, out, _ = run("show", "1", "--db", FILE)
    printed = run("show", "1", "--json", "--db", FILE)[1]
    facts = run("timeline", "1", "--json", "--db", FILE)[1]

    assert code == 0
    assert "    login/renata at centro, resource 1:login" in out
    internet, phone, _ = json.loads(printed)["subscriptions"]
    assert internet["state"]["components"][0]["windows"][0]["start"] == "08:00:00"
    assert phone["state"]["components"][0]["spec"]["kind"] == "onu"
    assert "correct horse" not in out + printed + facts


def test_a_timeline_shows_facts_and_the_days_that_are_owed(books: Run) -> None:
    code, out, _ = books("timeline", "2")
    found = json.loads(books("timeline", "2", "--json")[1])

    assert code == 0
    assert "02/2012  " + "·" * 23 + "░░░███  3 of 29" in out
    assert found["facts"][0]["kind"] == "Subscribed"


def test_check_finds_nothing_in_sound_books(books: Run) -> None:
    code, out, _ = books("check")

    assert code == 0
    assert "Everything follows from the facts." in out
    assert json.loads(books("check", "--json")[1]) == []


def test_check_ends_with_1_and_names_what_was_tampered_with(books: Run) -> None:
    sql_at(
        engines.url_at(FILE), "UPDATE charges SET amount = amount + 1 WHERE id LIKE '1:plan:%:2012-02-01:%'"
    )

    code, out, _ = books("check")

    assert code == 1
    assert "subscription 1" in out


@engines.sqlite_only("it is about a file that is not there")
@pytest.mark.parametrize("command", [name for name in COMMANDS if name not in WITHOUT_DATABASE])
def test_a_database_that_was_not_made_yet_is_told_how_to_make_one(
    run: Run, command: str, tmp_path: Path
) -> None:
    (tmp_path / "catalogue.toml").write_text("")
    arguments: dict[str, list[Any]] = {
        "close": ["--on", "2012-02-29"],
        "preview": ["--on", "2012-02-29"],
        "explain": ["x"],
        "show": ["1"],
        "print": ["template", "slip"],
        "slips": ["list"],
        "timeline": ["1"],
        "transfer": ["1", "2"],
        "connections": ["past"],
        "contract": ["list", "1"],
        "plan": ["1"],
        "load": ["catalogue.toml"],
        "import": ["catalogue.toml", "--system", "old"],
        "adopt": ["radius-1", "login/ana"],
        "apply": ["1"],
        "bill": ["1", "--months", "1"],
        "device": ["list"],
        "documents": ["list"],
        "login": ["password", "1"],
        "notices": ["list"],
        "onu": ["list"],
        "outbox": ["list"],
        "pay": ["parked"],
        "person": ["export", "1"],
        "cancellation": ["1"],
        "compare": ["1", "fibre"],
        "role": ["list"],
        "secrets": ["rotate"],
        "statement": ["1"],
        "tasks": ["list"],
        "do": ["suspend", "subscription=1"],
        "try": ["suspend", "subscription=1"],
        "statuses": ["--on", "2012-02-29"],
    }

    code, _, err = run(command, *arguments.get(command, []))

    assert code == 3
    assert "ispcore init" in err


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        (["plai"], "play"),
        (["close", "--on", "2012-02-30"], "not a day"),
        (["close"], "--on"),
        (["show", "ana"], "ana"),
    ],
)
def test_wrong_usage_ends_with_2_and_a_hint(run: Run, wrong: list[str], hint: str) -> None:
    code, _, err = run(*wrong)

    assert code == 2
    assert hint in err


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_has_help(run: Run, command: str) -> None:
    code, out, _ = run(command, "--help")
    _, _, commands = out.partition("Commands:\n")
    below = [line.split()[0] for line in commands.splitlines() if line.strip()]

    assert code == 0
    for name in below:
        # "secrets new-key" prints nothing but the key, "person export" nothing but JSON.
        assert "--json" in run(command, name, "--help")[1] or name in {"new-key", "export"}
    assert below or "--json" in out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shells_can_complete_commands(shell: str) -> None:
    script = "from ispcore.cli.main import main; main([])"
    environment = {**os.environ, "_ISPCORE_COMPLETE": f"{shell}_source"}

    done = subprocess.run(
        [sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=False
    )

    assert "ispcore" in done.stdout


def test_asking_for_help_loads_neither_sqlalchemy_nor_rich() -> None:
    script = (
        "import sys\n"
        "from ispcore.cli.main import ispcore\nispcore.main(['--version'], standalone_mode=False)\n"
        "print([name for name in ('sqlalchemy', 'rich', 'alembic') if name in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert done.stdout.strip().endswith("[]")


MARKUP = "x [/] y [red]R [link=http://x]L[/link] :ab: back\\\\"


def test_what_looks_like_markup_is_printed_to_the_letter(run: Run, tmp_path: Path) -> None:
    shown = MARKUP.replace("\\\\", "\\")
    text = FIRST_BILL.read_text("utf-8").replace("Plano ADSL", MARKUP).replace("Ana Souza", MARKUP)
    (tmp_path / "odd.toml").write_text(text.replace("The first bill of the manual", MARKUP), "utf-8")

    code, out, _ = run("play", "odd.toml", "--db", "odd.db")
    customer, timeline = run("show", "1", "--db", "odd.db"), run("timeline", "1", "--db", "odd.db")

    assert (code, customer[0], timeline[0]) == (0, 0, 0)
    assert out.startswith(shown)
    assert shown in customer[1]
    assert shown in timeline[1]


@pytest.mark.parametrize("command", [["play", FIRST_BILL], ["demo"]])
def test_a_scenario_is_not_played_on_a_database_that_is_in_use(books: Run, command: list[object]) -> None:
    before = books("show", "1")

    code, _, err = books(*command, "--db", FILE)

    assert code == 3
    assert "is in use" in err
    assert books("show", "1") == before


@pytest.mark.parametrize("number", [2**63, 10**22])
@pytest.mark.parametrize("command", ["show", "timeline"])
def test_a_number_that_nobody_has_is_not_found_however_long_it_is(
    books: Run, command: str, number: int
) -> None:
    code, _, err = books(command, number)

    assert code == 3
    assert f"{number}" in err


def test_wrong_usage_is_json_too_for_programs(run: Run) -> None:
    code, _, err = run("close", "--on", "31/02/2012", "--json")

    assert code == 2
    assert json.loads(err)["error"] == "UsageError"


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_day_that_nobody_can_mean_is_refused(books: Run, day: str) -> None:
    code, _, err = books("close", "--on", day)

    assert code == 2
    assert "not a day" in err


@engines.sqlite_only("a column of PostgreSQL holds values of its type only")
def test_what_nobody_foresaw_is_told_in_a_sentence(books: Run) -> None:
    sql_at(
        engines.url_at(FILE),
        "update facts set sequence = 'zzz' where subject_kind = 'subscription' and subject_id = '1'",
    )

    code, _, err = books("timeline", "1")

    assert code == 3
    assert "Traceback" not in err


def test_a_reader_who_stops_reading_is_no_finding(tmp_path: Path) -> None:
    script = "from ispcore.cli.main import main; main(['demo'])"
    pipe = subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert pipe.stdout is not None
    assert pipe.stderr is not None
    pipe.stdout.readline()
    pipe.stdout.close()

    errors = pipe.stderr.read().decode()
    pipe.stderr.close()

    assert (pipe.wait(), errors) == (0, "")


def test_a_terminal_without_the_signs_gets_others(tmp_path: Path) -> None:
    script = "from ispcore.cli.main import main; main(['demo'])"
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}

    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, check=False)

    assert (done.returncode, done.stderr) == (0, b"")
    assert b"20.69" in done.stdout


def test_a_database_without_a_name_is_refused(run: Run) -> None:
    code, _, err = run("init", "--db", "")

    assert code == 3
    assert "No database was named" in err


# --- import


@pytest.fixture
def shop(run: Run) -> Run:
    """A database with the catalogue of the documentation."""
    run("init")
    code, _, _ = run("load", ROOT / "docs" / "files" / "shop.toml", "--on", "2012-01-01")
    assert code == 0
    return run


ROWS = (
    "customer_code;name;city;subscription_id;plan;price;billed_through;charge_method;due_day\n"
    "C1;Maria;Londrina;1;adsl;95,00;29/02/2012;slip;10\n"
    "C2;João;Lodnrina;2;adsl;95,00;29/02/2012;slip;10\n"
)
DECLARED = ("--system", "old", "--decimal", "comma", "--dates", "dd/mm/yyyy")


def test_importing_names_bad_rows_and_ends_with_1(shop: Run, tmp_path: Path) -> None:
    (tmp_path / "base.csv").write_text(ROWS, "utf-8")

    dry = shop("import", "base.csv", *DECLARED, "--dry-run")
    real = shop("import", "base.csv", *DECLARED)
    again = shop("import", "base.csv", *DECLARED)

    assert [code for code, _, _ in (dry, real, again)] == [1, 1, 1]
    assert "line 3, city 'Lodnrina': No business unit serves" in dry[1]
    assert dry[1].splitlines()[-2:] == [
        "1 row would be imported, 0 there already, 1 refused.",
        "Nothing was saved.",
    ]
    assert real[1].splitlines()[-1] == "1 row imported, 0 there already, 1 refused."
    assert again[1].splitlines()[-1] == "0 rows imported, 1 there already, 1 refused."


def test_bad_rows_are_corrected_and_imported_again(shop: Run, tmp_path: Path) -> None:
    (tmp_path / "base.csv").write_text(ROWS, "utf-8")
    shop("import", "base.csv", *DECLARED, "--errors", "bad.csv")
    text = (tmp_path / "bad.csv").read_text("utf-8-sig")
    (tmp_path / "bad.csv").write_text(text.replace("João;Lodnrina", "João;Londrina"), "utf-8")

    code, out, _ = shop("import", "bad.csv", *DECLARED)

    assert (code, out) == (0, "1 row imported, 0 there already, 0 refused.\n")


def test_importing_gives_json_to_programs(shop: Run, tmp_path: Path) -> None:
    (tmp_path / "base.csv").write_text(ROWS, "utf-8")

    _, out, _ = shop("import", "base.csv", *DECLARED, "--json")

    told = json.loads(out)
    assert (told["imported"], told["there_already"], told["refused"]) == (1, 0, 1)
    assert told["problems"][0]["column"] == "city"


def test_a_file_that_is_no_base_is_refused_with_3(shop: Run, tmp_path: Path) -> None:
    (tmp_path / "base.csv").write_text("a;b\n", "utf-8")

    code, _, err = shop("import", "base.csv", "--system", "old")

    assert code == 3
    assert "It has no header" in err


def test_bad_rows_are_never_written_over_the_file_itself(shop: Run, tmp_path: Path) -> None:
    (tmp_path / "base.csv").write_text(ROWS, "utf-8")

    code, _, _ = shop("import", "base.csv", *DECLARED, "--errors", "./base.csv")

    assert code == 2
    assert (tmp_path / "base.csv").read_text("utf-8") == ROWS


def test_the_shown_problems_are_few_when_a_file_gets_them_all(shop: Run, tmp_path: Path) -> None:
    bad = "".join(f"C{n};;;;;;;;\n" for n in range(30))
    (tmp_path / "base.csv").write_text(ROWS.splitlines(keepends=True)[0] + bad, "utf-8")

    _, out, _ = shop("import", "base.csv", *DECLARED, "--errors", "bad.csv")

    assert out.splitlines()[20] == "... and 10 more problems; the file of bad rows has them all."
    assert len((tmp_path / "bad.csv").read_text("utf-8").splitlines()) == 31


# --- simulated devices

STORIES = FIRST_BILL.parent


def test_playing_tells_what_happened_on_devices(run: Run) -> None:
    code, out, _ = run("play", STORIES / "left_at_the_old_speed.toml")

    assert code == 0
    assert "+ login/ana on radius-1  kbit/s: 256/128" in out
    assert "~ login/ana on radius-1  download kbit/s: 256 → 512" in out
    assert "! login/ana on radius-1  by hand: download kbit/s: 512 → 256" in out
    assert "≠ login/ana on radius-1  drift: download kbit/s 256, not 512" in out
    assert "≠ login/office on radius-1  drift: foreign" in out
    assert "✓ login/ana on radius-1  mended: " in out
    assert "correct horse" not in out


def test_playing_tells_of_a_device_that_stops_without_any_warning_beside_it(run: Run) -> None:
    code, out, err = run("play", STORIES / "an_empty_replacement.toml")

    assert code == 0
    assert "! olt-1: chassis B answers, and is empty" in out
    assert "! olt-1 was 'olt-1 #1', and now 'chassis B' answers in its place." in out
    assert "✓ olt-1: accepted" in out
    assert err == ""


def test_playing_as_json_tells_what_happened_on_devices_and_no_secret(run: Run) -> None:
    _, out, _ = run("play", STORIES / "left_at_the_old_speed.toml", "--json")

    steps = json.loads(out)["steps"]
    found = [one for step in steps for one in step["drift"]]
    assert {"device": "radius-1", "claim": "login/office", "kind": "foreign", "fields": []} in found
    made = steps[1]["happenings"][0]
    assert (made["what"], made["claim"], made["after"]["download_kbit"]) == ("made", "login/ana", 256)
    assert "correct horse" not in out


def test_the_demo_shows_the_plan_before_the_work_and_the_drift_after(run: Run) -> None:
    _, out, _ = run("demo")

    plan = out.index("plan  login/fabio on radius-1  kbit/s: 100000/50000 → 300000/150000")
    assert "plan  onu/LNDN00000010 on olt-1  kbit/s: 100000/50000 → 300000/150000" in out
    assert out.index("done  2 writes on olt-1, radius-1, read back", plan) > plan
    assert "plan  login/joao on radius-1  access: open → refused" in out
    assert "provisioned on simulated devices: 25 logins, 11 ONUs, 7 mailboxes" in out
    assert "≠ login/fabio on radius-1  drift: kbit/s 100000/50000, not 300000/150000" in out
    assert out.index("✓ login/fabio on radius-1  mended") > out.index("≠ login/fabio")
    assert "nothing is left to do there" in out
