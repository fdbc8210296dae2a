"""SSH and Telnet on the loopback: from signing in to the end."""

import pytest

from ispcore.driver import AuthFailed, Site
from ispcore.testing.driver_kit.operation import KitOperation
from ispcore.transports import Credentials, Place, Ssh, Telnet, connected
from ispcore.values import SecretText
from tests.transports.serving import Served
from tests.transports.tables import HUAWEI
from tests.transports.tiny import TinyOlt

RIGHT = Credentials("isp", SecretText("open-sesame"))
WRONG = Credentials("isp", SecretText("let-me-in"))
HERE: Site[None] = Site(None)


def ssh_to(served: Served) -> Ssh:
    return Ssh("127.0.0.1", served.port, host_key=served.fingerprint)


def telnet_to(served: Served) -> Telnet:
    return Telnet("127.0.0.1", served.port)


@pytest.fixture(params=["ssh", "telnet"])
def device(request: pytest.FixtureRequest) -> Ssh | Telnet:
    served = request.getfixturevalue(request.param)
    return ssh_to(served) if request.param == "ssh" else telnet_to(served)


def test_a_session_reads_and_writes_in_the_mode_of_a_command(
    device: Ssh | Telnet, olt: TinyOlt, op: KitOperation
) -> None:
    with connected(HERE, device, RIGHT, HUAWEI) as session:
        added = session.write("ont add HWTC00000001", op, mode=Place("gpon", "0/1"))
        listed = session.read("display ont info all", op, mode="enable")

    assert added.lines == ("  Number of ONTs that can be added: 1, success: 1", "  PortID :1, ONTID :1")
    assert listed.lines == ("  ONT HWTC00000001", "  total")
    assert [line for line in olt.heard if line != "ont add HWTC00000001"] == [
        "enable",
        "infoswitch cli OFF",
        "scroll 512",
        "config",
        "interface gpon 0/1",
        "return",
        "display ont info all",
    ]


def test_a_wrong_password_is_given_once(device: Ssh | Telnet, olt: TinyOlt) -> None:
    with (
        pytest.raises(AuthFailed, match="does not accept the name or the password"),
        connected(HERE, device, WRONG, HUAWEI),
    ):
        pass

    assert olt.logins == 1
