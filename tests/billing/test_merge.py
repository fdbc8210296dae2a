"""The difference of what is owed and what was issued is all that a closing issues."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from ispcore.billing import ChargeKey, Desired, charge_id, merge
from ispcore.plans import cycle_holding
from ispcore.values import ItemId, LineId, Money, SubscriptionId
from tests.billing.lives import cents
from tests.catalogues import line

CYCLE = cycle_holding(date(2012, 3, 1), 31)


def key(name: str) -> ChargeKey:
    return ChargeKey(SubscriptionId(104), ItemId("plan"), LineId(name), "main", CYCLE)


def want(name: str, amount: int) -> Desired:
    return Desired(key(name), cents(amount), line(name, "1.00"), ())


def differences(desired: list[Desired], issued: dict[ChargeKey, Money]) -> dict[str, int]:
    return {one.key.line: one.amount.minor for one in merge(desired, issued)}


def test_what_is_missing_is_issued_and_what_is_too_much_is_taken_back() -> None:
    issued = {key("less"): cents(5), key("more"): cents(5), key("gone"): cents(5), key("same"): cents(5)}

    assert differences([want("less", 8), want("more", 2), want("new", 4), want("same", 5)], issued) == {
        "less": 3,
        "more": -3,
        "new": 4,
        "gone": -5,
    }


def test_a_zero_is_issued_once() -> None:
    assert differences([want("free", 0)], {}) == {"free": 0}
    assert differences([want("free", 0)], {key("free"): cents(0)}) == {}
    assert differences([], {key("free"): cents(0)}) == {}


amounts = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 3))


@given(amounts, amounts)
def test_what_was_issued_and_the_difference_make_what_is_owed(
    owed: dict[str, int], net: dict[str, int]
) -> None:
    desired = [want(name, amount) for name, amount in owed.items()]
    issued = {key(name): cents(amount) for name, amount in net.items()}

    after = {name: net.get(name, 0) for name in {*owed, *net}}
    for difference in merge(desired, issued):
        after[difference.key.line] += difference.amount.minor
        issued[difference.key] = cents(after[difference.key.line])

    assert after == {name: owed.get(name, 0) for name in after}
    assert list(merge(desired, issued)) == []


def test_an_entrys_name_says_whose_what_when_and_after_which_fact() -> None:
    assert charge_id(key("access"), 7) == "104:plan:access@main:2012-03-01:0:7"
