"""Run the examples of the README and of docs/ as tests.

Each page is one program: its examples share a namespace and start in a folder of their own, which holds the
files of docs/files. Put `<!-- skip: next -->` before an example that cannot run.

- Python runs, and what follows a `>>>` line is compared. A block that begins with `# NAME.py` is written to a
  file instead. `missing("django")` tells whether a package is absent, for skips; under tox none may be.
- TOML is parsed, and kept in the list `toml_blocks`.
- In a console block, lines that begin with `$ ispcore` are run, and what they print is compared. Where a
  command ends with another code than 0, the line `[exit CODE]` follows.
"""

import io
import os
import re
import shlex
import shutil
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, chdir, redirect_stderr, redirect_stdout
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from sybil import Document, Example, Region, Sybil
from sybil.parsers.myst import CodeBlockParser, PythonCodeBlockParser, SkipParser

from tests.measured import pytest_runtest_protocol

__all__ = ["pytest_runtest_protocol"]

_LEAVE = "_leave_folder"
_TOML_BLOCKS = "toml_blocks"
_FILES = Path(__file__).resolve().parent / "docs" / "files"
_COMMAND = "$ ispcore "
_FILE = re.compile(r"# ([\w/]+\.py)\n")


def _enter_folder(namespace: dict[str, Any]) -> None:
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(prefix="ispcore-docs-", ignore_cleanup_errors=True))
        shutil.copytree(_FILES, folder, dirs_exist_ok=True)
        stack.enter_context(chdir(folder))
        namespace[_TOML_BLOCKS] = []
        namespace["missing"] = _missing
        namespace[_LEAVE] = stack.pop_all()


def _leave_folder(namespace: dict[str, Any]) -> None:
    namespace[_LEAVE].close()


def _missing(package: str) -> bool:
    return "TOX_ENV_NAME" not in os.environ and find_spec(package) is None


def _python_blocks(document: Document) -> Iterator[Region]:
    for region in PythonCodeBlockParser()(document):
        if _FILE.match(str(region.parsed)):
            region.evaluator = _write_file
        yield region


def _write_file(example: Example) -> None:
    path = Path(_FILE.match(str(example.parsed)).group(1))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(str(example.parsed), "utf-8")


def _keep_toml(example: Example) -> None:
    tomllib.loads(example.parsed)
    example.namespace[_TOML_BLOCKS].append(str(example.parsed))


def _run_console(example: Example) -> str | None:
    """Return how the output differs from what stands in the block; None when it does not."""
    shown = str(example.parsed).strip("\n").split("\n")
    commands = [line for line in shown if line.startswith(_COMMAND)]
    if not commands:
        return None
    printed = [line for command in commands for line in (command, *_printed_by(command))]
    if [line.rstrip() for line in shown] == [line.rstrip() for line in printed]:
        return None
    return "It prints:\n" + "\n".join(printed)


def _printed_by(command: str) -> list[str]:
    from ispcore.cli.main import main  # noqa: PLC0415 - needs the extra `cli`, and few pages need it

    with (
        io.StringIO() as output,
        redirect_stdout(output),
        redirect_stderr(output),
        patch.dict("os.environ", {"COLUMNS": "100", "NO_COLOR": "1"}),
    ):
        try:
            main(shlex.split(command.removeprefix(_COMMAND)))
        except SystemExit as stop:
            code = stop.code
        lines = output.getvalue().rstrip("\n").split("\n") if output.getvalue() else []
    return [*lines, f"[exit {code}]"] if code else lines


# The driver kit, which drivers of this repository are put to.
pytest_plugins = ["ispcore.testing.pytest"]

pytest_collect_file = Sybil(
    parsers=[
        _python_blocks,
        CodeBlockParser(language="toml", evaluator=_keep_toml),
        CodeBlockParser(language="console", evaluator=_run_console),
        SkipParser(),
    ],
    patterns=["README.md", "docs/*.md", "docs/*/*.md"],
    setup=_enter_folder,
    teardown=_leave_folder,
).pytest()
