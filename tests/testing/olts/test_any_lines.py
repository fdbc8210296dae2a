"""Whatever is typed, a simulated OLT answers, and comes back with its prompt."""

from __future__ import annotations

import re
from collections.abc import Iterable

from hypothesis import given, settings
from hypothesis import strategies as st

from ispcore.testing.olts import (
    C300,
    C600,
    R015,
    R017,
    HuaweiFirmware,
    HuaweiOlt,
    ZteFamily,
    ZteOlt,
    simulated_olt,
)
from ispcore.testing.olts.huawei.tables import COMMANDS as HUAWEI
from ispcore.testing.olts.zte.tables import COMMANDS as ZTE
from tests.testing.olts.terminal import PROMPT, Terminal, terminal

VALUE = re.compile(r"<(?:[\w-]+:)?([\w/-]+)>")
ENDS = re.compile(f"{PROMPT.pattern}|" + r"(?:Password:|\[yes/no\]:|\(y/n\)\[n\]:)$")
PAGING = ("scroll", "mmi-mode", "terminal length")
LEFT_OUT = ("quit", "exit", "end", "return", "disable", "reboot system", "save", "write", "smart", *PAGING)
SERIALS = ("48575443000000A1", "HWTC000000A2", "ZTEG000000A3")
SAMPLES = {
    "frame/slot": ("0/1", "0/7"),
    "frame/slot/port": ("0/1/3", "0/9/3"),
    "frame": ("0",),
    "slot": ("1", "9"),
    "port": ("3", "4"),
    "ont": ("1", "2", "127"),
    "sn": SERIALS,
    "vlan": ("100", "4000"),
    "user-vlan": ("100", "untagged"),
    "priority": ("0",),
    "eth": ("1", "eth_0/1", "eth_0/9"),
    "index": ("0", "1", "10"),
    "profile": ("1", "10", "11"),
    "ip": ("192.0.2.1",),
    "rate": ("1024", "512"),
    "number": ("1", "512"),
    "id": ("1", "2"),
    "olt": ("gpon-olt_1/1/3", "gpon_olt-1/1/3", "gpon-olt_1/9/3"),
    "onu": ("gpon-onu_1/1/3:1", "gpon_onu-1/1/3:1", "gpon_onu-1/1/3:9"),
    "vport": ("vport-1/1/3.1:1", "vport-1/1/3.9:1"),
    "wifi": ("wifi_0/1", "wifi_0/5"),
    "key": ("long-enough",),
}
NAMES = ("F670L", "UP-100M", "DOWN-100M", "internet", "fixed", "new")


@st.composite
def lines(draw: st.DrawFn, patterns: Iterable[str]) -> str:
    """A line that a pattern takes, mostly; what its values name may be there or not."""
    pattern = draw(st.sampled_from(sorted(set(patterns))))
    while "[" in pattern:
        pattern = re.sub(
            r"\[([^\[\]]*)\]", lambda option: option[1] if draw(st.booleans()) else "", pattern, count=1
        )
    return VALUE.sub(lambda value: draw(st.sampled_from(SAMPLES.get(value[1], NAMES))), pattern)


def patterns(commands: Iterable[object]) -> list[str]:
    found = [str(getattr(command, "pattern", "")) for command in commands]
    return [pattern for pattern in found if not pattern.startswith(LEFT_OUT)]


def talk(one: Terminal, asked: Iterable[str]) -> None:
    for line in asked:
        told = one.ask(line, ENDS)
        while not PROMPT.search(told):
            told = one.ask("yes", ENDS)


@settings(deadline=None, max_examples=15)
@given(firmware=st.sampled_from([R015, R017]), asked=st.lists(lines(patterns(HUAWEI)), max_size=40))
def test_a_huawei_olt_answers_any_lines(firmware: HuaweiFirmware, asked: list[str]) -> None:
    olt = HuaweiOlt(name="OLT", firmware=firmware)
    olt.plug(SERIALS[0], "0/1/3")
    olt.put(SERIALS[1], "0/1/3", 1)
    with simulated_olt(olt, ssh_port=None, telnet_port=0) as server, terminal(server) as one:
        one.signs_in().goes("undo smart", "enable", "config", "mmi-mode enable")
        where = ("interface gpon 0/1", *(f"ont-{kind}profile gpon profile-id 11" for kind in ("line", "srv")))
        for step in asked:
            talk(one, ["return", "config", step])
            talk(one, [line for mode in where for line in ("return", "config", mode, step)])


@settings(deadline=None, max_examples=15)
@given(family=st.sampled_from([C300, C600]), asked=st.lists(lines(patterns(ZTE)), max_size=40))
def test_a_zte_olt_answers_any_lines(family: ZteFamily, asked: list[str]) -> None:
    olt = ZteOlt(name="OLT", family=family)
    olt.plug(SERIALS[0], "1/1/3")
    olt.put(SERIALS[1], "1/1/3", 1, type="F670L", tconts={1: "UP-100M"})
    with simulated_olt(olt, ssh_port=None, telnet_port=0) as server, terminal(server) as one:
        one.until("Username:")
        one.ask("zte", "Password:")
        one.ask("olt12345")
        one.goes("terminal length 0", "configure terminal")
        olt_port, onu = f"{family.olt}1/1/3", f"{family.onu}1/1/3:1"
        where = (f"interface {olt_port}", f"interface {onu}", f"pon-onu-mng {onu}", "gpon", "pon")
        for step in asked:
            talk(one, [line for mode in (*where, "interface vport-1/1/3.1:1") for line in (mode, step)])
