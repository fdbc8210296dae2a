"""The reference page says of each hook what its specification says, and its examples are plugins."""

import inspect
from pathlib import Path
from types import ModuleType

import pytest

from ispcore.hooks import Plugins, specs
from ispcore.hooks.reference import _parts, render

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "hooks.md"
STATED = ["Phase", "May block", "Effect of raising", "Delivery", "Since"]
AGAIN = "Write it anew: python -m ispcore.hooks.reference > docs/reference/hooks.md"


def section(page: str, hook: str) -> str:
    return page.partition(f"\n### {hook}\n")[2].partition("\n##")[0]


@pytest.mark.parametrize("hook", specs.FAMILIES)
def test_the_page_has_what_the_specification_of_the_hook_says(hook: str) -> None:
    written = section(PAGE.read_text("utf-8"), hook)

    assert written.strip() == section(render(), hook).strip(), AGAIN
    assert written.strip()


def test_the_whole_page_is_what_the_specifications_make() -> None:
    assert PAGE.read_text("utf-8") == render(), AGAIN


@pytest.mark.parametrize("hook", specs.FAMILIES)
def test_each_hook_states_everything_that_an_author_must_know(hook: str) -> None:
    first, rest, stated, example = _parts(getattr(specs, hook))

    assert list(stated) == STATED
    assert all((first, rest, example, *stated.values()))


@pytest.mark.parametrize("hook", specs.FAMILIES)
def test_the_example_of_a_hook_is_a_plugin_that_is_loaded(hook: str) -> None:
    module = ModuleType("example")
    exec(_parts(getattr(specs, hook))[3], vars(module))

    (plugin,) = Plugins.of(module).loaded()

    assert list(plugin.hooks) == [hook]


def test_every_specification_belongs_to_a_family_and_every_family_has_hooks() -> None:
    written = [
        name for name, one in vars(specs).items() if inspect.isfunction(one) and name.startswith("ispcore_")
    ]

    assert sorted(written) == sorted(specs.FAMILIES)
    assert set(specs.FAMILIES.values()) == {"registration", "policy", "observer"}
