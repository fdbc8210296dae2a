"""Plugins are loaded each for itself: one that fails is named, undone, and harms nobody else."""

import subprocess
import sys

import pytest

from ispcore.errors import PluginError
from ispcore.hooks import Plugins, hookimpl
from tests.hooks.distributions import BROKEN, GOOD, HEAD, Environment, driver

STRICT = {"ISPCORE_STRICT_PLUGINS": "1"}


def only(*names: str, **environ: str) -> Plugins:
    return Plugins.installed(only=names, environ=environ)


@pytest.mark.parametrize("kind", BROKEN)
def test_a_plugin_that_fails_is_named_with_its_distribution_version_and_reason(
    environment: Environment, kind: str
) -> None:
    code, reason = BROKEN[kind]
    environment.install(kind, code, "3.1")

    (error,) = only(kind).errors()

    assert reason in str(error)
    assert f"Plugin '{kind}' ({kind}-dist 3.1) is not loaded" in str(error)
    assert (error.plugin, error.distribution, error.version) == (kind, f"{kind}-dist", "3.1")


def test_plugins_that_fail_leave_the_others_as_they_are(environment: Environment) -> None:
    environment.install("good", GOOD)
    environment.install_all({kind: code for kind, (code, _) in BROKEN.items()})

    plugins = only("good", *BROKEN)

    assert [plugin.name for plugin in plugins.loaded()] == ["good"]
    assert plugins.observers().names() == ("good",)
    assert {error.plugin for error in plugins.errors()} == set(BROKEN)


def test_nothing_of_a_plugin_that_fails_at_registration_stays(environment: Environment) -> None:
    environment.install("half-registered", BROKEN["half-registered"][0])

    plugins = only("half-registered")

    assert plugins.observers().names() == ()
    assert plugins.drivers() == {}


def test_a_plugin_is_imported_on_first_need_only(environment: Environment) -> None:
    environment.install("good", GOOD)

    plugins = only("good")
    before = "plug_good_dist" in sys.modules
    plugins.load()

    assert (before, "plug_good_dist" in sys.modules) == (False, True)


def test_a_plugin_for_another_api_is_known_unimported(environment: Environment) -> None:
    environment.install("future", GOOD, group="ispcore.v2")

    plugins = only("future")
    (report,) = [one for one in plugins.reports() if one.name == "future"]

    assert report.status == "other-api"
    assert "it is made for another API, 'ispcore.v2'" in str(report.reason)
    assert "plug_future_dist" not in sys.modules


def test_two_plugins_of_one_name_are_both_refused_and_both_named(environment: Environment) -> None:
    environment.install("acme", GOOD, "1.0", distribution="acme-one")
    environment.install("acme", GOOD, "2.0", distribution="acme-two")

    plugins = only("acme")

    assert plugins.loaded() == ()
    assert all("acme-one 1.0 and acme-two 2.0" in str(error) for error in plugins.errors())


def test_a_driver_that_two_plugins_bring_belongs_to_neither_and_both_are_named(
    environment: Environment,
) -> None:
    environment.install("first", driver("olt"), "1.0")
    environment.install("second", driver("olt"), "2.0")

    plugins = only("first", "second")

    assert plugins.drivers() == {}
    with pytest.raises(PluginError, match=r"driver 'olt'.*first-dist 1\.0.*second-dist 2\.0"):
        plugins.driver("olt")


def test_a_driver_that_is_not_there_is_told_with_what_could_not_be_loaded(environment: Environment) -> None:
    environment.install("tables", driver("radius"))
    environment.install("import-error", BROKEN["import-error"][0])

    with pytest.raises(PluginError, match="No plugin brings") as refused:
        only("tables", "import-error").driver("olt")

    assert "there is radius" in str(refused.value)
    assert "nowhere_to_be_found" in str(refused.value)


def test_a_factory_that_cannot_be_imported_is_named_with_its_plugin(environment: Environment) -> None:
    environment.install("acme", driver("olt", "nowhere_at_all:Olt"))

    with pytest.raises(PluginError, match=r"driver 'olt' of plugin 'acme' \(acme-dist 1\.2\) cannot be made"):
        only("acme").make_driver("olt")


def test_the_environment_disables_plugins_by_name_by_distribution_or_all(environment: Environment) -> None:
    environment.install_all({"good": GOOD, "other": GOOD})

    names = {
        value: [plugin.name for plugin in only("good", "other", ISPCORE_DISABLE_PLUGINS=value).loaded()]
        for value in ("good", "OTHER_dist", "good, other", "all", "")
    }

    assert names == {
        "good": ["other"],
        "OTHER_dist": ["good"],
        "good, other": [],
        "all": [],
        "": ["good", "other"],
    }


def test_a_disabled_plugin_is_not_imported_and_said_to_be_disabled(environment: Environment) -> None:
    environment.install("good", GOOD)

    plugins = only("good", ISPCORE_DISABLE_PLUGINS="good")
    (report,) = [one for one in plugins.reports() if one.name == "good"]

    assert (report.status, report.reason) == ("disabled", "ISPCORE_DISABLE_PLUGINS names it.")
    assert "plug_good_dist" not in sys.modules


