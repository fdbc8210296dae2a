"""ZTE's OLTs are another table, and nothing else."""

import pytest

from ispcore.transports import Place, ways_between
from tests.transports.heard import HOST, asking, heard
from tests.transports.tables import ZTE

WIPE = "\b" * 10 + " " * 10 + "\b" * 10


def test_pages_are_wiped_by_backspaces() -> None:
    stream = (
        f"show gpon onu state\r\ngpon-onu_1/3/7:1 working\r\n --More-- {WIPE}gpon-onu_1/3/7:2 los\r\n{HOST}#"
    )

    said, answer = heard(asking("show gpon onu state", dialect=ZTE), stream)

    assert said == [" "]
    assert answer.lines == ("gpon-onu_1/3/7:1 working", "gpon-onu_1/3/7:2 los")


@pytest.mark.parametrize(
    ("line", "error"),
    [
        ("%Info 20272: Enter configuration commands, one per line. End with CTRL/Z.", None),
        ("%Code 62310-GPONSRV : No related information to show.", None),
        (".[Successful]", None),
        ("%Code 63904-GPONRM Not support this ONU", "%Code 63904-GPONRM Not support this ONU"),
        ("%Error 20203: Incomplete command.", "%Error 20203: Incomplete command."),
    ],
)
def test_information_is_no_error(line: str, error: str | None) -> None:
    _, answer = heard(asking("x", dialect=ZTE), f"x\r\n{line}\r\n{HOST}(config)#")

    assert (answer.text, answer.error) == (line, error)


def test_one_leaves_an_interface_before_another_is_entered() -> None:
    ways = ways_between(ZTE, Place("interface", "gpon-olt_1/3/7"), Place("mng", "gpon-onu_1/3/7:1"))

    assert [way.command for way in ways] == ["exit", "pon-onu-mng {at}"]


def test_saving_is_done_outside_of_the_configuration() -> None:
    ways = ways_between(ZTE, Place("interface", "gpon-olt_1/3/7"), Place("enable"))

    assert [way.command for way in ways] == ["end"]
