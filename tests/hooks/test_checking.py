"""``plugins check`` says every reason why a plugin is not loaded, even if it hangs or ends its process."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ispcore.cli.main import main
from ispcore.errors import NotFoundError
from ispcore.hooks.checking import Checked, check_plugin
from ispcore.hooks.probe import probe
from tests.hooks.distributions import BROKEN, DIES, GOOD, HANGS, HEAD, Environment, driver

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Call the command line in a folder of its own, and return its exit code, output and errors."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")

    def call(*args: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stop:
            main([str(arg) for arg in args])
        out = capsys.readouterr()
        return int(stop.value.code or 0), out.out, out.err

    return call


def checked(name: str, limit_seconds: float = 20) -> Checked:
    (found,) = check_plugin(name, limit_seconds=limit_seconds)
    return found


@pytest.mark.parametrize("kind", BROKEN)
def test_what_a_check_starts_says_why_a_plugin_is_not_loaded(
    environment: Environment, tmp_path: Path, kind: str
) -> None:
    code, reason = BROKEN[kind]
    environment.install(kind, code)

    probe(kind, f"{kind}-dist", tmp_path / "result.json")

    told = json.loads((tmp_path / "result.json").read_text("utf-8"))
    assert (told["stage"], len(told["problems"])) == ("done", 1)
    assert reason in told["problems"][0]


def test_a_check_says_why_a_plugin_is_not_loaded(environment: Environment) -> None:
    code, reason = BROKEN["system-exit"]
    environment.install("system-exit", code)

    found = checked("system-exit")

    assert (len(found.problems), found.value) == (1, "plug_system_exit_dist")
    assert reason in found.problems[0]


def test_a_check_of_a_plugin_that_is_well_says_what_it_brings(environment: Environment) -> None:
    environment.install("tables", driver("tabular"))

    found = checked("tables")

    assert (found.problems, found.hooks, found.drivers) == ((), ("ispcore_drivers",), ("tabular",))


def test_a_check_says_where_a_plugin_hangs(environment: Environment) -> None:
    environment.install("hangs", HANGS)

    (problem,) = checked("hangs", limit_seconds=1).problems

    assert "it hangs (loading) in " in problem
    assert "plug_hangs_dist.py, line 3" in problem


def test_a_check_survives_a_plugin_that_ends_its_process(environment: Environment) -> None:
    environment.install("dies", DIES)

    (problem,) = checked("dies").problems

    assert "it ended the whole process with code 7 (loading)" in problem


def test_a_check_makes_each_driver(environment: Environment) -> None:
    environment.install("acme", driver("olt", "nowhere_at_all:Olt"))

    (problem,) = checked("acme").problems

    assert "The driver 'olt' of plugin 'acme' (acme-dist 1.2) cannot be made" in problem


def test_a_check_finds_that_another_plugin_brings_the_same_driver(environment: Environment) -> None:
    environment.install_all({"first": driver("olt"), "second": driver("olt")})

    (problem,) = checked("first").problems

    assert "brought by several plugins: 'first' (first-dist 1.2) and 'second' (second-dist 1.2)" in problem


def test_a_check_says_several_reasons_at_once(
    environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISPCORE_DISABLE_PLUGINS", "acme")
    environment.install("acme", BROKEN["misspelt"][0], distribution="acme-one")
    environment.install("acme", GOOD, distribution="acme-two")

    problems = next(one for one in check_plugin("acme") if one.distribution == "acme-one").problems

    assert ["disabled" in problems[0], "acme-two 1.2 brings" in problems[1], "no hook" in problems[2]] == [
        True
    ] * 3


def test_a_check_of_a_plugin_for_another_api_does_not_import_it(environment: Environment) -> None:
    environment.install("future", DIES, group="ispcore.v2")

    (problem,) = checked("future").problems

    assert "it is made for another API, 'ispcore.v2'; this is 'ispcore.v1'" in problem


def test_a_check_of_what_is_not_installed_names_the_nearest(environment: Environment) -> None:
    environment.install("radius", GOOD)

    with pytest.raises(NotFoundError, match="radius"):
        check_plugin("radios")


# --- the command line


def test_the_list_tells_what_became_of_each_plugin(environment: Environment, run: Run) -> None:
    environment.install("good", GOOD)
    environment.install("misspelt", BROKEN["misspelt"][0])
    environment.install("future", GOOD, group="ispcore.v2")

    code, out, _ = run("plugins", "list")
    _, as_json, _ = run("plugins", "list", "--json")

    assert code == 0
    assert "good-dist 1.2" in out
    assert "fact_recorded" in out
    status = {one["name"]: one["status"] for one in json.loads(as_json)}
    assert status | {"good": "loaded", "misspelt": "failed", "future": "other-api"} == status


def test_info_tells_what_a_plugin_brings(environment: Environment, run: Run) -> None:
    environment.install("tables", driver("radius"), "2.0")

    code, out, _ = run("plugins", "info", "tables")

    assert (code, out.splitlines()) == (
        0,
        ["tables: tables-dist 2.0, loaded", "  hook    ispcore_drivers", "  driver  radius"],
    )


def test_a_check_that_finds_something_ends_with_1(environment: Environment, run: Run) -> None:
    environment.install_all({"good": GOOD, "misspelt": BROKEN["misspelt"][0]})

    well, told, _ = run("plugins", "check", "good")
    ill, out, _ = run("plugins", "check", "misspelt", "--json")

    assert (well, "It is loaded: 1 hook, 0 drivers." in told) == (0, True)
    assert (ill, "no hook" in json.loads(out)[0]["problems"][0]) == (1, True)


def test_a_doctor_shows_each_plugin_that_fails_and_ends_with_1(environment: Environment, run: Run) -> None:
    environment.install_all({kind: code for kind, (code, _) in BROKEN.items()})
    environment.install_all({"first": driver("olt"), "second": driver("olt")})
    run("init")

    code, out, _ = run("doctor", "--json")

    found = {finding["subject"]: finding["message"] for finding in json.loads(out)}
    assert code == 1
    assert all(reason in found[f"plugin {kind}"] for kind, (_, reason) in BROKEN.items())
    assert "brought by several plugins" in found["plugin first"]


def test_a_doctor_who_finds_nothing_ends_with_0(environment: Environment, run: Run) -> None:
    environment.install("good", GOOD)
    run("init")

    code, out, _ = run("doctor")

    assert (code, "All is well" in out) == (0, True)


def test_without_a_database_a_doctor_still_looks_after_the_plugins(
    environment: Environment, run: Run
) -> None:
    environment.install("misspelt", BROKEN["misspelt"][0])

    code, out, _ = run("doctor", "--db", "nowhere.db", "--json")

    assert code == 1
    assert [finding["rule"] for finding in json.loads(out)] == ["database", "plugin"]


def test_a_doctor_runs_each_plugins_own_checks_and_one_that_fails_is_a_finding(
    environment: Environment, run: Run
) -> None:
    environment.install(
        "acme",
        HEAD
        + """