def test_a_program_can_leave_plugins_out(environment: Environment) -> None:
    environment.install_all({"good": GOOD, "other": GOOD})

    plugins = Plugins.installed(only=["good", "other"], without=["other-dist"], environ={})

    assert [plugin.name for plugin in plugins.loaded()] == ["good"]


def test_a_name_that_is_disabled_and_not_installed_is_told(environment: Environment) -> None:
    (error,) = Plugins.installed(only=[], environ={"ISPCORE_DISABLE_PLUGINS": "godo"}).errors()

    assert "ISPCORE_DISABLE_PLUGINS names the plugin 'godo', which is not installed." in str(error)


def test_loaded_strictly_a_plugin_that_fails_raises(environment: Environment) -> None:
    environment.install("misspelt", BROKEN["misspelt"][0])

    with pytest.raises(PluginError, match="there is no hook"):
        only("misspelt", **STRICT).loaded()


def test_entry_points_that_cannot_be_read_are_told_of_their_distribution(environment: Environment) -> None:
    environment.install("torn", GOOD, entry="no equals sign")

    (error,) = [one for one in Plugins.installed(environ={}).errors() if one.distribution == "torn-dist"]

    assert "is not loaded" in str(error)


def test_objects_and_modules_can_be_given_and_are_loaded_strictly() -> None:
    class Misspelt:
        @hookimpl
        def ispcore_fact_recorder(self, event: object) -> None: ...

    with pytest.raises(PluginError, match=r"Plugin 'Misspelt' \(this program\)"):
        Plugins.of(Misspelt()).loaded()


def test_a_class_is_no_plugin_its_instance_is() -> None:
    class Observer:
        @hookimpl
        def ispcore_fact_recorded(self, event: object) -> None: ...

    assert [plugin.name for plugin in Plugins.of(Observer()).loaded()] == ["Observer"]
    with pytest.raises(PluginError, match="it is a class"):
        Plugins.of(Observer).loaded()


def test_two_objects_of_one_class_are_two_plugins() -> None:
    class Observer:
        @hookimpl
        def ispcore_fact_recorded(self, event: object) -> None: ...

    plugins = Plugins.of(Observer(), Observer())

    assert plugins.observers().names() == ("Observer", "Observer-2")


def test_there_are_no_plugins_unless_somebody_wants_them() -> None:
    assert Plugins.none().loaded() == ()
    assert Plugins.none().errors() == ()


def test_a_plugin_that_asks_for_plugins_while_it_is_loaded_fails_alone() -> None:
    class Greedy:
        plugins: Plugins

        @hookimpl
        def ispcore_drivers(self) -> list[object]:
            return list(self.plugins.drivers())

    class Modest:
        @hookimpl
        def ispcore_fact_recorded(self, event: object) -> None: ...

    greedy = Greedy()
    greedy.plugins = Plugins.of(greedy, Modest(), strict=False)

    (error,) = greedy.plugins.errors()

    assert "Plugins are asked for while they are loaded" in str(error)
    assert [plugin.name for plugin in greedy.plugins.loaded()] == ["Modest"]


def test_a_hook_may_take_fewer_arguments_than_there_are() -> None:
    class Brief:
        @hookimpl
        def ispcore_review_command(self, on: object) -> None: ...

    assert [plugin.name for plugin in Plugins.of(Brief()).loaded()] == ["Brief"]


def test_what_registers_may_yield_instead_of_returning_a_list(environment: Environment) -> None:
    environment.install("acme", driver("olt").replace("return [", "yield from ["))

    assert list(only("acme").drivers()) == ["olt"]


def test_a_package_whose_name_begins_like_a_hook_may_be_imported(environment: Environment) -> None:
    environment.install("good", "import json as ispcore_acme\n" + GOOD)

    assert [plugin.name for plugin in only("good").loaded()] == ["good"]


def test_the_marker_of_pluggy_itself_will_do_too(environment: Environment) -> None:
    environment.install(
        "good", GOOD.replace(HEAD, "import pluggy\nhookimpl = pluggy.HookimplMarker('ispcore')\n")
    )

    assert [plugin.name for plugin in only("good").loaded()] == ["good"]


def test_a_provider_without_plugins_never_imports_pluggy() -> None:
    opens = "Provider.open('sqlite://').close_database()"
    code = f"import sys; from ispcore import Provider; {opens}; print(*sys.modules)"

    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert "pluggy" not in ran.stdout.split()


def test_importing_the_marker_imports_neither_pluggy_nor_any_chapter() -> None:
    code = "import sys; from ispcore.hooks import hookimpl; print(*sorted(sys.modules))"

    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()

    assert [name for name in loaded if name.startswith("ispcore")] == ["ispcore", "ispcore.hooks"]
    assert not {"pluggy", "attr", "sqlalchemy", "importlib.metadata"} & set(loaded)
