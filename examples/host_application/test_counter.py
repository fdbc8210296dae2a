"""What the application's users rely on."""

from datetime import date

from application import Counter

from conftest import CLERK
from ispcore import Provider
from ispcore.testing import MovableClock
from ispcore.values import CustomerId


def test_a_sale_on_the_24th_is_billed_for_six_days(counter: Counter, provider: Provider) -> None:
    maria = counter.sell("Maria", city="Londrina", plan="fibre", due_day=10)
    provider.close(date(2012, 2, 29), actor=CLERK)

    assert counter.owes(CustomerId(int(maria))) == {date(2012, 3, 10): "31.03 BRL"}


def test_a_customer_elsewhere_is_told_why_nothing_can_be_sold(counter: Counter) -> None:
    answer = counter.sell("Maria", city="Curitiba", plan="fibre", due_day=10)

    assert str(answer).startswith("No business unit serves 'Curitiba'")


def test_a_sale_counts_from_the_day_it_is_made(
    counter: Counter, provider: Provider, ispcore_clock: MovableClock
) -> None:
    ispcore_clock.move_to(date(2012, 3, 1))
    maria = counter.sell("Maria", city="Londrina", plan="fibre", due_day=10)
    run = provider.close(date(2012, 3, 31), actor=CLERK)

    assert str(run.charged["BRL"]) == "150.00 BRL"
    assert counter.owes(CustomerId(int(maria))) == {date(2012, 4, 10): "150.00 BRL"}
