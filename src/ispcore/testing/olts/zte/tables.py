"""Every command that a ZTE OLT knows."""

from typing import Final

from ispcore.testing.olts.zte.mng import MNG_COMMANDS
from ispcore.testing.olts.zte.onus import ONUS
from ispcore.testing.olts.zte.profiles import PROFILES
from ispcore.testing.olts.zte.running import RUNNING
from ispcore.testing.olts.zte.show import SHOW
from ispcore.testing.olts.zte.system import SYSTEM

COMMANDS: Final = (*MNG_COMMANDS, *SYSTEM, *ONUS, *PROFILES, *RUNNING, *SHOW)
