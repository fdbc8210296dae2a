"""Where in the tree of commands a session is: its mode, what that is about, and the prompt."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore.testing.olts.huawei.command import Mode
from ispcore.testing.olts.shell import Shell

if TYPE_CHECKING:
    from ispcore.testing.olts.console import Console
    from ispcore.testing.olts.huawei.config import HuaweiOlt, LineProfile, ServiceProfile


class Whereabouts(Shell["HuaweiOlt"]):
    """The modes that were entered, and the profile that is edited in the last of them."""

    def __init__(self, olt: HuaweiOlt, console: Console) -> None:
        """Begin as a user who may do nothing."""
        super().__init__(olt, console)
        self.modes: list[tuple[Mode, str]] = [(Mode.USER, "")]
        self.line_profile: LineProfile | None = None
        self.service_profile: ServiceProfile | None = None

    @property
    def mode(self) -> Mode:
        """The mode, of which commands depend."""
        return self.modes[-1][0]

    @property
    def about(self) -> str:
        """What the mode is about: ``0/1`` of a board, the number of a profile."""
        return self.modes[-1][1]

    @property
    def prompt(self) -> str:
        """What stands before the next command."""
        tails = {
            Mode.USER: ">",
            Mode.ENABLE: "#",
            Mode.CONFIG: "(config)#",
            Mode.GPON: f"(config-if-gpon-{self.about})#",
            Mode.LINE_PROFILE: f"(config-gpon-lineprofile-{self.about})#",
            Mode.SERVICE_PROFILE: f"(config-gpon-srvprofile-{self.about})#",
            Mode.DIAGNOSE: "(diagnose)%%",
        }
        return self.olt.name + tails[self.mode]

    def enter(self, mode: Mode, about: str = "") -> None:
        """Go one mode down."""
        self.modes.append((mode, about))

    def leave(self, *, until: Mode | None = None) -> None:
        """Go one mode up, or up to a mode; a profile that was not committed is forgotten."""
        self.line_profile = self.service_profile = None
        self.modes.pop()
        while until is not None and self.mode is not until:
            self.modes.pop()