from ispcore.hooks import HealthCheck

def broken():
    raise RuntimeError("no line")

@hookimpl
def ispcore_health_checks():
    return [HealthCheck("broken", broken), HealthCheck("licence", lambda: ["It ends tomorrow."])]
""",
    )
    run("init")

    code, out, _ = run("doctor")

    assert code == 1
    assert "plugin acme: The check failed: RuntimeError: no line" in out
    assert "plugin acme: It ends tomorrow. [licence]" in out


COMMAND = (
    HEAD
    + """
import click
from ispcore.hooks import CommandSpec

@hookimpl
def ispcore_commands():
    return [
        CommandSpec("acme-sync", "plug_acme_dist:sync", "Fetch the stock."),
        CommandSpec("acme-lost", "plug_acme_dist:lost", "Is not there."),
        CommandSpec("check", "plug_acme_dist:sync", "Would hide ispcore's own."),
    ]

@click.command()
@click.argument("what")
def sync(what):
    click.echo(f"fetched {what}")
"""
)


def test_a_plugin_adds_commands_and_hides_none(environment: Environment, run: Run) -> None:
    environment.install("acme", COMMAND)

    assert run("acme-sync", "ONUs") == (0, "fetched ONUs\n", "")
    assert "Fetch the stock." in run("--help")[1]
    assert "Compute everything again" in run("check", "--help")[1]


def test_a_command_that_cannot_be_imported_is_named_with_its_plugin(
    environment: Environment, run: Run
) -> None:
    environment.install("acme", COMMAND)

    code, _, err = run("acme-lost")

    assert code == 3
    assert "The command 'acme-lost' of plugin 'acme' (acme-dist 1.2) cannot be called" in err


def test_broken_plugins_break_no_command(environment: Environment, run: Run) -> None:
    environment.install_all({kind: code for kind, (code, _) in BROKEN.items()})

    assert [run(*args)[0] for args in (["init"], ["check"], ["--help"])] == [0, 0, 0]
    assert run("no-such-command")[0] == 2


def test_delivering_tells_the_observers_of_installed_plugins(environment: Environment, run: Run) -> None:
    environment.install("crm", HEAD + "@hookimpl\ndef ispcore_fact_recorded(event): print(event.type)\n")
    catalogue = Path(__file__).parents[2] / "docs" / "files" / "shop.toml"
    run("init")
    run("load", catalogue)

    code, out, _ = run("deliver", "--most", "2")

    assert code == 0
    assert out.splitlines() == ["EntrySaved", "EntrySaved", "2 events told, 0 to be tried again, 0 given up."]


def test_an_observer_that_hangs_ends_the_process_that_delivers(
    environment: Environment, run: Run, tmp_path: Path
) -> None:
    import os
    import subprocess
    import sys

    environment.install(
        "crm", HEAD + "import time\n@hookimpl\ndef ispcore_fact_recorded(event): time.sleep(600)\n"
    )
    run("init")
    run("load", Path(__file__).parents[2] / "docs" / "files" / "shop.toml")

    ended = subprocess.run(
        [sys.executable, "-c", "from ispcore.cli.main import main; main()", "deliver", "--kill-after", "3"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.returncode == 1
    assert "plug_crm_dist.py" in ended.stderr
    assert json.loads(run("doctor", "--json")[1]) == []


def test_a_policy_is_named_and_released_from_the_command_line(environment: Environment, run: Run) -> None:
    policy = HEAD + "@hookimpl\ndef ispcore_review_command(command): ...\n"
    environment.install("frugal", policy)
    run("init")

    named = run("plugins", "guard", "frugal")[0]
    (environment.folder / "plug_frugal_dist.py").write_text("raise RuntimeError('no more')")
    import sys

    del sys.modules["plug_frugal_dist"]
    ill = {finding["rule"] for finding in json.loads(run("doctor", "--json")[1])}
    released = run("plugins", "release", "frugal")[0]

    assert (named, ill, released) == (0, {"plugin", "policy"}, 0)


def test_a_new_plugin_is_written_once(run: Run) -> None:
    assert run("plugins", "new", "acme")[0] == 0

    code, _, err = run("plugins", "new", "acme")

    assert (code, "is there already" in err) == (3, True)


@pytest.mark.parametrize(
    ("over", "module"), [("file", "wire.py"), ("database", "tables.py"), ("terminal", "dialect.py")]
)
def test_a_new_plugin_begins_over_what_was_chosen(run: Run, over: str, module: str) -> None:
    code, out, _ = run("plugins", "new", "acme", "--over", over, "--json")

    assert code == 0
    assert module in {path.name for path in Path(json.loads(out)["folder"]).rglob("*.py")}


def test_a_new_plugin_over_something_else_is_refused(run: Run, tmp_path: Path) -> None:
    code, _, err = run("plugins", "new", "acme", "--over", "carrier-pigeon")

    assert (code, "'file', 'database', 'terminal'" in err) == (2, True)
    assert list(tmp_path.iterdir()) == []
