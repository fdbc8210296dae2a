import pytest

from ispcore.catalog import SHIPPED_STATUSES, Bucket, Role, Serves, read_catalogue


def statuses(name: str) -> dict[str, tuple[Bucket, bool, Serves]]:
    found = read_catalogue({"currency": "BRL", "use_statuses": name}).statuses
    return {code: (status.bucket, status.bills, status.serves) for code, status in found.items()}


@pytest.mark.parametrize("name", SHIPPED_STATUSES)
def test_a_shipped_list_is_without_problems_and_plays_every_role(name: str) -> None:
    catalogue = read_catalogue({"currency": "BRL", "use_statuses": name})

    assert catalogue.statuses.keys() == SHIPPED_STATUSES[name].keys()
    assert [catalogue.status_for(role).role for role in Role] == list(Role)


@pytest.mark.covers("S4-004", "S4-005")
def test_the_trial_serves_ten_days_without_a_bill_and_then_the_service_is_enabled() -> None:
    trial = read_catalogue({"currency": "BRL"}).status("trial")

    assert trial.description == "Experimenta"
    assert (trial.days, trial.bills, trial.serves) == (10, False, Serves.FULL)
    assert trial.next is not None
    assert (trial.next.description, trial.next.bills) == ("Serviço Habilitado", True)


def test_only_the_enabled_status_bills() -> None:
    for name in SHIPPED_STATUSES:
        assert [code for code, (_, bills, _) in statuses(name).items() if bills] == ["enabled"]


def test_an_administrative_suspension_serves_and_does_not_bill() -> None:
    assert statuses("integrator")["admin_suspended"] == (Bucket.INACTIVE, False, Serves.FULL)
