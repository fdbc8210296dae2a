"""Distributions as pip would install them, and one plugin for each way in which a plugin can fail."""

import importlib
from pathlib import Path
from textwrap import dedent

from attrs import frozen

GROUP = "ispcore.v1"


@frozen
class Environment:
    """Where distributions are installed."""

    folder: Path

    def install(self, name: str, code: str, version: str = "1.2", **more: str) -> None:
        """Install the distribution ``NAME-dist``, which brings the plugin *name* as a module."""
        group, distribution = more.get("group", GROUP), more.get("distribution", f"{name}-dist")
        module = f"plug_{distribution}".replace("-", "_")
        (self.folder / f"{module}.py").write_text(dedent(code), "utf-8")
        info = self.folder / f"{distribution.replace('-', '_')}-{version}.dist-info"
        info.mkdir()
        (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: {version}\n")
        entry = more.get("entry", f"{name} = {module}")
        (info / "entry_points.txt").write_text(f"[{group}]\n{entry}\n")
        importlib.invalidate_caches()

    def install_all(self, plugins: dict[str, str]) -> None:
        """Install each plugin by its name."""
        for name, code in plugins.items():
            self.install(name, code)


HEAD = "from ispcore.hooks import hookimpl\n"

GOOD = (
    HEAD
    + """
TOLD = []

@hookimpl
def ispcore_fact_recorded(event):
    TOLD.append(event)
"""
)

HANGS = HEAD + "import time\ntime.sleep(600)\n"
"""Never comes back from its import; only a process of its own may load it."""

DIES = HEAD + "import os\nos._exit(7)\n"
"""Takes the process with it."""

WRAPPER = """
import pluggy

@pluggy.HookimplMarker('ispcore')(wrapper=True)
def ispcore_drivers():
    return (yield)
"""

BROKEN: dict[str, tuple[str, str]] = {
    "import-error": (HEAD + "import nowhere_to_be_found\n", "No module named 'nowhere_to_be_found'"),
    "syntax-error": (HEAD + "def f(:\n", "SyntaxError"),
    "system-exit": (HEAD + "raise SystemExit('no licence')\n", "SystemExit: no licence"),
    "no-hooks": (HEAD + "x = 1\n", "it has none"),
    "misspelt": (
        HEAD + "@hookimpl\ndef ispcore_fact_recorder(event): ...\n",
        "there is no hook 'ispcore_fact_recorder'. Did you mean 'ispcore_fact_recorded'?",
    ),
    "unmarked": (
        HEAD + "def ispcore_fact_recorded(event): ...\n",
        "'ispcore_fact_recorded' is not marked. Put @hookimpl over it.",
    ),
    "wrong-arguments": (
        HEAD + "@hookimpl\ndef ispcore_fact_recorded(evnt): ...\n",
        "Argument(s) {'evnt'}",
    ),
    "half-registered": (
        HEAD
        + "@hookimpl\ndef ispcore_fact_recorded(event): raise AssertionError\n"
        + "@hookimpl\ndef ispcore_drivers(): raise RuntimeError('no stock')\n",
        "ispcore_drivers failed: RuntimeError: no stock",
    ),
    "wrong-type": (
        HEAD + "@hookimpl\ndef ispcore_drivers(): return ['olt']\n",
        "ispcore_drivers returned str where DriverSpec belongs",
    ),
    "no-sequence": (
        HEAD + "@hookimpl\ndef ispcore_health_checks(): return 3\n",
        "ispcore_health_checks returned no sequence of HealthCheck",
    ),
    "bad-driver": (
        HEAD
        + "from ispcore.driver import DriverSpec\n"
        + "@hookimpl\ndef ispcore_drivers(): return [DriverSpec('olt', 'olt', object, {})]\n",
        "its driver 'olt' needs a factory written 'package.module:Class'",
    ),
    "no-function": (
        HEAD + "class Told:\n    def __call__(self, event): ...\nispcore_fact_recorded = Told()\n",
        "'ispcore_fact_recorded' is no function",
    ),
    "asynchronous": (
        HEAD + "@hookimpl\nasync def ispcore_fact_recorded(event): ...\n",
        "'ispcore_fact_recorded' is asynchronous",
    ),
    "generator": (
        HEAD + "@hookimpl\ndef ispcore_review_command(command): yield\n",
        "'ispcore_review_command' is a generator",
    ),
    "wrapper": (
        WRAPPER,
        "'ispcore_drivers' has the option 'wrapper'",
    ),
}
"""Plugins that cannot be loaded, each with what must be said of it."""


def driver(name: str, factory: str = "json:JSONDecoder") -> str:
    """Return the code of a plugin that brings a driver."""
    return (
        HEAD
        + f"""
from attrs import frozen
from ispcore.driver import DriverSpec

@frozen
class Config:
    host: str

@hookimpl
def ispcore_drivers():
    return [DriverSpec({name!r}, {factory!r}, Config, {{}})]
"""
    )
