"""A login and the mailbox that belongs to it: one name, one password, and they come and go together."""

from datetime import date
from typing import Any

import pytest
from attrs import evolve

from ispcore.driver import Login, Mailbox, SecretRef
from ispcore.errors import InvalidValueError, RefusedError
from ispcore.plans import (
    AddComponent,
    ChangeComponent,
    ChangePlan,
    Component,
    Timeline,
    decide,
    fold_with,
)
from ispcore.plans.facts import ComponentAdded, ItemAdded
from ispcore.values import ComponentId, SecretText
from tests.catalogues import START, do, march, moved, setting, subscribed
from tests.components import (
    ANA,
    CARRYING,
    HER_ONU,
    LOGIN,
    MAIL,
    ONE,
    ONU,
    add,
    box,
    carried,
    components,
    names,
)
from tests.plans.mail import (
    NEW,
    OLD,
    WITH_OLD,
    change_password,
    linked,
    opened_with,
    passwords,
    remove,
    retracted,
)

# --- made in one command


@pytest.mark.covers("S0-078", "S0-167", "S0-168")
def test_a_login_and_its_mailbox_are_made_in_one_command_with_one_password() -> None:
    timeline = linked()

    assert components(timeline) == (
        Component(LOGIN, "104:login", WITH_OLD, START),
        Component(
            MAIL,
            "104:mailbox",
            Mailbox(address="ana@isp.test", password=OLD),
            START,
            password_of="104:login",
        ),
    )


@pytest.mark.covers("S0-078")
def test_a_mail_account_is_a_login_and_its_mailbox() -> None:
    timeline = add(opened_with("linked"), Login(username="ana@isp.test"), mail_domain="isp.test")

    specs: list[Any] = [one.spec for one in components(timeline)]
    assert (specs[0].username, specs[1].address) == ("ana@isp.test", "ana@isp.test")


@pytest.mark.covers("S0-167")
def test_a_plan_that_links_logins_to_mail_has_none_without_a_mailbox() -> None:
    with pytest.raises(
        RefusedError, match="login of the plan 'linked' has a mailbox, and no domain"
    ) as refused:
        add(opened_with("linked"), ANA)

    assert refused.value.rule == "mailbox-missing"


@pytest.mark.covers("S0-166")
def test_where_the_plan_does_not_link_them_a_login_is_a_login_alone() -> None:
    assert names(add(subscribed("fibre"), WITH_OLD)) == ["login"]


def test_a_login_of_any_plan_with_room_may_have_a_mailbox() -> None:
    assert names(linked("fibre")) == ["login", "mailbox"]


def test_a_shared_login_is_shared_without_a_mailbox_of_its_own_unless_a_domain_is_given() -> None:
    (login, _) = components(linked())
    resources = {"7:login": Component(LOGIN, "7:login", login.spec, START)}

    alone = add(opened_with("linked"), resource="7:login", resources=resources)
    both = add(opened_with("linked"), resource="7:login", resources=resources, mail_domain="isp.test")

    assert [(one.resource, one.password_of) for one in components(alone)] == [("7:login", None)]
    assert [(one.resource, one.password_of) for one in components(both)] == [
        ("7:login", None),
        ("104:mailbox", "7:login"),
    ]


def test_what_is_no_login_has_no_mailbox_of_its_name() -> None:
    with pytest.raises(InvalidValueError, match="no mailbox of the name of an onu"):
        add(subscribed("fibre"), HER_ONU, mail_domain="isp.test")


def test_a_domain_must_be_one() -> None:
    with pytest.raises(InvalidValueError, match="The address of a mailbox: 'ana@isp' is not a mail address"):
        add(opened_with("linked"), ANA, mail_domain="isp")


def test_a_mailbox_that_there_is_already_keeps_the_login_out_too() -> None:
    timeline = carried("fibre", box("ana"))

    with pytest.raises(RefusedError, match=r"has 'mailbox/ana@isp\.test' already"):
        add(timeline, WITH_OLD, mail_domain="ISP.test")


def test_without_room_for_the_mailbox_there_is_no_login_either() -> None:
    timeline = add(opened_with("linked"), box("bia"))

    with pytest.raises(RefusedError, match="gets no further mailbox: it may have 1") as refused:
        add(timeline, WITH_OLD, mail_domain="isp.test")

    assert refused.value.rule == "component-limit"


def test_a_service_that_makes_the_room_comes_with_both() -> None:
    timeline = add(opened_with("linked"), box("bia"))
    command = AddComponent(**ONE, spec=WITH_OLD, mail_domain="isp.test", service="mailbox")

    decision = decide(command, timeline, setting(START, catalogue=CARRYING))

    assert [type(event.payload) for event in decision.events] == [ComponentAdded, ItemAdded, ComponentAdded]


# --- another password


@pytest.mark.covers("S0-170", "S0-171")
def test_another_password_reaches_the_login_and_its_mailbox() -> None:
    timeline = change_password(linked(), password=NEW)

    assert passwords(timeline) == {"login": NEW, "mailbox": NEW}


