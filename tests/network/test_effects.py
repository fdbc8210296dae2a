"""The table of what each status does to each kind of resource."""

import pytest

from ispcore.catalog import NetworkPolicy, Serves, Speed, WhenBlocked
from ispcore.driver import (
    KINDS,
    Access,
    Domain,
    FtpUser,
    HostedDatabase,
    IpAssignment,
    Login,
    Mailbox,
    Onu,
    Spec,
    TvPoint,
    VoiceTerminal,
    Wifi,
)
from ispcore.network import EFFECTS, LAYERS, Effect, effect_of, filled

POLICY = NetworkPolicy()


def effect(kind: type[Spec], serves: Serves, policy: NetworkPolicy = POLICY) -> Effect:
    return effect_of(kind, serves, policy, grace_is_over=False)


def test_every_kind_has_its_row_and_its_layer() -> None:
    kinds = set(KINDS.values())

    assert EFFECTS.keys() == kinds
    assert LAYERS.keys() == kinds
    assert all(tuple(row) == tuple(Serves) for row in EFFECTS.values())


@pytest.mark.parametrize(
    ("serves", "access", "kbit"),
    [
        (Serves.FULL, Access.OPEN, 512),
        (Serves.REDUCED, Access.OPEN, 512),
        (Serves.BLOCKED, Access.WALLED, 512),
        (Serves.OFF, Access.REFUSED, 512),
    ],
)
def test_a_login_is_open_walled_or_refused(serves: Serves, access: Access, kbit: int) -> None:
    spec = filled(Login(username="ana"), effect(Login, serves), Speed(512, 256))

    assert spec == Login(username="ana", access=access, download_kbit=kbit, upload_kbit=256)


def test_a_provider_may_refuse_who_is_blocked_instead_of_walling_them() -> None:
    strict = NetworkPolicy(when_blocked=WhenBlocked.REFUSED)

    spec = filled(Login(username="ana"), effect(Login, Serves.BLOCKED, strict), None)

    assert spec == Login(username="ana", access=Access.REFUSED)


@pytest.mark.parametrize("kind", [Login, IpAssignment, Onu, Wifi, VoiceTerminal, TvPoint])
def test_access_and_equipment_are_removed_at_once(kind: type[Spec]) -> None:
    assert effect(kind, Serves.REMOVED) is Effect.REMOVED


@pytest.mark.parametrize("kind", [Mailbox, Domain, FtpUser, HostedDatabase])
def test_what_customers_keep_things_in_is_disabled_first_and_removed_after_a_grace_time(
    kind: type[Spec],
) -> None:
    assert effect_of(kind, Serves.OFF, POLICY, grace_is_over=False) is Effect.DISABLED
    assert effect_of(kind, Serves.REMOVED, POLICY, grace_is_over=False) is Effect.DISABLED
    assert effect_of(kind, Serves.REMOVED, POLICY, grace_is_over=True) is Effect.REMOVED


@pytest.mark.parametrize(("works", "found"), [(True, Effect.ENABLED), (False, Effect.DISABLED)])
def test_whether_mail_works_for_who_is_blocked_is_a_policy(works: bool, found: Effect) -> None:
    assert effect(Mailbox, Serves.BLOCKED, NetworkPolicy(mail_when_blocked=works)) is found


def test_the_equipment_of_who_is_blocked_stays_on_and_what_is_sold_over_it_does_not() -> None:
    assert effect(Onu, Serves.BLOCKED) is effect(Wifi, Serves.BLOCKED) is Effect.ENABLED
    assert effect(VoiceTerminal, Serves.BLOCKED) is effect(TvPoint, Serves.BLOCKED) is Effect.DISABLED


def test_a_disabled_mailbox_keeps_all_that_was_chosen_for_it() -> None:
    mailbox = Mailbox(address="ana@isp.test", quota_mib=500)

    assert filled(mailbox, Effect.DISABLED, None) == Mailbox(
        address="ana@isp.test", quota_mib=500, enabled=False
    )


def test_an_address_without_a_login_is_switched_off_when_it_is_refused() -> None:
    fixed = IpAssignment(name="home", address="192.0.2.7")

    off = filled(fixed, effect(IpAssignment, Serves.OFF), Speed(512, 256))
    full = filled(fixed, effect(IpAssignment, Serves.FULL), Speed(512, 256))

    assert off == IpAssignment(
        name="home", address="192.0.2.7", enabled=False, download_kbit=512, upload_kbit=256
    )
    assert full == IpAssignment(name="home", address="192.0.2.7", download_kbit=512, upload_kbit=256)


def test_nothing_is_left_of_what_is_removed() -> None:
    assert filled(Onu(serial="ZTEG1"), Effect.REMOVED, None) is None


@pytest.mark.parametrize(
    ("policy", "usual", "left"),
    [
        (NetworkPolicy(reduced_percent=10), Speed(512, 256), Speed(51, 25)),
        (NetworkPolicy(reduced_percent=10), Speed(5, 5), Speed(1, 1)),
        (NetworkPolicy(reduced_percent=10), None, None),
        (NetworkPolicy(reduced_speed=Speed(128, 64)), Speed(512, 256), Speed(128, 64)),
        (NetworkPolicy(reduced_speed=Speed(128, 128)), Speed(512, 64), Speed(128, 64)),
        (NetworkPolicy(reduced_speed=Speed(128, 64)), None, Speed(128, 64)),
    ],
)
def test_a_reduced_speed_is_a_part_or_a_limit_and_never_faster(
    policy: NetworkPolicy, usual: Speed | None, left: Speed | None
) -> None:
    assert policy.reduced(usual) == left
