"""Generated passwords: made up where they are wanted, told once, and kept out of all that is written."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ispcore.app import Provider
from ispcore.desks import RandomPasswords
from ispcore.driver import Login, SecretRef, Wifi
from ispcore.errors import InvalidValueError, NotPermittedError, RefusedError
from ispcore.plans import AddComponent, ChangePassword, RemoveComponent
from ispcore.storage import SqlDatabase, new_key
from ispcore.timeline import Actor, SubjectKind
from ispcore.values import SecretText, SubscriptionId
from tests.components import HER_ONU, LOGIN, SECTIONS
from tests.providers import ANA, Office, dump_of, open_office

TYPED, MADE = SecretText("hunter2-hunter2"), "tmqkx7wnvz4p"


class Made:
    """Makes always the same password up, and remembers of which length it was to be."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.lengths: list[int] = []

    def new(self, length: int) -> SecretText:
        """Return the password."""
        self.lengths.append(length)
        return SecretText(MADE)


@pytest.fixture
def made() -> Made:
    """What makes passwords up."""
    return Made()


@pytest.fixture
def office(tmp_path: Path, made: Made) -> Iterator[Office]:
    """An office whose catalogue carries components, and which has a key for secrets."""
    with open_office(tmp_path / "provider.db") as office:
        office.provider.close_database()
        key = new_key()
        office.database = SqlDatabase(office.url, secret_keys=lambda: (key,))
        office.provider = Provider(office.database, clock=office.clock, passwords=made)
        office.load(**SECTIONS)
        yield office


@pytest.fixture
def ana(office: Office) -> SubscriptionId:
    """A subscription that may have a login and mailboxes."""
    return office.subscribe(office.register(), plan="fibre")


def add(office: Office, subscription: SubscriptionId, **more: Any) -> Any:
    more = {"spec": Login(username="ana"), "generate_password": True, **more}
    return office.provider.do(AddComponent(subscription=subscription, **more), actor=ANA)


def change(office: Office, subscription: SubscriptionId, **more: Any) -> Any:
    command = ChangePassword(subscription=subscription, component=LOGIN, **more)
    return office.provider.do(command, actor=ANA)


def passwords(office: Office, subscription: SubscriptionId) -> dict[str, str]:
    found = {}
    with office.database.reading() as work:
        for one in work.subscriptions.get(subscription)[0].last.components:
            spec: Any = one.spec
            found[str(one.id)] = work.secrets.resolve(spec.password).reveal()
    return found


# --- told in the answer


@pytest.mark.covers("S0-079", "S0-166", "S0-167", "S0-168", "S1-105")
def test_a_login_and_its_mailbox_get_one_generated_password_that_the_answer_tells(
    office: Office, ana: SubscriptionId
) -> None:
    recorded = add(office, ana, mail_domain="isp.test")

    assert recorded.password.reveal() == MADE
    assert passwords(office, ana) == {"login": MADE, "mailbox": MADE}


@pytest.mark.covers("S0-079", "S0-166", "S0-168", "S1-105")
def test_a_typed_password_is_for_both_and_no_answer_tells_it(office: Office, ana: SubscriptionId) -> None:
    spec = Login(username="ana", password=TYPED)

    recorded = add(office, ana, spec=spec, generate_password=False, mail_domain="isp.test")

    assert recorded.password is None
    assert passwords(office, ana) == {"login": "hunter2-hunter2", "mailbox": "hunter2-hunter2"}


@pytest.mark.covers("S0-170", "S0-171")
def test_another_password_is_generated_or_typed_for_both_or_the_login_alone(
    office: Office, ana: SubscriptionId
) -> None:
    add(
        office,
        ana,
        spec=Login(username="ana", password=TYPED),
        generate_password=False,
        mail_domain="isp.test",
    )

    told = change(office, ana)
    both = passwords(office, ana)
    silent = change(office, ana, password=SecretText("typed-by-ana"), alone=True)

    assert (told.password.reveal(), silent.password) == (MADE, None)
    assert both == {"login": MADE, "mailbox": MADE}
    assert passwords(office, ana) == {"login": "typed-by-ana", "mailbox": MADE}


def test_the_catalogue_says_how_long_it_is(office: Office, ana: SubscriptionId, made: Made) -> None:
    add(office, ana)
    office.load(**SECTIONS, network={"password_length": 20})
    change(office, ana)

    assert made.lengths == [12, 20]


def test_what_is_only_tried_keeps_nothing(office: Office, ana: SubscriptionId) -> None:
    add(office, ana, spec=Login(username="ana", password=TYPED), generate_password=False)

    office.provider.try_out(ChangePassword(subscription=ana, component=LOGIN), actor=ANA)

    assert passwords(office, ana) == {"login": "hunter2-hunter2"}


# --- and nowhere else


