"""A login and the mailbox that belongs to it: one name, one password, and they come and go together."""

from datetime import date
from typing import Any

import pytest
from attrs import evolve

from ispcore.driver import Login, Mailbox, SecretRef
from ispcore.errors import InvalidValueError, RefusedError
from ispcore.plans import (
    AddComponent,
    Cancel,
    ChangeComponent,
    ChangePassword,
    ChangePlan,
    Component,
    RemoveComponent,
    Retract,
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

OLD, NEW = SecretRef("old"), SecretRef("new")
WITH_OLD = Login(username="ana", password=OLD)


def opened_with(plan: str) -> Timeline:
    return subscribed(plan, at=setting(START, catalogue=CARRYING))


def linked(plan: str = "linked", **more: Any) -> Timeline:
    """Return a subscription whose login has a mailbox."""
    return add(opened_with(plan), WITH_OLD, mail_domain="isp.test", **more)


def change_password(timeline: Timeline, component: ComponentId = LOGIN, **what: Any) -> Timeline:
    return do(timeline, ChangePassword(**ONE, component=component, **what), START, catalogue=CARRYING)


def remove(timeline: Timeline, component: ComponentId = LOGIN) -> Timeline:
    return do(timeline, RemoveComponent(**ONE, component=component), START, catalogue=CARRYING)


def retracted(timeline: Timeline, fact: int) -> Timeline:
    return do(timeline, Retract(**ONE, fact=fact), START, catalogue=CARRYING)


def passwords(timeline: Timeline) -> dict[str, object]:
    specs: list[tuple[str, Any]] = [(one.id, one.spec) for one in components(timeline)]
    return {name: spec.password for name, spec in specs}


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


# --- a mailbox for a login that is there already


def joined(timeline: Timeline, spec: Any = None, **more: Any) -> Timeline:
    return add(timeline, spec, **{"password_of": LOGIN, **more})


def test_a_login_gets_a_mailbox_of_its_name_and_password_later() -> None:
    assert components(joined(carried("fibre", WITH_OLD), mail_domain="ISP.test")) == components(
        linked("fibre")
    )


def test_a_mailbox_of_another_name_may_have_the_login_s_password() -> None:
    timeline = joined(carried("fibre", WITH_OLD), box("sales"))

    assert components(timeline)[-1].spec == Mailbox(address="sales@isp.test", password=OLD)
    assert passwords(change_password(timeline, password=NEW)) == {"login": NEW, "mailbox": NEW}
    assert names(remove(timeline)) == []


def test_a_mailbox_that_counts_from_before_has_the_password_of_now() -> None:
    changing = ChangePassword(**ONE, component=LOGIN, password=NEW)
    changed = do(carried("fibre", WITH_OLD), changing, march(9), catalogue=CARRYING)
    command = AddComponent(**ONE, password_of=LOGIN, mail_domain="isp.test", on=march(5))

    timeline = do(changed, command, march(9), catalogue=CARRYING)

    mailbox = next(one for one in components(timeline) if one.id == MAIL)
    assert (mailbox.since, mailbox.spec) == (march(5), Mailbox(address="ana@isp.test", password=NEW))


def test_a_mailbox_that_came_later_is_voided_with_its_login() -> None:
    before = carried("fibre", WITH_OLD)
    both = joined(before, mail_domain="isp.test")

    assert names(retracted(both, before.last_sequence)) == []
    assert names(retracted(both, both.last_sequence)) == ["login"]


def at(day: int, timeline: Timeline, command: Any) -> Timeline:
    return do(timeline, command, march(day), catalogue=CARRYING)


JOIN = AddComponent(**ONE, password_of=LOGIN, mail_domain="isp.test")
NO_LOGIN, NO_MAIL = RemoveComponent(**ONE, component=LOGIN), RemoveComponent(**ONE, component=MAIL)
CHANGE = ChangePassword(**ONE, component=LOGIN, password=NEW)


def every_name(timeline: Timeline) -> set[str]:
    return {one.id for span in timeline.spans for one in span.state.components}


def test_one_that_came_and_went_is_voided_with_its_login_on_all_its_days() -> None:
    before = carried("fibre", WITH_OLD)
    timeline = at(4, at(2, before, JOIN), NO_MAIL)
    timeline = add(timeline, box("bia"), today=march(5))

    assert every_name(at(6, timeline, Retract(**ONE, fact=before.last_sequence))) == {"mailbox-2"}


def test_a_login_that_came_anew_is_voided_without_the_mailbox_of_the_one_before() -> None:
    first = carried("fibre", WITH_OLD)
    gone = at(10, at(5, first, JOIN), NO_LOGIN)
    bia = at(12, gone, AddComponent(**ONE, spec=Login(username="bia"), component=LOGIN))
    with pytest.raises(RefusedError, match="no component 'login'"):
        at(13, bia, Retract(**ONE, fact=first.last_sequence))

    left = at(13, bia, Retract(**ONE, fact=bia.last_sequence))

    assert (names(left), every_name(left)) == ([], {"login", "mailbox"})


def test_a_change_of_before_is_not_retracted_nor_given_late_so_that_one_has_another_password() -> None:
    changed = at(3, carried("fibre", WITH_OLD), CHANGE)
    both, other = at(5, changed, JOIN), at(5, carried("fibre", WITH_OLD), JOIN)
    spec = Login(username="ana", password=NEW)

    for timeline, late in [
        (both, Retract(**ONE, fact=changed.last_sequence)),
        (other, evolve(CHANGE, on=march(3))),
        (other, ChangeComponent(**ONE, component=LOGIN, spec=spec, on=march(3))),
    ]:
        with pytest.raises(RefusedError, match="on 2012-03-05 'mailbox' came to share a password") as no:
            at(9, timeline, late)
        assert no.value.rule == "password-shared"
    assert passwords(at(9, other, evolve(CHANGE, on=march(3), alone=True))) == {"login": NEW, "mailbox": OLD}


def test_two_that_were_parted_on_purpose_stay_so_whatever_is_retracted() -> None:
    parted = at(5, linked(), evolve(CHANGE, alone=True))
    apart = {"login": NEW, "mailbox": OLD}
    together = at(6, parted, ChangePassword(**ONE, component=LOGIN, password=SecretRef("third")))
    voided = at(6, parted, Retract(**ONE, fact=parted.last_sequence))
    cancelled = at(6, parted, Cancel(**ONE, on=march(3), reason="moved"))

    for timeline in (together, voided, cancelled):
        assert passwords(at(7, timeline, Retract(**ONE, fact=timeline.last_sequence))) == apart


def test_no_mailbox_is_left_without_the_login_whose_password_it_has() -> None:
    early = evolve(JOIN, on=march(5))
    gone = at(10, carried("fibre", WITH_OLD), NO_LOGIN)
    other = at(12, gone, AddComponent(**ONE, spec=Login(username="bia"), component=LOGIN))
    both = at(5, carried("fibre", WITH_OLD), JOIN)

    for timeline, command in [(gone, early), (other, early), (both, evolve(NO_LOGIN, on=march(3)))]:
        with pytest.raises(RefusedError, match="'mailbox' would have the password of a login that") as no:
            at(15, timeline, command)
        assert no.value.rule == "password-of-nothing"


def test_a_mailbox_that_comes_back_when_its_login_has_gone_has_its_password_for_itself() -> None:
    timeline = at(4, at(3, linked(), NO_MAIL), NO_LOGIN)

    back = at(5, timeline, Retract(**ONE, fact=timeline.last_sequence - 1))

    assert [(one.id, one.password_of) for one in components(back)] == [("mailbox", None)]


def test_another_login_of_the_same_name_gives_its_password_to_mailboxes_of_its_own() -> None:
    gone = at(10, carried("fibre", WITH_OLD), NO_LOGIN)
    bia = AddComponent(**ONE, spec=Login(username="bia", password=NEW), component=LOGIN)

    (_, mail) = components(at(13, at(12, gone, bia), JOIN))

    assert mail.spec == Mailbox(address="bia@isp.test", password=NEW)


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        ({}, "is one mailbox"),
        ({"spec": ANA}, "is one mailbox"),
        ({"spec": ANA, "mail_domain": "isp.test"}, "is one mailbox"),
        ({"spec": box("sales"), "mail_domain": "isp.test"}, "is one mailbox"),
        ({"spec": Mailbox(address="a@isp.test", password=NEW)}, "or one of its own"),
        ({"resource": "7:mailbox", "mail_domain": "isp.test"}, "or one of its own"),
        ({"password_of": MAIL, "mail_domain": "isp.test"}, "is a mailbox, whose password no mailbox shares"),
    ],
)
def test_what_shares_the_login_s_password_is_one_mailbox(wanted: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidValueError, match=told):
        joined(add(carried("fibre", WITH_OLD), box("bia")), **wanted)


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
