"""Plugins bring notifiers: named by the catalogue, imported on first need, each name brought by one."""

import pytest

from ispcore.effects import FILES, FileNotifier, FolderConfig
from ispcore.errors import PluginError
from ispcore.hooks import Plugins
from tests.hooks.distributions import HEAD, Environment

GATEWAY = f"""{HEAD}
from attrs import frozen

from ispcore.notices import NotifierSpec
from ispcore.values import SecretText


@frozen
class Config:
    token: SecretText


class Gateway:
    def __init__(self, config):
        self.config = config

    def hand_over(self, message):
        raise OSError(self.config.token.reveal())


@hookimpl
def ispcore_notifiers():
    return [NotifierSpec("NAME", "MODULE:Gateway", Config)]
"""


def gateway(name: str = "acme", module: str = "plug_acme_dist") -> str:
    return GATEWAY.replace("NAME", name).replace("MODULE", module)


def only(*names: str) -> Plugins:
    return Plugins.installed(only=names, environ={})


def test_a_plugin_brings_a_notifier_that_is_made_of_its_configuration(environment: Environment) -> None:
    environment.install("acme", gateway())

    plugins = only("acme")
    spec = plugins.notifier("acme")
    made = plugins.make_notifier("acme", "the configuration")

    assert spec.name == "acme"
    assert made.config == "the configuration"  # type: ignore[attr-defined] # of the plugin's own class


def test_files_are_ispcores_own(environment: Environment) -> None:
    environment.install("acme", gateway("files"))

    plugins = only("acme")

    assert plugins.notifier("files") is FILES
    assert isinstance(plugins.make_notifier("files", FolderConfig("out")), FileNotifier)


def test_a_notifier_that_two_plugins_bring_belongs_to_neither(environment: Environment) -> None:
    environment.install("first", gateway("sms"))
    environment.install("second", gateway("sms"))

    with pytest.raises(PluginError, match=r"notifier 'sms' is brought by several plugins"):
        only("first", "second").notifier("sms")


def test_a_notifier_that_cannot_be_made_is_told_with_its_plugin(environment: Environment) -> None:
    environment.install("acme", gateway(module="nowhere_at_all"), "1.2")

    with pytest.raises(
        PluginError, match=r"notifier 'acme' of plugin 'acme' \(acme-dist 1\.2\) cannot be made"
    ):
        only("acme").make_notifier("acme", None)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ('NotifierSpec("", "a:B", Config)', "needs a name"),
        ('NotifierSpec("acme", "a.B", Config)', "needs a factory"),
        ('NotifierSpec("acme", "a:B", dict)', "needs a frozen attrs class as config"),
    ],
)
def test_a_notifier_that_names_nothing_to_make_is_not_loaded(
    environment: Environment, wrong: str, why: str
) -> None:
    right = 'NotifierSpec("acme", "plug_acme_dist:Gateway", Config)'
    environment.install("acme", gateway().replace(right, wrong))

    (error,) = only("acme").errors()

    assert f"its notifier '{'' if 'name' in why and 'factory' not in why else 'acme'}' {why}" in str(error)
