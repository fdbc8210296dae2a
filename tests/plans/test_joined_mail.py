"""A login that is there already gets a mailbox, which has its password from then on."""

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
    RemoveComponent,
    Retract,
    Timeline,
)
from tests.catalogues import do, march
from tests.components import (
    ANA,
    CARRYING,
    LOGIN,
    MAIL,
    ONE,
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
    passwords,
    remove,
    retracted,
)


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
