"""Somebody else's client for these boxes works on the simulators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netmiko import ConnectHandler

from ispcore.testing.olts import HuaweiOlt, OltServer, ZteOlt, simulated_olt

if TYPE_CHECKING:
    from netmiko import BaseConnection

SN = "4857544302D80001"
ADD = f'ont add 3 5 sn-auth "{SN}" omci ont-lineprofile-id 10 ont-srvprofile-id 10 desc "ana"'


def connected(server: OltServer, kind: str) -> BaseConnection:
    behaviour = server.olt.behaviour
    port = server.telnet_port if kind.endswith("_telnet") else server.ssh_port
    return ConnectHandler(
        device_type=kind,
        host=server.host,
        port=port,
        username=behaviour.user,
        password=behaviour.password,
        fast_cli=True,
        global_delay_factor=0.05,
        auth_timeout=5,
    )


def test_netmiko_adds_an_ont_to_a_huawei_olt(olt: HuaweiOlt) -> None:
    with simulated_olt(olt) as server:
        client = connected(server, "huawei_smartax")

        assert client.base_prompt == "MA5608T"
        client.enable()
        assert "Ont SN              : 4857544302D80001" in str(
            client.send_command("display ont autofind all")
        )
        client.config_mode()
        told = client.send_config_set(
            ["interface gpon 0/1", ADD, "display ont info 3 5"], exit_config_mode=False
        )
        assert "Number of ONTs that can be added: 1, success: 1" in told
        assert "  Description             : ana" in told
        client.disconnect()

    assert olt.config.onts["0/1/3:5"].serial == SN
    assert olt.sessions == 0


def test_netmiko_signs_in_to_a_zte_olt_and_looks() -> None:
    olt = ZteOlt()
    olt.plug("ZTEGCCA10001", "1/1/5")
    with simulated_olt(olt) as server:
        client = connected(server, "zte_zxros")
        told = str(client.send_command("show gpon onu uncfg"))
        client.disconnect()

    assert "gpon-onu_1/1/5:1         ZTEGCCA10001        unknown" in told
    assert olt.sessions == 0


def test_netmiko_comes_over_telnet_too(olt: HuaweiOlt) -> None:
    with simulated_olt(olt, ssh_port=None, telnet_port=0) as server:
        client = connected(server, "huawei_olt_telnet")
        client.enable()
        told = str(client.send_command("display ont autofind all"))
        client.disconnect()

    assert "4857544302D80001" in told
