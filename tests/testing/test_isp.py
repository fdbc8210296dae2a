"""A whole provider in memory, as an embedder's suite uses it: in one line."""

from datetime import date

import pytest

from ispcore.driver import Access, Login, Mailbox, Onu
from ispcore.errors import NotFoundError
from ispcore.plans import AddComponent, ChangePlan, Resume, Suspend
from ispcore.testing import MockIsp
from ispcore.values import SecretText, SubscriptionId

pytest_plugins = ["ispcore.testing.pytest"]


ANA = Login(username="ana", password=SecretText("Secret-1"))


def with_login(isp: MockIsp) -> SubscriptionId:
    subscription = isp.subscribe()
    isp.do(AddComponent(subscription=subscription, spec=ANA))
    return subscription


def test_what_a_command_wants_stands_on_the_device_after_the_work(isp: MockIsp) -> None:
    with_login(isp)
    assert isp.device("radius").spec("login/ana") is None

    isp.work()

    ana = isp.device("radius").spec("login/ana")
    assert isinstance(ana, Login)
    assert (ana.access, ana.download_kbit) == (Access.OPEN, 2048)
    assert isp.device("radius").secret("login/ana") == "Secret-1"


def test_the_network_follows_a_life(isp: MockIsp) -> None:
    subscription = with_login(isp)
    radius = isp.device("radius")

    def now() -> tuple[Access, int | None]:
        isp.work()
        ana = radius.spec("login/ana")
        assert isinstance(ana, Login)
        return ana.access, ana.download_kbit

    assert now() == (Access.OPEN, 2048)
    isp.do(Suspend(subscription=subscription))
    assert now()[0] is Access.REFUSED
    isp.do(Resume(subscription=subscription))
    assert now() == (Access.OPEN, 2048)
    isp.do(ChangePlan(subscription=subscription, plan="fast"))
    assert now() == (Access.OPEN, 10240)


def test_a_device_that_was_down_is_caught_up(isp: MockIsp) -> None:
    isp.device("radius").change(reachable=False)
    with_login(isp)
    isp.work()
    assert isp.device("radius").standing() == {}

    isp.device("radius").change(reachable=True)
    isp.next_day()
    isp.work()

    assert isp.device("radius").spec("login/ana") is not None


def test_work_that_is_done_is_not_done_again(isp: MockIsp) -> None:
    with_login(isp)
    isp.work()
    writes = isp.device("radius").writes

    assert isp.work().done == 0
    assert isp.device("radius").writes == writes == 1


def test_each_kind_goes_to_the_device_that_the_catalogue_names(isp: MockIsp) -> None:
    subscription = isp.subscribe()
    for spec in (Onu(serial="ZTEG00000001", port="0/1/1"), Mailbox(address="ana@isp.test")):
        isp.do(AddComponent(subscription=subscription, spec=spec))

    isp.work()

    assert isp.device("olt").log == ["create onu/ZTEG00000001"]
    assert isp.device("mail").log == ["create mailbox/ana@isp.test"]


def test_a_device_that_does_not_exist_is_named(isp: MockIsp) -> None:
    with pytest.raises(NotFoundError, match=r"There are: hosting, mail, olt"):
        isp.device("raduis")


def test_another_catalogue_brings_its_own_devices() -> None:
    with MockIsp(date(2024, 1, 1)) as isp:
        fast = isp.add_device("radius-2", fences=True)

        assert isp.device("radius-2") is fast
