"""Which fiscal documents should be asked for, as the difference to what stands."""

from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from ispcore.billing import (
    DebitKind,
    Document,
    DocumentDraft,
    Documented,
    DocumentKind,
    DocumentState,
    ReceivableBalance,
    SourceKind,
    advance_day,
    check_move,
    desired_corrections,
    desired_documents,
    group_of,
)
from ispcore.catalog import AdvanceMonth, DocumentCovers, DocumentDue, DocumentRule, Target
from ispcore.errors import RefusedError
from ispcore.values import ChargeId, CustomerId, DocumentId, SubscriptionId
from tests.billing.test_settled import receivable
from tests.catalogues import brl

MARCH = date(2026, 3, 1)
RULES = {"nfcom": DocumentRule(DocumentDue.ON_DUE_DAY, covers=DocumentCovers.ALL)}


def owed(number: int = 1, amount: str = "100.00", **more: Any) -> ReceivableBalance:
    settled = more.pop("settled", {})
    named = {"document_type": "nfcom", "company": "net"}
    target = Target("3.1", **{key: more.pop(key, usual) for key, usual in named.items()}, charge_method=None)
    one = evolve(receivable(amount), id=ChargeId(f"r{number}"), target=target)
    return ReceivableBalance.of(evolve(one, **{"due_on": date(2026, 3, 10), **more}), settled)


def asked(*rows: ReceivableBalance, on: date = date(2026, 3, 10), **rule: Any) -> tuple[DocumentDraft, ...]:
    rules = {"nfcom": evolve(RULES["nfcom"], **rule)}
    return desired_documents(rows, {}, rules, on)


def test_receivables_of_one_company_type_and_month_go_on_one_document() -> None:
    (document,) = asked(owed(1, "10.00"), owed(2, "20.00"))

    assert [line.amount for line in document.lines] == [brl("10.00"), brl("20.00")]
    assert document.total == brl("30.00")


@pytest.mark.parametrize(
    "other",
    [
        {"company": "media"},
        {"document_accrual": date(2026, 4, 1)},
        {"customer": CustomerId(2)},
        {"separate_document": True},
    ],
)
@pytest.mark.covers("S0-031", "S3-049")
def test_what_differs_in_company_month_customer_or_is_separate_has_its_own(other: dict[str, Any]) -> None:
    assert len(asked(owed(1), owed(2, **other))) == 2


def test_two_separate_documents_of_one_customer_come_in_the_order_of_their_subscriptions() -> None:
    second = evolve(receivable().key, subscription=SubscriptionId(200))
    found = asked(owed(1, separate_document=True, key=second), owed(2), owed(3, separate_document=True))

    assert [document.group.apart for document in found] == [None, 104, 200]


@pytest.mark.covers("S3-068")
@pytest.mark.parametrize(
    ("rule", "on", "settled", "due"),
    [
        ({"due": DocumentDue.NEVER}, date(2026, 12, 1), {}, False),
        ({"due": DocumentDue.ON_DUE_DAY}, date(2026, 3, 9), {}, False),
        ({"due": DocumentDue.ON_DUE_DAY}, date(2026, 3, 10), {}, True),
        ({"due": DocumentDue.ON_RECEIPT}, date(2026, 3, 30), {SourceKind.PAYMENT: 9_999}, False),
        ({"due": DocumentDue.ON_RECEIPT}, date(2026, 3, 1), {SourceKind.PAYMENT: 10_000}, True),
        ({"due": DocumentDue.ON_RECEIPT}, date(2026, 3, 30), {SourceKind.WRITE_OFF: 10_000}, False),
        ({"due": DocumentDue.IN_ADVANCE, "day": 5}, date(2026, 3, 4), {}, False),
        ({"due": DocumentDue.IN_ADVANCE, "day": 5}, date(2026, 3, 5), {}, True),
    ],
)
def test_a_document_is_due_as_its_type_says(
    rule: dict[str, Any], on: date, settled: dict[SourceKind, int], due: bool
) -> None:
    assert bool(asked(owed(settled=settled), on=on, **rule)) is due


