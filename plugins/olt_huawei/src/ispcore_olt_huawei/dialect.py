"""What Huawei SmartAX OLTs say and want to hear."""

from __future__ import annotations

from typing import Final

from ispcore.transports import Alarm, Dialect, LoginTexts, Mode, Pager, Place, Question, Setup, Way

CONFIG: Final = "config"
GPON: Final = "gpon"

HUAWEI: Final = Dialect(
    name="Huawei OLT",
    modes=(
        Mode("user", ">"),
        Mode("enable", "#"),
        Mode(CONFIG, r"\(config\)#"),
        Mode(GPON, r"\(config-if-gpon-(?P<at>\d+/\d+)\)#"),
        Mode("deeper", r"\([\w./-]+\)[#%]{1,2}"),
    ),
    ways=(
        Way("user", "enable", "enable", r"\s*(?:>>)?(?:User )?[Pp]assword:\s*"),
        Way("enable", CONFIG, "config"),
        Way(CONFIG, GPON, "interface gpon {at}"),
        Way(GPON, CONFIG, "quit"),
        Way("deeper", "enable", "return"),
    ),
    login=LoginTexts(
        user=r">>User name:\s*",
        password=r">>User password:\s*",  # noqa: S106 - how the OLT asks for one
        refused=(r"Username or password invalid",),
        limit=(r"Reenter times have reached the upper limit",),
        locked=(r"The IP address has been locked",),
    ),
    # A command that is not complete is not asked about, nothing is confirmed, pages are long, alarms off.
    setup=(
        Setup("undo smart", "enable"),
        Setup("undo interactive", "enable"),
        Setup("scroll 512", "enable"),
        Setup("infoswitch cli OFF", "enable"),
    ),
    pagers=(Pager("---- More ( Press 'Q' to break ) ----"),),
    questions=(
        Question(r"\s*\{ .*\}:", yes="\r", no="\r", always=True),
        Question(r".*\(y/n\)\[n\]:", yes="y\r", no="n\r"),
    ),
    alarms=(Alarm(r"\s*! [A-Z][A-Z ]+\b.*", r"\s*--- END.*"),),
    errors=(r"\s*Failure:", r"\s*% "),
    busy=(r"\s*Failure: System is busy",),
    saving=(r"\s*It will take several minutes to", r"\s*The percentage of saved data on"),
    saves=(r"save\b",),
    repeat="Command:",
)


def board(at: str) -> Place:
    """Return the mode of the commands of a board, ``"0/1"``."""
    return Place(GPON, at)
