"""Dialects of OLTs, as drivers for them would have them."""

from ispcore.transports import (
    ANY,
    Alarm,
    Dialect,
    LoginTexts,
    Mode,
    Pager,
    Question,
    Setup,
    Way,
)

HUAWEI = Dialect(
    name="Huawei SmartAX",
    modes=(
        Mode("user", ">"),
        Mode("enable", "#"),
        Mode("config", r"\(config\)#"),
        Mode("gpon", r"\(config-if-gpon-(?P<at>\d+/\d+)\)#"),
        Mode("diagnose", r"\(diagnose\)%%"),
        Mode("other", r"\([^()]*\)#"),
    ),
    ways=(
        Way("user", "enable", "enable", password="Password:"),
        Way("enable", "config", "config"),
        Way("config", "gpon", "interface gpon {at}"),
        Way("gpon", "config", "quit"),
        Way("enable", "user", "disable"),
        Way(ANY, "enable", "return"),
    ),
    login=LoginTexts(
        user=">>User name:",
        password=">>User password:",
        refused=("Username or password invalid",),
        limit=("Reenter times have reached the upper limit",),
        locked=("The IP address has been locked",),
    ),
    setup=(Setup("infoswitch cli OFF", "enable"), Setup("scroll 512", "enable")),
    pagers=(Pager("---- More ( Press 'Q' to break ) ----"),),
    questions=(
        Question(r"\{ .*<cr>.*\}:", yes="\r", no="\x03", always=True),
        Question(r"\{ [^{}]*\}:", yes="\x03", no="\x03"),
        Question(r".*\(y/n\)\s*\[[yn]\]:", yes="y\r", no="n\r"),
    ),
    alarms=(Alarm(r"\s*! \w+ (MAJOR|MINOR|CRITICAL|WARNING)", last=r"\s*--- END"), Alarm(r"\s*! ALARM")),
    errors=(r"\s*Failure:", r"\s*% "),
    busy=(r"\s*Failure: System is busy",),
    saving=(r"\s*It will take several minutes to", r"\s*The percentage of saved data on"),
    saves=("save",),
    repeat="Command:",
)

ZTE = Dialect(
    name="ZTE ZXA10",
    modes=(
        Mode("user", ">"),
        Mode("enable", "#"),
        Mode("config", r"\(config\)#"),
        Mode("interface", r"\(config-if\)#"),
        Mode("mng", r"\((config-)?gpon-onu-mng[^()]*\)#"),
        Mode("other", r"\([^()]*\)#"),
    ),
    ways=(
        Way("user", "enable", "enable", password="Password:"),
        Way("enable", "config", "configure terminal"),
        Way("config", "interface", "interface {at}"),
        Way("config", "mng", "pon-onu-mng {at}"),
        Way("interface", "config", "exit"),
        Way("mng", "config", "exit"),
        Way(ANY, "enable", "end"),
    ),
    login=LoginTexts(
        user="Username:",
        password="Password:",
        refused=("No username or bad password",),
        limit=("Too many users",),
    ),
    setup=(Setup("terminal length 0", "enable"),),
    pagers=(Pager(" --More-- "),),
    questions=(Question(r"Confirm to reboot\? \[yes/no\]:", yes="yes\r", no="no\r"),),
    errors=(r"%Error \d+", r"%Code (?!62310)\d+"),
    busy=("%Error 20289",),
    quote="",
)