@pytest.mark.covers("S3-071", "S3-072")
@pytest.mark.parametrize(
    ("due_on", "day", "month", "asked_on"),
    [
        (date(2026, 3, 10), 5, AdvanceMonth.CURRENT, date(2026, 3, 5)),
        (date(2026, 3, 10), 5, AdvanceMonth.NEXT, date(2026, 2, 5)),
        (date(2026, 3, 10), 31, AdvanceMonth.NEXT, date(2026, 2, 28)),
        (date(2026, 1, 10), 20, AdvanceMonth.NEXT, date(2025, 12, 20)),
        (date(2028, 2, 10), 30, AdvanceMonth.CURRENT, date(2028, 2, 29)),
    ],
)
def test_a_document_in_advance_has_its_day_in_the_month_of_the_due_date_or_before(
    due_on: date, day: int, month: AdvanceMonth, asked_on: date
) -> None:
    rule = DocumentRule(DocumentDue.IN_ADVANCE, day, month)

    assert advance_day(due_on, rule) == asked_on


@pytest.mark.covers("S3-070")
@pytest.mark.parametrize("kind", list(DebitKind))
def test_a_type_covers_fees_alone_or_whatever_is_owed(kind: DebitKind) -> None:
    assert bool(asked(owed(kind=kind), covers=DocumentCovers.FEES)) is (kind is DebitKind.FEE)
    assert asked(owed(kind=kind), covers=DocumentCovers.ALL)


def test_what_was_issued_before_the_first_day_of_a_type_gets_no_document() -> None:
    assert asked(owed(issued_on=date(2025, 12, 31)), since=date(2026, 1, 1)) == ()
    assert asked(owed(issued_on=date(2026, 1, 1)), since=date(2026, 1, 1))


def test_what_was_credited_before_is_not_on_the_document() -> None:
    (document,) = asked(owed(settled={SourceKind.CREDIT: 1_000}))

    assert document.total == brl("90.00")
    assert asked(owed(settled={SourceKind.CREDIT: 10_000})) == ()


def test_what_stands_on_a_document_and_what_has_no_rule_is_left_alone() -> None:
    assert desired_documents([owed(1)], {ChargeId("r1"): "document"}, RULES, MARCH.replace(day=31)) == ()
    assert desired_documents([owed(1, document_type="none")], {}, RULES, MARCH.replace(day=31)) == ()


@pytest.mark.parametrize(("credited", "corrected"), [(0, None), (1_000, "10.00"), (10_000, "100.00")])
def test_what_is_credited_after_its_document_stands_in_a_correction(
    credited: int, corrected: str | None
) -> None:
    one = owed(settled={SourceKind.CREDIT: credited})
    documented = {one.receivable.id: Documented(DocumentId(7), group_of(one), brl("100.00"))}

    found = desired_corrections([one, owed(2)], documented)

    assert [(draft.kind, draft.about, str(draft.total.amount)) for draft in found] == (
        [] if corrected is None else [(DocumentKind.CORRECTION, 7, corrected)]
    )


@given(
    st.lists(st.tuples(st.integers(1, 10_000), st.sampled_from(["net", "media"]), st.booleans()), max_size=8)
)
def test_asking_for_what_is_desired_leaves_nothing_to_ask_for(rows: list[tuple[int, str, bool]]) -> None:
    each = [
        owed(number, f"{Decimal(minor) / 100:.2f}", company=company, separate_document=apart)
        for number, (minor, company, apart) in enumerate(rows)
    ]

    found = asked(*each)
    standing = {line.receivable: draft for draft in found for line in draft.lines}

    assert desired_documents(each, standing, RULES, date(2026, 3, 10)) == ()
    assert sum(draft.total.minor for draft in found) == sum(minor for minor, _, _ in rows)
    assert len(standing) == sum(len(draft.lines) for draft in found) == len(rows)


_ALLOWED = {
    ("pending", "authorised"),
    ("pending", "rejected"),
    ("authorised", "cancelling"),
    ("cancelling", "cancelled"),
    ("cancelling", "authorised"),
    ("rejected", "cancelled"),
    ("rejected", "replaced"),
    ("cancelled", "replaced"),
}


@pytest.mark.parametrize(("state", "to"), list(product(DocumentState, DocumentState)))
def test_a_document_becomes_only_what_can_follow(state: DocumentState, to: DocumentState) -> None:
    (draft,) = asked(owed())
    document = Document(DocumentId(1), draft, state, MARCH)

    if (state.value, to.value) in _ALLOWED:
        check_move(document, to)
    else:
        with pytest.raises(RefusedError, match=f"Document 1 is {state.value}, it cannot become {to.value}"):
            check_move(document, to)
