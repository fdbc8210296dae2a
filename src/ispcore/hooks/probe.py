"""Load one plugin in a process of its own, and write down what came of it: what ``plugins check`` starts.

``python -m ispcore.hooks.probe NAME DISTRIBUTION SECONDS FILE``. After the seconds, the process shows where
it stands and ends, even if it hangs. The file is written anew at each stage, so that it tells the last one.
"""

from __future__ import annotations

import faulthandler
import json
import sys
from pathlib import Path
from typing import Any

from ispcore.errors import PluginError
from ispcore.hooks.entries import GROUP, installed
from ispcore.hooks.plugins import Plugins
from ispcore.hooks.selection import Selection


def probe(name: str, distribution: str, result: Path) -> None:
    """Load the plugin alone, then what it names, then beside all others."""
    mine = [one for one in installed() if one.name == name and one.distribution == distribution]
    told: dict[str, Any] = {"stage": "loading", "problems": [], "hooks": [], "drivers": []}
    _write(result, told)
    plugins = Plugins(lambda: mine, Selection())
    told["problems"] = [str(error) for error in plugins.errors()]
    for report in plugins.reports():
        told["hooks"], told["drivers"] = list(report.hooks), list(report.drivers)
    told["stage"] = "its drivers' factories"
    _write(result, told)
    for driver in told["drivers"]:
        try:
            plugins.make_driver(driver)
        except PluginError as error:
            told["problems"].append(str(error))
    told["stage"] = "the other plugins"
    _write(result, told)
    others = Plugins(lambda: [one for one in installed() if one.group == GROUP], Selection())
    clashes = [str(error) for error in others.errors() if "several plugins" in str(error)]
    told["problems"] += [text for text in clashes if f"{name!r} (" in text]
    told["stage"] = "done"
    _write(result, told)


def _write(result: Path, told: dict[str, Any]) -> None:
    result.write_text(json.dumps(told), "utf-8")


if __name__ == "__main__":
    faulthandler.dump_traceback_later(float(sys.argv[3]), exit=True)
    probe(sys.argv[1], sys.argv[2], Path(sys.argv[4]))