@pytest.mark.covers("S0-171")
def test_another_password_may_be_for_the_login_alone() -> None:
    timeline = change_password(linked(), password=NEW, alone=True)

    assert passwords(timeline) == {"login": NEW, "mailbox": OLD}
    assert passwords(change_password(timeline, password=SecretRef("third"))) == {
        "login": SecretRef("third"),
        "mailbox": SecretRef("third"),
    }


def test_a_login_with_a_password_for_itself_is_changed_and_comes_back_as_it_was() -> None:
    alone = change_password(linked(), password=NEW, alone=True)
    apart = {"login": NEW, "mailbox": OLD}
    vlan = ChangeComponent(**ONE, component=LOGIN, spec=Login(username="ana", vlan=7))

    changed = do(alone, vlan, START, catalogue=CARRYING)
    gone = remove(changed)

    assert passwords(changed) == apart
    assert passwords(retracted(gone, gone.last_sequence)) == apart


def test_a_password_that_is_changed_at_the_mailbox_is_the_login_s_too() -> None:
    timeline = change_password(linked(), MAIL, password=NEW)

    assert passwords(timeline) == {"login": NEW, "mailbox": NEW}


def test_a_login_without_a_mailbox_leaves_every_other_mailbox_alone() -> None:
    bia = Mailbox(address="bia@isp.test", password=OLD)
    timeline = change_password(carried("fibre", WITH_OLD, bia), password=NEW)

    assert passwords(timeline) == {"login": NEW, "mailbox": OLD}


def test_a_spec_with_another_password_reaches_both_and_one_without_it_neither() -> None:
    def changed(spec: Login) -> Timeline:
        command = ChangeComponent(**ONE, component=LOGIN, spec=spec)
        return do(linked(), command, START, catalogue=CARRYING)

    assert passwords(changed(Login(username="ana", password=NEW))) == {"login": NEW, "mailbox": NEW}
    assert passwords(changed(Login(username="ana", vlan=7))) == {"login": OLD, "mailbox": OLD}


def test_what_has_no_password_gets_none() -> None:
    with pytest.raises(RefusedError, match="is an onu, which has no password") as refused:
        change_password(carried("fibre", HER_ONU), ONU, password=NEW)

    assert refused.value.rule == "no-password"


def test_a_password_is_put_away_or_made_up_before_anything_is_decided() -> None:
    for password in (SecretText("hunter2"), None):
        with pytest.raises(InvalidValueError, match="A new password was not put away"):
            change_password(linked(), password=password)

    with pytest.raises(InvalidValueError, match="A new password was not put away"):
        add(opened_with("fibre"), ANA, generate_password=True)


def test_another_password_leaves_the_name_in_the_spelling_that_it_was_kept_in() -> None:
    (added,) = [one for one in carried("fibre", WITH_OLD).recorded if isinstance(one.payload, ComponentAdded)]
    spelt = evolve(added.payload.component, spec=Login(username="Ana", password=OLD))
    older = fold_with(opened_with("fibre"), [evolve(added, payload=ComponentAdded(spelt))])

    changed = change_password(older, password=NEW)

    assert components(changed)[0].spec == Login(username="Ana", password=NEW)


def test_a_change_of_both_is_retracted_whole() -> None:
    timeline = change_password(linked(), password=NEW)

    assert passwords(retracted(timeline, timeline.last_sequence)) == {"login": OLD, "mailbox": OLD}


# --- they go together


@pytest.mark.covers("S0-180")
def test_a_login_goes_with_its_mailbox() -> None:
    assert names(remove(linked())) == []


@pytest.mark.covers("S0-180")
def test_a_mailbox_of_its_own_stays_when_a_login_goes() -> None:
    timeline = add(linked("fibre"), box("bia"))

    assert names(remove(timeline)) == ["mailbox-2"]


def test_a_mailbox_goes_alone() -> None:
    assert names(remove(linked(), MAIL)) == ["login"]


def test_a_login_that_was_removed_in_error_comes_back_with_its_mailbox() -> None:
    timeline = remove(linked())
    last = timeline.last_sequence

    assert names(retracted(timeline, last)) == ["login", "mailbox"]
    assert names(retracted(timeline, last - 1)) == ["login", "mailbox"]


def test_a_login_that_was_added_in_error_is_voided_with_its_mailbox_but_not_the_reverse() -> None:
    timeline = linked()
    login, mailbox = timeline.recorded[-2:]

    assert names(retracted(timeline, login.sequence)) == []
    assert names(retracted(timeline, mailbox.sequence)) == ["login"]


def successor(on: date, kept: tuple[ComponentId, ...]) -> Timeline:
    command = ChangePlan(**ONE, plan="fibre", components=kept)
    return moved(linked(), command, on, catalogue=CARRYING)[1]


def test_both_go_along_to_another_plan_and_a_mailbox_without_its_login_has_a_password_of_its_own() -> None:
    both, alone = successor(march(5), (LOGIN, MAIL)), successor(march(5), (MAIL,))

    assert [one.password_of for one in components(both)] == [None, "104:login"]
    assert [one.password_of for one in components(alone)] == [None]
