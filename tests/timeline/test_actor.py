import pytest

from ispcore.errors import NotPermittedError, RefusedError
from ispcore.timeline import EVERYTHING, Actor


@pytest.mark.parametrize("permission", ["subscription.cancel", "subscription.*", EVERYTHING])
def test_a_permission_is_given_by_name_by_group_or_with_everything(permission: str) -> None:
    actor = Actor("ana", [permission])

    assert actor.may("subscription.cancel")
    actor.require("subscription.cancel")


@pytest.mark.parametrize("permission", ["subscription.suspend", "sub.*", "subscription", "cancel"])
def test_other_permissions_do_not_help(permission: str) -> None:
    assert not Actor("ana", {permission}).may("subscription.cancel")


def test_an_actor_may_nothing_unless_told() -> None:
    with pytest.raises(NotPermittedError) as caught:
        Actor("ana").require("subscription.cancel")

    assert isinstance(caught.value, RefusedError)
    assert (caught.value.actor, caught.value.permission) == ("ana", "subscription.cancel")
    assert "'subscription.cancel' is missing" in str(caught.value)
