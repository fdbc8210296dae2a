import pytest

from ispcore.catalog import BusinessUnit, unit_of
from ispcore.errors import RefusedError

LONDRINA = BusinessUnit(
    "londrina",
    "Londrina",
    cities=["Londrina"],
    plans=["adsl"],
    charge_methods=["slip"],
    due_days=frozenset({5, 10}),
)
EVERYWHERE = BusinessUnit("all", "Elsewhere")


@pytest.mark.covers("S0-018", "S0-020")
def test_a_unit_sells_the_plans_attached_to_it() -> None:
    LONDRINA.check_plan("adsl")
    with pytest.raises(RefusedError, match=r"does not sell the plan 'fibre'. It sells: adsl") as caught:
        LONDRINA.check_plan("fibre")
    with pytest.raises(RefusedError, match=r"It sells: nothing yet"):
        EVERYWHERE.check_plan("adsl")

    assert caught.value.rule == "plan-not-in-unit"


@pytest.mark.covers("S0-018")
def test_a_unit_charges_by_its_own_methods() -> None:
    LONDRINA.check_charge_method("slip")
    with pytest.raises(RefusedError, match=r"does not charge by 'card'. It charges by: slip"):
        LONDRINA.check_charge_method("card")
    with pytest.raises(RefusedError, match=r"nothing yet"):
        EVERYWHERE.check_charge_method("slip")


@pytest.mark.covers("S0-018", "S0-035")
def test_a_unit_offers_its_due_days_or_any() -> None:
    LONDRINA.check_due_day(5)
    EVERYWHERE.check_due_day(31)
    with pytest.raises(RefusedError, match=r"has no due day 7. Its due days are: 5, 10"):
        LONDRINA.check_due_day(7)


def test_the_unit_follows_from_the_first_city_that_any_unit_names() -> None:
    units = [EVERYWHERE, LONDRINA]

    assert unit_of(units, ["LONDRINA", "Maringá"]) == LONDRINA
    assert unit_of(units, ["Maringá", "Londrina"]) == LONDRINA
    assert unit_of(units, ["Maringá"]) == EVERYWHERE
    assert unit_of(units, []) == EVERYWHERE


def test_a_city_without_a_unit_is_refused() -> None:
    with pytest.raises(RefusedError, match=r"No business unit serves 'Maringá' or 'Cambé'"):
        unit_of([LONDRINA], ["Maringá", "Cambé"])
    with pytest.raises(RefusedError, match=r"No business unit serves 'Maringá'\."):
        unit_of([LONDRINA], ["Maringá", "Maringá"])
    with pytest.raises(RefusedError, match=r"a customer without a city"):
        unit_of([LONDRINA], [])
