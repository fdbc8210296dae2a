"""Roles: permissions by a name of the provider's own, checked when the catalogue is read."""

import pytest

from ispcore.catalog import SHIPPED_ROLES
from ispcore.timeline import Actor
from tests.catalog.sample import catalogue, problems


def role(permissions: object = (), extends: object = ()) -> dict[str, object]:
    return {"name": "Balcão", "permissions": permissions, "extends": extends}


def test_a_role_gives_its_permissions_and_those_of_the_roles_that_it_extends() -> None:
    found = catalogue({"roles/night": role(["payment.reverse"], ["counter"])})

    assert found.permissions_of(["night"]) > {"payment.reverse", "payment.record", "subscription.*"}
    assert Actor("rui", found.permissions_of(["night"])).may("customer.read")
    assert not Actor("rui", found.permissions_of(["night"])).may("payment.refund")


def test_several_roles_give_what_each_of_them_gives() -> None:
    found = catalogue({"roles/a": role(["payment.read"]), "roles/b": role(["payment.refund"])})

    assert found.permissions_of(["a", "b"]) == {"payment.read", "payment.refund"}


def test_no_role_and_an_unknown_one_give_nothing() -> None:
    assert catalogue().permissions_of([]) == frozenset()
    assert catalogue().permissions_of(["gone"]) == frozenset()


def test_a_role_of_the_catalogue_takes_the_place_of_the_shipped_one() -> None:
    found = catalogue({"roles/cashier": role(["payment.record"])})

    assert found.permissions_of(["cashier"]) == {"payment.record"}
    assert found.roles.keys() == {*SHIPPED_ROLES, "counter"}
    assert found.permissions_of(["finance"]) == {*SHIPPED_ROLES["finance"].permissions, "payment.record"}


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        (
            role(["payment.recrod"]),
            "roles.x.permissions[0]: There is no permission 'payment.recrod'. Did you mean 'payment.record'?",
        ),
        (
            role(["paymint.*"]),
            "roles.x.permissions[0]: There is no permission 'paymint.*'. Did you mean 'payment.*'?",
        ),
        (role([5]), "roles.x.permissions[0]: 5 is not the name of a permission. Write it as text."),
        (role([["*"]]), "roles.x.permissions[0]: A list is not the name of a permission."),
        (role([], ["raeder"]), "roles.x.extends[0]: There is no role 'raeder'. Did you mean 'reader'?"),
        (role([], ["x"]), "roles.x.extends: The role 'x' extends itself. Leave one out."),
        ({"permissions": []}, "roles.x.name: This key is required."),
    ],
)
def test_what_is_wrong_with_a_role_is_told_with_the_nearest_name(entry: object, problem: str) -> None:
    assert any(text.startswith(problem) for text in problems({"roles/x": entry}))


def test_roles_that_extend_each_other_are_told_each() -> None:
    found = problems({"roles/x": role([], ["y"]), "roles/y": role([], ["x", "counter"])})

    assert [text.partition(" ")[0] for text in found] == ["roles.x.extends:", "roles.y.extends:"]


@pytest.mark.parametrize(
    ("code", "permission", "may"),
    [
        ("reader", "customer.read", True),
        ("reader", "payment.record", False),
        ("attendant", "subscription.open", True),
        ("attendant", "subscription.price", False),
        ("cashier", "payment.record", True),
        ("cashier", "payment.reverse", False),
        ("finance", "payment.reverse", True),
        ("finance", "customer.forget", False),
        ("technician", "component.access-point", True),
        ("technician", "device.change", False),
        ("network", "device.change", True),
        ("manager", "subscription.retract", True),
        ("manager", "catalog.load", False),
        ("configurator", "catalog.load", True),
        ("configurator", "catalog.roles", False),
        ("administrator", "actor.save", True),
    ],
)
def test_the_shipped_roles_divide_the_work_of_an_office(code: str, permission: str, may: bool) -> None:
    assert Actor("rui", catalogue().permissions_of([code])).may(permission) is may
