"""Answers with noise in them: a parser tells what stands there, or that it does not understand."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.driver import Unrecognised
from ispcore_olt_huawei.parsing.found import waiting
from ispcore_olt_huawei.parsing.onts import one_ont, onts_on_port, summary
from ispcore_olt_huawei.parsing.optics import one_reading, readings_on_port
from ispcore_olt_huawei.parsing.refusals import refusal
from ispcore_olt_huawei.parsing.services import service_ports, traffic_tables
from ispcore_olt_huawei.parsing.system import chassis, pon_boards, profiles, version
from ispcore_olt_huawei.parsing.wan import wan_connections, wireless_networks
from ispcore_olt_huawei.parsing.written import counted, ont_id
from plugins.olt_huawei.tests.samples import DATA, sample

PARSERS: tuple[Callable[[str], Any], ...] = (
    *(waiting, one_ont, onts_on_port, summary, one_reading, readings_on_port, refusal, service_ports),
    *(traffic_tables, chassis, pon_boards, profiles, version, wan_connections, wireless_networks),
    *(counted, ont_id),
)
NAMES = sorted(file.stem for file in DATA.glob("*.txt"))
PAGER = "---- More ( Press 'Q' to break ) ----\x1b[37D" + " " * 37 + "\x1b[37D"
NOISE = st.sampled_from(
    ["", "   ", "\x1b[37D", "! ALARM: link down", "%%", "\N{REPLACEMENT CHARACTER}", ": : :", "----------"]
)
LISTS: Mapping[str, Callable[[str], Any]] = {
    "hw_autofind_two_new_fields": waiting,
    "hw_ont_info_port_all": onts_on_port,
    "hw_ont_info_summary": summary,
    "hw_optical_all": readings_on_port,
    "hw_service_ports": service_ports,
}


@given(st.text())
def test_no_text_at_all_breaks_a_parser(text: str) -> None:
    for parse in PARSERS:
        _parsed(parse, text)


@given(st.sampled_from(NAMES), st.data())
def test_no_cut_and_no_noise_breaks_a_parser(name: str, data: st.DataObject) -> None:
    text = sample(name)
    cut = text[: data.draw(st.integers(0, len(text)))]
    lines = cut.split("\n")
    lines.insert(data.draw(st.integers(0, len(lines))), data.draw(NOISE))

    for parse in PARSERS:
        _parsed(parse, "\n".join(lines))


@given(st.sampled_from(sorted(LISTS)), st.data())
def test_a_list_that_lost_or_gained_lines_has_no_wrong_row(name: str, data: st.DataObject) -> None:
    lines = sample(name).split("\n")
    kept = data.draw(st.lists(st.booleans(), min_size=len(lines), max_size=len(lines)))
    left = [line for line, keep in zip(lines, kept, strict=True) if keep]
    left.insert(data.draw(st.integers(0, len(left))), data.draw(NOISE))

    read = _parsed(LISTS[name], "\n".join(left))

    assert _names(read) <= _names(LISTS[name](sample(name)))


@pytest.mark.parametrize("name", sorted(LISTS))
@given(data=st.data())
def test_pagers_returns_and_moves_of_the_cursor_change_nothing(name: str, data: st.DataObject) -> None:
    lines = sample(name).split("\n")
    paged = [PAGER + line if data.draw(st.booleans()) else line for line in lines]

    assert LISTS[name]("\r\n".join(paged)) == LISTS[name](sample(name))


def _parsed(parse: Callable[[str], Any], text: str) -> object:
    try:
        return parse(text)
    except Unrecognised:
        return ()


def _names(read: object) -> set[object]:
    """Return what names each row."""
    if isinstance(read, Mapping):
        return set(read.items())
    assert isinstance(read, Iterable)
    return {
        tuple(getattr(one, name, None) for name in ("place", "identity", "serial", "ont", "index"))
        for one in read
    }
