"""Run the Python examples of the README and of docs/ as tests.

Each page is one program: its examples share a namespace and start in a
folder of their own, which holds the files of docs/files. Put
`<!-- skip: next -->` before an example that cannot run.
"""

import shutil
from contextlib import ExitStack, chdir
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sybil import Sybil
from sybil.parsers.myst import PythonCodeBlockParser, SkipParser

_LEAVE = "_leave_folder"
_FILES = Path(__file__).resolve().parent / "docs" / "files"


def _enter_folder(namespace: dict[str, Any]) -> None:
    with ExitStack() as stack:
        folder = stack.enter_context(TemporaryDirectory(prefix="ispcore-docs-", ignore_cleanup_errors=True))
        shutil.copytree(_FILES, folder, dirs_exist_ok=True)
        stack.enter_context(chdir(folder))
        namespace[_LEAVE] = stack.pop_all()


def _leave_folder(namespace: dict[str, Any]) -> None:
    namespace[_LEAVE].close()


pytest_collect_file = Sybil(
    parsers=[PythonCodeBlockParser(), SkipParser()],
    patterns=["README.md", "docs/*.md", "docs/*/*.md"],
    setup=_enter_folder,
    teardown=_leave_folder,
).pytest()
