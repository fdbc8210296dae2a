"""What a simulated OLT keeps over a reboot and in a file."""

from __future__ import annotations

from pathlib import Path

from ispcore.testing.olts import HuaweiOlt, bring_back, keep
from ispcore.testing.olts.huawei import ServicePort, Wan


def test_another_olt_goes_on_where_a_file_ends(tmp_path: Path) -> None:
    olt = HuaweiOlt()
    olt.on_save = lambda: keep(olt, tmp_path / "olt")
    olt.plug("HWTC02D80001", "0/1/3", distance=47)
    ont = olt.put("HWTC02D80001", "0/1/3", 5, natives={1: (110, 0)})
    ont.wans[1] = Wan(mode="pppoe", vlan=110, user="ana", password="s3cret")
    olt.config.service_ports[25] = ServicePort(
        vlan=110, port="0/1/3", ont=5, gemport=1, user_vlan="110", inbound=10
    )
    olt.save()
    olt.put("HWTC00000002", "0/1/3", 6)

    other = HuaweiOlt()
    bring_back(other, tmp_path / "olt")

    assert other.config == olt.saved
    assert other.fibre == olt.fibre
    assert list(other.config.onts) == ["0/1/3:5"]


def test_nobody_else_reads_the_file(tmp_path: Path) -> None:
    keep(HuaweiOlt(), tmp_path / "olt")

    assert (tmp_path / "olt").stat().st_mode & 0o077 == 0