def test_a_generated_password_stands_in_nothing_that_is_kept_shown_or_logged(
    office: Office, ana: SubscriptionId, caplog: pytest.LogCaptureFixture
) -> None:
    recorded = add(office, ana, mail_domain="isp.test")
    changed = change(office, ana)

    told = office.provider.history(SubjectKind.SUBSCRIPTION, str(ana), actor=ANA)
    shown = [repr(recorded), str(changed), repr(changed.facts), repr(changed.moves), repr(told), caplog.text]
    assert not [text for text in shown if MADE in text]
    assert MADE not in str(dump_of(office.database))


def test_a_refusal_does_not_tell_it(office: Office, ana: SubscriptionId) -> None:
    add(office, ana)

    with pytest.raises(RefusedError) as refused:
        add(office, ana, spec=Login(username="bia"))

    assert MADE not in f"{refused.value!r} {refused.value} {vars(refused.value)}"


# --- what asks for one


def test_a_password_is_not_typed_and_generated(office: Office, ana: SubscriptionId) -> None:
    with pytest.raises(InvalidValueError, match="typed or generated, not both"):
        add(office, ana, spec=Login(username="ana", password=TYPED))


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ({"spec": HER_ONU}, "no password of its own for an onu"),
        ({"spec": None, "resource": "1:login"}, "no password of its own for what is shared"),
    ],
)
def test_what_has_none_of_its_own_gets_none(
    office: Office, ana: SubscriptionId, what: dict[str, Any], why: str
) -> None:
    with pytest.raises(RefusedError, match=why) as refused:
        add(office, ana, **what)

    assert refused.value.rule == "no-password"


def test_what_shares_a_password_gets_none_made_up(office: Office, ana: SubscriptionId) -> None:
    add(office, ana)

    with pytest.raises(InvalidValueError, match="A mailbox of 'login' has its password"):
        add(office, ana, spec=None, password_of=LOGIN, mail_domain="isp.test")


def test_whatever_has_a_password_can_get_a_generated_one(office: Office, ana: SubscriptionId) -> None:
    office.do(AddComponent(subscription=ana, spec=HER_ONU))

    recorded = add(office, ana, spec=Wifi(onu=HER_ONU.serial, ssid="Ana"))

    assert recorded.password.reveal() == MADE


def test_a_reference_that_the_subscription_never_had_is_no_password(
    office: Office, ana: SubscriptionId
) -> None:
    add(office, ana)

    with pytest.raises(RefusedError, match="never had the secret") as refused:
        change(office, ana, password=SecretRef("theirs"))

    assert refused.value.rule == "foreign-secret"


def test_a_password_that_was_taken_back_by_its_reference_is_had_again(
    office: Office, ana: SubscriptionId
) -> None:
    add(office, ana, spec=Login(username="ana", password=TYPED), generate_password=False)
    spec: Any = office.provider.subscription(ana, actor=ANA).state.component(LOGIN).spec
    change(office, ana)

    change(office, ana, password=spec.password)

    assert passwords(office, ana) == {"login": "hunter2-hunter2"}


# --- what makes them up


@pytest.mark.parametrize("length", [10, 12, 64])
def test_a_random_password_can_be_read_aloud(length: int) -> None:
    made = [RandomPasswords().new(length).reveal() for _ in range(50)]

    assert all(re.fullmatch("[a-hjkmnp-z2-9]+", one) and len(one) == length for one in made)
    assert len(set(made)) == len(made)


# --- who may


@pytest.mark.covers("S2-006", "S2-074")
def test_a_login_is_removed_with_its_mailbox_by_who_may_remove_components_only(
    office: Office, ana: SubscriptionId
) -> None:
    add(office, ana, mail_domain="isp.test")
    remove = RemoveComponent(subscription=ana, component=LOGIN)

    with pytest.raises(NotPermittedError, match=r"component\.remove"):
        office.provider.do(remove, actor=Actor("bia", {"component.change", "component.add"}))
    kept = passwords(office, ana)
    office.provider.do(remove, actor=Actor("bia", {"component.remove"}))

    assert kept == {"login": MADE, "mailbox": MADE}
    assert passwords(office, ana) == {}


@pytest.mark.covers("S0-180")
def test_what_a_removal_takes_away_is_seen_before(office: Office, ana: SubscriptionId) -> None:
    add(office, ana, mail_domain="isp.test")

    tried = office.provider.try_out(RemoveComponent(subscription=ana, component=LOGIN), actor=ANA)

    assert [(fact.kind, fact.payload.component) for fact in tried.facts] == [
        ("ComponentRemoved", "mailbox"),
        ("ComponentRemoved", "login"),
    ]
    assert sorted(move.placement for move in tried.moves) == [
        f"{ana}:login@radius-0",
        f"{ana}:mailbox@mail-1",
    ]
