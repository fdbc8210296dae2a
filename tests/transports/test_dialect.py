"""A dialect is a table; what stands in it must hang together."""

import pytest
from attrs import evolve

from ispcore.errors import InvalidValueError
from ispcore.transports import Mode, Place, Way, ways_between
from ispcore.transports.dialogue import prompt_of
from tests.transports.tables import HUAWEI


def test_a_way_to_a_mode_that_is_not_listed_is_refused() -> None:
    with pytest.raises(InvalidValueError, match="a way by 'diag', but no mode 'diag'"):
        evolve(HUAWEI, ways=(Way("enable", "diag", "diag"),))


@pytest.mark.parametrize(
    ("here", "there", "commands"),
    [
        (Place("enable"), Place("enable"), []),
        (Place("user"), Place("gpon", "0/1"), ["enable", "config", "interface gpon {at}"]),
        (Place("gpon", "0/1"), Place("gpon", "0/1"), []),
        (Place("gpon", "0/1"), Place("gpon", "0/2"), ["quit", "interface gpon {at}"]),
        (Place("gpon", "0/1"), Place("config"), ["quit"]),
        (Place("other"), Place("config"), ["return", "config"]),
    ],
    ids=str,
)
def test_the_shortest_way_leads_from_any_mode_to_any_other(
    here: Place, there: Place, commands: list[str]
) -> None:
    assert [way.command for way in ways_between(HUAWEI, here, there)] == commands


@pytest.mark.parametrize(
    ("line", "host", "place"),
    [
        ("MA5608T>", "MA5608T", Place("user")),
        ("huawei.test-lab.xyz#", "huawei.test-lab.xyz", Place("enable")),
        ("EA5800-X2(config-if-gpon-0/1)#", "EA5800-X2", Place("gpon", "0/1")),
        ("OLT_Centro(diagnose)%%", "OLT_Centro", Place("diagnose")),
        ("X(config-gpon-lineprofile-10)# ", "X", Place("other")),
    ],
)
def test_a_prompt_tells_the_mode_whatever_the_host_is_called(line: str, host: str, place: Place) -> None:
    assert prompt_of(line, HUAWEI) == (host, place)


@pytest.mark.parametrize("line", ["", "  Error Systems #1>", "a b#", "MA5608T(config", "MA5608T#display"])
def test_another_line_is_no_prompt(line: str) -> None:
    assert prompt_of(line, HUAWEI) is None


def test_only_the_prompt_of_the_known_host_counts() -> None:
    assert prompt_of("OTHER#", HUAWEI, "MA5608T") is None


def test_a_mode_without_its_place_in_the_prompt_has_none() -> None:
    zte = evolve(HUAWEI, modes=(Mode("interface", r"\(config-if\)#"),), ways=())

    assert prompt_of("ZXAN(config-if)#", zte) == ("ZXAN", Place("interface"))
