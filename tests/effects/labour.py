"""What the processes of a supervisor do in tests: they write down that they began, and work or hang."""

import os
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event

from attrs import frozen


@frozen
class Marking:
    folder: str
    hangs: bool = False

    def __call__(self, stop: Event, watch: Callable[[float | None], object]) -> None:
        Path(self.folder, str(os.getpid())).touch()
        if self.hangs:
            watch(0.1)
            time.sleep(600)
        stop.wait(600)
        Path(self.folder, f"{os.getpid()}-ended").touch()
