"""Addresses, prefixes, masks and MACs: one spelling each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ispcore.errors import InvalidValueError
from ispcore.values import HOST, IPV4, IPV6_PREFIX, MAC, NETMASK, NETWORK, VLAN, Kind


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        (HOST, "192.0.2.7", "192.0.2.7"),
        (HOST, "2001:DB8:0:0::7", "2001:db8::7"),
        (IPV4, "10.0.0.1", "10.0.0.1"),
        (IPV6_PREFIX, "2001:DB8:1::/56", "2001:db8:1::/56"),
        (MAC, "00-1A-2B-3C-4D-5E", "00:1a:2b:3c:4d:5e"),
        (MAC, "001A.2B3C.4D5E", "00:1a:2b:3c:4d:5e"),
        (MAC, "001a2b3c4d5e", "00:1a:2b:3c:4d:5e"),
        (NETMASK, "255.255.252.0", "255.255.252.0"),
        (NETMASK, "255.255.255.255", "255.255.255.255"),
        (NETWORK, "100.64.0.0/10", "100.64.0.0/10"),
        (NETWORK, "2001:DB8::/32", "2001:db8::/32"),
        (VLAN, 4094, 4094),
    ],
)
def test_a_value_is_kept_in_one_spelling(kind: Kind[object], given: object, kept: object) -> None:
    assert kind.parse(given) == kept


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (HOST, "192.0.2"),
        (HOST, 3221225991),
        (HOST, "0.0.0.0"),
        (HOST, "127.0.0.1"),
        (HOST, "239.1.1.1"),
        (HOST, "255.255.255.255"),
        (HOST, "fe80::1%eth0"),
        (IPV4, "2001:db8::7"),
        (IPV6_PREFIX, "192.0.2.0/24"),
        (IPV6_PREFIX, "2001:db8::7"),
        (MAC, "00:1a:2b:3c:4d"),
        (MAC, "00:1a:2b:3c:4d:5g"),
        (MAC, "01:00:5e:00:00:01"),
        (MAC, "00:00:00:00:00:00"),
        (MAC, 7),
        (NETMASK, "255.0.255.0"),
        (NETMASK, "0.0.0.0"),
        (NETMASK, "24"),
        (NETWORK, "192.0.2.7/24"),
        (NETWORK, "192.0.2.0"),
        (NETWORK, None),
        (VLAN, 0),
    ],
)
def test_what_is_none_is_refused_with_a_way_out(kind: Kind[object], given: object) -> None:
    with pytest.raises(InvalidValueError):
        kind.parse(given)


@pytest.mark.parametrize("kind", [HOST, IPV4, IPV6_PREFIX, MAC, NETMASK, NETWORK, VLAN])
def test_a_stand_in_is_one_of_its_kind(kind: Kind[object]) -> None:
    assert kind.parse(kind.stand_in) == kind.stand_in


@given(st.ip_addresses(), st.integers(0, 32))
def test_what_was_read_is_read_again_as_it_is(address: object, length: int) -> None:
    for kind, text in ((HOST, str(address)), (NETMASK, str(address)), (NETWORK, f"{address}/{length}")):
        try:
            kept = kind.parse(text)
        except InvalidValueError:
            continue
        assert kind.parse(kept) == kept
