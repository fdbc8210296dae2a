"""Calling the command line as a process would, in this one."""

from collections.abc import Sequence

import pytest

from ispcore.cli.main import main


def exit_code(args: Sequence[str]) -> int:
    """Call the command line with *args*, and return the code that it ends with."""
    with pytest.raises(SystemExit) as stop:
        main(list(args))
    code = stop.value.code
    return code if isinstance(code, int) else 0
