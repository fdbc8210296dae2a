"""What a clerk fills in: fields that are required, lists to pick from, and what may be edited later."""

from datetime import date

import pytest

from ispcore.catalog import Bucket, read_catalogue
from ispcore.errors import DocumentError, NotFoundError, RefusedError
from ispcore.plans import (
    AddItem,
    ChangeBillingTerms,
    ChangeDiscount,
    CustomiseComposition,
    Discount,
    Subscribe,
)
from tests.catalogues import (
    CATALOGUE,
    CUSTOMER,
    SUBSCRIPTION,
    brl,
    do,
    line,
    march,
    opened,
    setting,
    subscribed,
)


@pytest.mark.covers("S0-002")
def test_every_required_field_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(DocumentError) as caught:
        read_catalogue({"currency": "BRL", "companies": {"net": {}}, "plans": {"adsl": {}}})

    told = [str(problem) for problem in caught.value.problems]
    assert "companies.net.name: This key is required." in told
    assert "plans.adsl.name: This key is required." in told


@pytest.mark.covers("S0-002")
def test_a_first_subscription_without_charge_method_and_due_day_says_that_both_are_required() -> None:
    command = Subscribe(customer=CUSTOMER, plan="adsl", status="enabled", on=march(1))

    with pytest.raises(RefusedError, match="Give both charge_method and due_day"):
        opened(command, setting(march(1)))


@pytest.mark.covers("S0-023")
def test_only_a_status_of_the_active_bucket_lists_a_subscription_as_active() -> None:
    buckets = {code: subscribed(status=code).last.bucket for code in ("awaiting", "enabled", "suspended")}

    assert buckets == {"awaiting": Bucket.PENDING, "enabled": Bucket.ACTIVE, "suspended": Bucket.INACTIVE}


@pytest.mark.covers("S0-047")
def test_a_ledger_account_is_picked_from_the_chart_and_an_unknown_one_is_answered_with_it() -> None:
    command = CustomiseComposition(subscription=SUBSCRIPTION, lines=(line("access", "60.00", account="9.9"),))

    with pytest.raises(NotFoundError, match=r"no ledger account '9\.9'") as caught:
        do(subscribed(), command, march(2))

    assert all(account in str(caught.value) for account in CATALOGUE.accounts)


@pytest.mark.covers("S0-048")
def test_a_composition_is_saved_with_all_its_lines_or_not_at_all() -> None:
    good, bad = line("access", "60.00"), line("support", "60.00")
    timeline = subscribed()

    with pytest.raises(RefusedError, match="more than the price"):
        do(timeline, CustomiseComposition(subscription=SUBSCRIPTION, lines=(good, bad)), march(2))

    saved = do(timeline, CustomiseComposition(subscription=SUBSCRIPTION, lines=(good,)), march(2))
    assert saved.last.plan.lines == (good,)


@pytest.mark.covers("S0-089")
def test_the_details_of_a_running_subscription_are_edited_one_by_one() -> None:
    timeline = do(subscribed(), ChangeBillingTerms(subscription=SUBSCRIPTION, advance=True), march(2))
    timeline = do(
        timeline,
        ChangeDiscount(subscription=SUBSCRIPTION, discount=Discount(amount=brl("5.00"))),
        march(3),
    )
    timeline = do(timeline, AddItem(subscription=SUBSCRIPTION, service="mailbox"), march(4))

    state = timeline.last
    assert (state.terms.advance, state.plan.to_pay(), len(state.items)) == (True, brl("95.00"), 2)
    assert timeline.on(date(2012, 3, 2)) != state


@pytest.mark.covers("S3-010")
def test_a_charge_method_names_the_portfolio_that_monthly_fees_are_collected_by() -> None:
    method = CATALOGUE.charge_methods[subscribed().last.terms.charge_method]

    assert (method.code, method.wallet) == ("slip", "109")
