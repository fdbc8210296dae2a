"""Every charge says why: facts, price, days, exact ratio, rounding, running totals, split."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from attrs import evolve

from ispcore.billing import as_text, explain
from ispcore.errors import NotFoundError
from ispcore.plans import (
    Cancel,
    ChangeDiscount,
    ChangePrice,
    CustomiseComposition,
    Discount,
    Retract,
    Suspend,
)
from tests.books import KeptBooks
from tests.catalogues import START, SUBSCRIPTION, brl, catalogue, line

LEAP_DAY = date(2012, 2, 29)


def manual(plan: str = "adsl") -> KeptBooks:
    """Return the books of the manual's example: a start on 24/02/2012, closed on 29/02/2012."""
    books = KeptBooks()
    books.open(plan, START)
    books.close(LEAP_DAY)
    return books


def text_of(books: KeptBooks, number: int = -1) -> list[str]:
    return as_text(books.explain(books.charges[number])).splitlines()


def test_the_manuals_charge_explains_itself() -> None:
    assert text_of(manual()) == [
        "ADSL: charge of 20.69 BRL, issued on 29/02/2012",
        "  id        104:plan:remainder@net:2012-02-01:0:1",
        "  cycle     01/02/2012 to 29/02/2012, 29 days",
        "  booked    account 3.1.01, company net, document nfcom",
        "  fact      Subscribed of 2012-02-24 (fact 1)",
        "  fragment  24/02/2012 to 29/02/2012, 6 days: 6 of 29",
        "  price     100.00 BRL since 01/01/2010",
        "  total     0.00 + 100.00 x 6/29 = 600/29 = 20.6897",
        "  rounded   half up to 20.69, less 0.00 before: 20.69 BRL",
        "  line    * ADSL: 600/29 = 20.6897, less 0.00 before: 20.69 BRL",
    ]


def test_the_explanation_is_values_too() -> None:
    books = manual("fibre")
    charge = books.charges[1]

    explanation = books.explain(charge)

    (part,) = explanation.parts
    films = part.shares[1]
    assert explanation.agrees
    assert [str(fact) for fact in explanation.facts] == ["Subscribed of 2012-02-24 (fact 1)"]
    assert (charge.days, charge.days_of, str(charge.key.cycle.closing_day)) == (6, 29, "2012-02-29")
    assert (part.fragment.price_since, part.fragment.composition_since) == (
        date(2010, 1, 1),
        date(2010, 1, 1),
    )
    assert (part.exact_before, part.exact_after, part.weight_of, part.cents) == (0, 72000, 29, 2483)
    assert (films.line.id, films.exact, films.charged_before, films.cents) == (
        "films",
        Fraction(18000, 29),
        0,
        621,
    )
    assert (explanation.owed, explanation.issued_before) == (charge.amount, brl("0.00"))
    assert explanation.terms.policy.rounding.value == "half_up"


def test_the_line_in_question_is_marked_among_the_others() -> None:
    assert text_of(manual("fibre"), 1)[-3:] == [
        "  line      Acesso: 480/29 = 16.5517, less 0.00 before: 16.55 BRL",
        "  line    * Filmes: 180/29 = 6.2069, less 0.00 before: 6.21 BRL",
        "  line      Fibra 300: 60/29 = 2.0690, less 0.00 before: 2.07 BRL",
    ]


def test_a_second_fragment_goes_on_from_the_total_of_the_first() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 4, 1), price=brl("10.00"))
    off = ChangeDiscount(
        subscription=SUBSCRIPTION, discount=Discount(percent=Decimal(10)), on=date(2012, 4, 21)
    )
    books.record(off)
    books.close(date(2012, 4, 30))

    assert text_of(books)[-5:] == [
        "  fragment  21/04/2012 to 30/04/2012, 10 days: 10 of 30",
        "  price     10.00 BRL since 01/04/2012, 9.00 BRL after the discount",
        "  total     6.6667 + 9.00 x 10/30 = 29/3 = 9.6667",
        "  rounded   half up to 9.67, less 6.67 before: 3.00 BRL",
        "  line    * ADSL: 29/3 = 9.6667, less 6.67 before: 3.00 BRL",
    ]


