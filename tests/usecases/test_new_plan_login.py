"""The login of a new plan: made with it, with its mailbox or without, or left for later."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ispcore.app import Provider
from ispcore.errors import DocumentError, NotPermittedError, RefusedError
from ispcore.storage import SqlDatabase, new_key
from ispcore.timeline import Actor
from ispcore.usecases import NewPlanDraft, NewPlanStep
from ispcore.values import CustomerId, SecretText, SubscriptionId
from tests.components import SECTIONS
from tests.providers import ANA, Office, address, open_office

TYPED = SecretText("correct horse")
POINTS = {**SECTIONS["access_points"], "tower": {**SECTIONS["access_points"]["tower"], "city": "Londrina"}}
ANSWERS: dict[str, Any] = {
    "detail": {"plan": "fibre", "on": "2012-02-24", "status": "enabled"},
    "billing": {"charge_method": "slip", "due_day": 10},
    "contract": {},
    "services": {},
}
ANAS = {"username": "Ana", "mail_domain": "isp.test", "access_point": "tower"}


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """An office whose catalogue carries components, and which has a key for secrets."""
    with open_office(tmp_path / "provider.db") as office:
        office.provider.close_database()
        key = new_key()
        office.database = SqlDatabase(office.url, secret_keys=lambda: (key,))
        office.provider = Provider(office.database, clock=office.clock)
        office.load(**{**SECTIONS, "access_points": POINTS})
        yield office


def drafted(office: Office, login: dict[str, Any], *, plan: str = "fibre") -> NewPlanDraft:
    """Return a draft of a new customer's in which every step is answered."""
    answers = {**ANSWERS, "detail": {**ANSWERS["detail"], "plan": plan}, "login": login}
    draft = office.provider.new_plan.begin(office.register(), actor=ANA)
    for step in NewPlanStep:
        draft = office.provider.new_plan.answer(draft, step, answers[step.value], actor=ANA)
    return draft


def problems(office: Office, fields: dict[str, Any], plan: str = "fibre") -> list[str]:
    """Return what is wrong with the *fields* of the step about the login."""
    with pytest.raises(DocumentError) as refused:
        drafted(office, fields, plan=plan)
    return [str(problem) for problem in refused.value.problems]


def passwords(office: Office, subscription: SubscriptionId) -> dict[str, str]:
    found = {}
    with office.database.reading() as work:
        for one in work.subscriptions.get(subscription)[0].last.components:
            spec: Any = one.spec
            found[str(one.id)] = work.secrets.resolve(spec.password).reveal()
    return found


@pytest.mark.covers("S0-074", "S3-015", "S3-016")
def test_a_plan_is_opened_with_a_login_and_its_mailbox(office: Office) -> None:
    opened, added = office.provider.new_plan.finish(drafted(office, ANAS), actor=ANA, password=TYPED)

    state = office.provider.subscription(opened.subscription, actor=ANA).state
    specs: list[Any] = [one.spec for one in state.components]
    assert (specs[0].username, specs[1].address) == ("ana", "ana@isp.test")
    assert state.components[0].access_point == "tower"
    assert passwords(office, opened.subscription) == {"login": "correct horse", "mailbox": "correct horse"}
    assert added.password is None


@pytest.mark.covers("S3-016")
def test_a_password_that_nobody_typed_is_made_up_and_told_at_the_end(office: Office) -> None:
    opened, added = office.provider.new_plan.finish(drafted(office, {"username": "ana"}), actor=ANA)

    assert added.password is not None
    assert passwords(office, opened.subscription) == {"login": added.password.reveal()}


@pytest.mark.covers("S0-074")
def test_the_rest_may_be_saved_without_a_login(office: Office) -> None:
    (opened,) = office.provider.new_plan.finish(drafted(office, {}), actor=ANA)

    assert passwords(office, opened.subscription) == {}


def test_the_summary_shows_what_would_stand_on_devices_and_keeps_nothing(office: Office) -> None:
    draft = drafted(office, ANAS)
    before = office.dump()

    summary = office.provider.new_plan.summary(draft, actor=ANA)

    assert {move.placement for one in summary.recorded for move in one.moves} == {
        "1:login@radius-1",
        "1:mailbox@mail-1",
    }
    assert office.dump() == before


@pytest.mark.covers("S3-015")
def test_a_name_that_somebody_has_anywhere_refuses_the_plan_whole(office: Office) -> None:
    office.provider.new_plan.finish(drafted(office, ANAS), actor=ANA)
    draft = drafted(office, {"username": "ANA"})
    before = office.dump()

    for call in (office.provider.new_plan.summary, office.provider.new_plan.finish):
        with pytest.raises(RefusedError, match="'login/ana' on 'radius-0' is taken") as refused:
            call(draft, actor=ANA)

        assert refused.value.rule == "claim-taken"
    assert office.dump() == before


def test_no_password_stands_in_a_draft(office: Office) -> None:
    draft = drafted(office, ANAS)

    kept = NewPlanDraft.of(json.loads(json.dumps(draft.plain())))

    assert kept.answers["login"] == ANAS
    assert problems(office, {**ANAS, "password": "correct horse"})[0].startswith("password: This key is not")


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"username": "ana souza"}, ["username"]),
        ({"username": " ana"}, ["username"]),
        ({"username": "ana", "access_point": "roof"}, ["access_point"]),
        ({"username": "ana", "mail_domain": "isp"}, ["mail_domain"]),
        ({"mail_domain": "isp.test", "access_point": "tower"}, ["mail_domain", "access_point"]),
        ({"username": "ana", "password": "correct horse"}, ["password"]),
    ],
)
def test_the_step_names_every_field_that_is_wrong(
    office: Office, fields: dict[str, Any], wrong: list[str]
) -> None:
    assert [problem.partition(":")[0] for problem in problems(office, fields)] == wrong


def test_a_plan_that_links_logins_to_mail_asks_for_the_domain(office: Office) -> None:
    (problem,) = problems(office, {"username": "ana"}, plan="linked")

    assert problem.startswith(
        "mail_domain: A login of the plan 'linked' has a mailbox, and no domain is given"
    )


def test_who_may_not_add_components_opens_no_plan_with_a_login(office: Office) -> None:
    seller = Actor("rui", {"subscription.open"})
    draft = drafted(office, ANAS)
    before = office.dump()

    with pytest.raises(NotPermittedError, match=r"'component\.add' is missing"):
        office.provider.new_plan.finish(draft, actor=seller)

    assert office.dump() == before


@pytest.mark.covers("S2-044")
def test_access_points_are_those_of_the_city_and_of_none(office: Office) -> None:
    def points(customer: CustomerId, **detail: str) -> dict[str, str]:
        draft = NewPlanDraft(customer, {"detail": detail})
        return dict(office.provider.new_plan.choices(draft, actor=ANA).access_points)

    here = office.register()
    both = office.register(addresses=(address("home", "Londrina"), address("farm", "Maringá")))

    assert points(here) == {"cabinet": "Armário", "tower": "Torre"}
    assert points(both, address="farm") == {"cabinet": "Armário"}
