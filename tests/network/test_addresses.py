"""Which addresses a resource has of the pools, and which it cannot have."""

from datetime import date
from itertools import islice

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from ispcore.catalog import Pool
from ispcore.driver import IpAssignment, Login, Mailbox, Spec
from ispcore.network import PoolAddress, fixed_addresses, free_addresses, free_from, pool_addresses

HOMES = Pool("homes", "Homes", "192.0.2.0/29", gateway="192.0.2.1", quarantine_days=7)
SIX = Pool("six", "IPv6", "2001:db8::/126")
POOLS = {"homes": HOMES, "six": SIX}


@pytest.mark.parametrize(
    ("spec", "its"),
    [
        (Login(username="ana"), ()),
        (Login(username="ana", address="192.0.2.2"), ("192.0.2.2",)),
        (
            IpAssignment(name="x", address="192.0.2.2", secondary_address="192.0.2.3"),
            ("192.0.2.2", "192.0.2.3"),
        ),
        (
            Login(username="ana", ipv6_prefix="2001:db8:1::/64", delegated_prefix="2001:db8:2::/56"),
            ("2001:db8:1::/64", "2001:db8:2::/56"),
        ),
        (IpAssignment(name="x", ipv6_prefix="2001:db8:1::/64"), ("2001:db8:1::/64",)),
        (Mailbox(address="ana@isp.test"), ()),
        (None, ()),
    ],
)
def test_fixed_addresses_are_those_that_a_spec_names(spec: Spec | None, its: tuple[str, ...]) -> None:
    assert fixed_addresses(spec) == its


def test_an_address_is_told_apart_by_its_pool() -> None:
    held, problems = pool_addresses("1:login", "radius", Login(username="ana", address="192.0.2.2"), POOLS)

    assert held == (("homes", "192.0.2.2"),)
    assert problems == ()


def test_what_is_held_is_named_by_what_it_is() -> None:
    assert str(PoolAddress("homes", "192.0.2.2")) == "address 192.0.2.2"
    assert str(PoolAddress("six", "2001:db8::/64")) == "prefix 2001:db8::/64"


def test_without_pools_an_address_is_told_apart_by_its_device() -> None:
    held, problems = pool_addresses("1:login", "radius", Login(username="ana", address="10.0.0.1"), {})

    assert held == (("@radius", "10.0.0.1"),)
    assert problems == ()


@pytest.mark.parametrize(
    ("address", "rule"),
    [
        ("198.51.100.1", "address-not-in-pool"),
        ("192.0.2.0", "address-reserved"),
        ("192.0.2.1", "address-reserved"),
        ("192.0.2.7", "address-reserved"),
    ],
)
def test_what_nobody_can_have_is_a_problem_with_a_rule(address: str, rule: str) -> None:
    held, problems = pool_addresses("1:login", "radius", Login(username="ana", address=address), POOLS)

    assert held == ()
    assert [problem.rule for problem in problems] == [rule]
    assert address in problems[0].message


PREFIXES = Pool("prefixes", "Prefixes", "2001:db8::/32", gateway="2001:db8:ff::1")


@pytest.mark.parametrize(
    ("pools", "held", "rules"),
    [
        ({}, [("@radius", "2001:db8:1::/56")], []),
        ({"homes": HOMES}, [("@radius", "2001:db8:1::/56")], []),
        ({"homes": HOMES, "prefixes": PREFIXES}, [("prefixes", "2001:db8:1::/56")], []),
        ({"six": SIX}, [], ["address-not-in-pool"]),
        ({"near": Pool("near", "Near", "2001:db8:1::/60")}, [], ["address-not-in-pool"]),
        ({"own": evolve(PREFIXES, gateway="2001:db8:1::1")}, [], ["address-reserved"]),
    ],
)
def test_a_prefix_is_of_a_pool_of_ipv6_where_there_is_any_and_else_of_its_device(
    pools: dict[str, Pool], held: list[tuple[str, str]], rules: list[str]
) -> None:
    login = Login(username="ana", delegated_prefix="2001:db8:1::/56")

    found, problems = pool_addresses("1:login", "radius", login, pools)

    assert list(found) == held
    assert [problem.rule for problem in problems] == rules
    assert all(problem.message.startswith("The prefix 2001:db8:1::/56") for problem in problems)


def test_of_a_pool_of_two_both_are_somebodys() -> None:
    two = Pool("two", "Two", "192.0.2.8/31")

    assert list(free_addresses(two, ())) == ["192.0.2.8", "192.0.2.9"]


def test_free_addresses_leave_out_the_pools_own_and_the_taken_ones() -> None:
    assert list(free_addresses(HOMES, {"192.0.2.3"})) == ["192.0.2.2", "192.0.2.4", "192.0.2.5", "192.0.2.6"]


def test_a_great_pool_is_not_counted_to_find_its_first_address() -> None:
    great = Pool("great", "Great", "2001:db8::/32")

    assert list(islice(free_addresses(great, ()), 1)) == ["2001:db8::1"]


def test_what_lies_in_a_prefix_that_somebody_has_is_not_free_and_is_passed_over_at_once() -> None:
    pool = Pool("great", "Great", "2001:db8::/32")

    free = free_addresses(pool, {"2001:db8::/56", "2001:db8::/64", "2001:db8:0:100::/64", "2001:db8:0:101::"})

    assert list(islice(free, 2)) == ["2001:db8:0:101::1", "2001:db8:0:101::2"]


def test_an_address_rests_for_the_quarantine_of_its_pool() -> None:
    assert free_from(HOMES, date(2012, 2, 24)) == date(2012, 3, 2)
    assert free_from(None, date(2012, 2, 24)) == date(2012, 2, 24)


@given(st.sampled_from(["homes", "six"]), st.sets(st.integers(0, 7)))
def test_every_free_address_can_be_had_and_is_not_taken(pool: str, numbers: set[int]) -> None:
    taken = {str(POOLS[pool].addresses[number % POOLS[pool].addresses.num_addresses]) for number in numbers}

    for address in free_addresses(POOLS[pool], taken):
        held, problems = pool_addresses("1:ip", "edge", IpAssignment(name="x", address=address), POOLS)
        assert held == ((pool, address),)
        assert problems == ()
        assert address not in taken