def test_a_credit_shows_what_is_owed_now_and_what_was_issued_before() -> None:
    books = manual()
    end = Cancel(subscription=SUBSCRIPTION, reason="moved", on=date(2012, 2, 26))
    books.record(end, today=date(2012, 3, 2))
    books.close(date(2012, 3, 2))

    text = text_of(books)

    assert text[0] == "ADSL: credit of 10.35 BRL, issued on 02/03/2012"
    assert text[4:6] == [
        "  fact      Subscribed of 2012-02-24 (fact 1)",
        "  fact      Cancelled of 2012-02-26 (fact 2)",
    ]
    assert text[-1] == "  issued    10.34 BRL owed, less 20.69 BRL before: -10.35 BRL"


def test_a_credit_of_everything_says_that_nothing_is_owed_any_more() -> None:
    books = manual()
    books.record(Suspend(subscription=SUBSCRIPTION, on=START), today=date(2012, 3, 2))
    books.close(date(2012, 3, 2))

    assert text_of(books)[-2:] == [
        "  owed      nothing of this cycle any more",
        "  issued    0.00 BRL owed, less 20.69 BRL before: -20.69 BRL",
    ]


def test_later_facts_and_entries_change_no_explanation() -> None:
    books = manual()
    before = text_of(books)
    change = ChangePrice(subscription=SUBSCRIPTION, price=brl("500.00"), on=START)
    books.record(change, today=date(2012, 3, 2))
    books.close(date(2012, 3, 2))

    assert text_of(books, 0) == before
    assert all(books.explain(charge).agrees for charge in books.charges)


def test_the_explanation_lists_the_facts_that_count_and_none_after_the_cycle() -> None:
    books = KeptBooks()
    books.open("adsl", date(2012, 3, 1))
    books.record(Suspend(subscription=SUBSCRIPTION, on=date(2012, 3, 10)))
    books.record(Retract(subscription=SUBSCRIPTION, fact=2), today=date(2012, 3, 12))
    books.record(Suspend(subscription=SUBSCRIPTION, on=date(2012, 4, 10)))
    books.close(date(2012, 4, 30))

    march, _ = (books.explain(charge) for charge in books.charges)

    assert [str(fact) for fact in march.facts] == ["Subscribed of 2012-03-01 (fact 1)"]


def test_a_charge_that_does_not_agree_is_told_apart() -> None:
    books = manual()
    forged = evolve(books.charges[0], amount=brl("20.70"))

    assert not books.explain(forged).agrees


def test_a_charge_cannot_be_explained_from_anothers_facts() -> None:
    books = manual()
    terms = books.closed[SUBSCRIPTION][books.charges[0].key.cycle]

    with pytest.raises(NotFoundError, match="facts of subscription"):
        explain(books.charges[0], [], terms, [])


def test_a_currency_without_cents_is_shown_without_cents() -> None:
    books = KeptBooks(catalogue(currency="JPY"))
    books.open("adsl", START)
    books.close(LEAP_DAY)

    assert text_of(books)[-3:] == [
        "  total     0 + 100 x 6/29 = 600/29 = 20.69",
        "  rounded   half up to 21, less 0 before: 21 JPY",
        "  line    * ADSL: 600/29 = 20.69, less 0 before: 21 JPY",
    ]


def test_a_line_that_came_in_mid_cycle_is_explained_by_the_fragments_it_is_in() -> None:
    books = KeptBooks()
    books.open("fibre", date(2012, 4, 1))
    own = (line("books", "70.00"),)
    books.record(CustomiseComposition(subscription=SUBSCRIPTION, lines=own, on=date(2012, 4, 16)))
    books.close(date(2012, 4, 30))

    (entry,) = [charge for charge in books.charges if charge.key.line == "books"]

    assert (entry.days, entry.days_of) == (15, 30)
    assert [str(part.fragment.period) for part in books.explain(entry).parts] == [
        "16/04/2012 to 30/04/2012, 15 days"
    ]
