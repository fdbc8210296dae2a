"""Fiscal documents are asked for once, issued by whoever issues them, cancelled, and asked for again."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from attrs import define, field

from ispcore.billing import DocumentState
from ispcore.errors import NotFoundError, RefusedError
from ispcore.hooks import FileIssuer
from ispcore.usecases import (
    Authorised,
    DocumentIssuer,
    DocumentRequest,
    IssuedDocuments,
    Rejected,
    Waive,
)
from ispcore.values import CustomerId, DocumentId
from tests.catalogues import DOCUMENT, brl
from tests.providers import ANA, NOBODY, Office

LEAP_DAY = date(2012, 2, 29)
DUE = date(2012, 3, 10)


@define
class Hall:
    """Answers what it was told to answer, and remembers what it was asked."""

    answers: list[Any] = field(factory=list)
    asked: list[Any] = field(factory=list)

    def issue(self, request: DocumentRequest) -> Authorised | Rejected:
        self.asked.append(request)
        return self._answer(f"NF-{request.number}")

    def cancel(self, number: DocumentId, reference: str, reason: str) -> Authorised | Rejected:
        self.asked.append((number, reference, reason))
        return self._answer(reference)

    def _answer(self, reference: str) -> Authorised | Rejected:
        answer = self.answers.pop(0) if self.answers else Authorised(reference)
        if isinstance(answer, BaseException):
            raise answer
        assert isinstance(answer, Authorised | Rejected)
        return answer


@pytest.fixture
def customer(office: Office) -> CustomerId:
    rule = {"asked_for": "on_due_day", "text": "Lei 12.741", "issuer": "hall"}
    office.load(document_types={**DOCUMENT["document_types"], "nfcom": {"name": "NFCom", **rule}})
    number = office.register(tax_id="123")
    office.subscribe(number)
    office.close(LEAP_DAY)
    return number


def issued(office: Office, hall: DocumentIssuer) -> IssuedDocuments:
    return office.provider.documents.issue(issuers={"hall": hall}, actor=ANA)


def ask(office: Office, on: date = DUE) -> list[DocumentId]:
    office.clock.move_to(on)
    return [one.id for one in office.provider.documents.ask(on, actor=ANA).documents]


def state(office: Office, document: DocumentId) -> DocumentState:
    return office.provider.documents.get(document, actor=ANA).state


def test_a_document_is_asked_for_on_its_day_and_once(office: Office, customer: CustomerId) -> None:
    assert ask(office, date(2012, 3, 9)) == []
    (previewed,) = office.provider.documents.preview(DUE, actor=ANA)
    (document,) = ask(office)
    assert ask(office, date(2012, 3, 20)) == []

    one = office.provider.documents.get(document, actor=ANA)
    assert (one.draft, one.state, one.text) == (previewed, DocumentState.PENDING, "Lei 12.741")
    assert office.provider.documents.of_customer(customer, actor=ANA) == (one,)
    assert office.provider.documents.listed(state=DocumentState.REJECTED, actor=ANA) == ()


def test_an_issuer_is_told_everything_and_its_answer_is_kept(office: Office, customer: CustomerId) -> None:
    (document,) = ask(office)
    hall = Hall()

    assert issued(office, hall) == IssuedDocuments(authorised=1)
    assert issued(office, hall) == IssuedDocuments()

    (request,) = hall.asked
    assert (request.seller.name, request.customer.name, request.customer.tax_id) == (
        "Rede Ltda",
        "Ana Souza",
        "123",
    )
    assert (request.accrual, request.total, request.text) == (date(2012, 3, 1), brl("20.69"), "Lei 12.741")
    one = office.provider.documents.get(document, actor=ANA)
    assert (one.state, one.reference) == (DocumentState.AUTHORISED, f"NF-{document}")
    told = [(was.value, who) for was, _, who, _ in office.provider.documents.history(document, actor=ANA)]
    assert told == [("pending", "ana"), ("authorised", "ana")]
    assert customer


def test_an_answer_that_comes_late_does_not_undo_what_another_one_said(
    office: Office, customer: CustomerId
) -> None:
    (document,) = ask(office)
    quick = Hall()

    class Slow(Hall):
        def issue(self, request: DocumentRequest) -> Authorised | Rejected:
            office.clock.instant += timedelta(minutes=11)
            assert issued(office, quick) == IssuedDocuments(authorised=1)
            return Rejected("It has been issued before.")

    assert issued(office, Slow()) == IssuedDocuments(authorised=1)

    assert customer
    told = [was.value for was, *_ in office.provider.documents.history(document, actor=ANA)]
    assert told == ["pending", "authorised"]


def test_an_issuer_without_an_answer_is_asked_again_later_and_at_last_a_person(
    office: Office, customer: CustomerId
) -> None:
    (document,) = ask(office)
    hall = Hall(answers=[OSError("no line")] * 11)

    assert issued(office, hall) == IssuedDocuments(unanswered=1)
    assert issued(office, hall) == IssuedDocuments()
    assert "OSError: no line" in str(office.provider.documents.get(document, actor=ANA).message)
    for day in range(11, 25):
        office.clock.move_to(date(2012, 3, day))
        issued(office, hall)
    assert len(hall.asked) == 10

    office.provider.documents.retry(document, actor=ANA)
    hall.answers = []
    assert issued(office, hall) == IssuedDocuments(authorised=1)
    assert customer


def test_a_document_that_a_killed_process_took_comes_again_with_the_same_number(
    office: Office, customer: CustomerId
) -> None:
    (document,) = ask(office)
    with pytest.raises(KeyboardInterrupt):
        issued(office, Hall(answers=[KeyboardInterrupt()]))

    assert issued(office, Hall()) == IssuedDocuments()
    office.clock.move_to(date(2012, 3, 11))
    hall = Hall()
    assert issued(office, hall) == IssuedDocuments(authorised=1)
    assert [request.number for request in hall.asked] == [document]
    assert customer


@pytest.mark.covers("S0-265")
def test_a_document_is_cancelled_edited_and_asked_for_again(office: Office, customer: CustomerId) -> None:
    (document,) = ask(office)
    hall = Hall()
    issued(office, hall)
    desk = office.provider.documents

    desk.cancel(document, "wrong taxation", actor=ANA)
    assert state(office, document) is DocumentState.CANCELLING
    assert issued(office, hall) == IssuedDocuments(cancelled=1)
    assert hall.asked[-1] == (document, f"NF-{document}", "wrong taxation")

    new = desk.ask_again(document, document_type="nfse", text="ISS", actor=ANA)
    assert state(office, document) is DocumentState.REPLACED
    assert (new.draft.about, new.draft.group.document_type, new.text) == (document, "nfse", "ISS")
    assert new.draft.lines == desk.get(document, actor=ANA).draft.lines
    assert ask(office, date(2012, 3, 20)) == []
    assert customer


def test_a_refused_document_is_given_up_or_asked_for_again(office: Office, customer: CustomerId) -> None:
    (document,) = ask(office)
    assert issued(office, Hall(answers=[Rejected("no such town")])) == IssuedDocuments(rejected=1)
    assert office.provider.documents.get(document, actor=ANA).message == "no such town"
    assert ask(office, date(2012, 3, 20)) == []

    assert office.provider.documents.cancel(document, "given up", actor=ANA).state is DocumentState.CANCELLED
    (again,) = ask(office, date(2012, 3, 21))
    assert again != document
    assert customer


def test_a_document_that_cannot_be_cancelled_goes_on_standing(office: Office, customer: CustomerId) -> None:
    (document,) = ask(office)
    issued(office, Hall())
    office.provider.documents.cancel(document, "too late", actor=ANA)

    assert issued(office, Hall(answers=[Rejected("after 24 hours")])) == IssuedDocuments(rejected=1)
    assert state(office, document) is DocumentState.AUTHORISED
    assert customer


@pytest.mark.covers("S0-268")
def test_what_stands_on_a_document_takes_no_discount_until_it_is_cancelled(
    office: Office, customer: CustomerId
) -> None:
    (document,) = ask(office)
    (line,) = office.provider.documents.get(document, actor=ANA).draft.lines
    discount = Waive(receivable=line.receivable, reason="kind", amount=brl("1.00"))
    issued(office, Hall())

    with pytest.raises(RefusedError, match=f"stands on the document {document}, which was issued") as refused:
        office.provider.do(discount, actor=ANA)
    assert refused.value.rule == "document-issued"

    office.provider.documents.cancel(document, "discount", actor=ANA)
    issued(office, Hall())
    office.provider.do(discount, actor=ANA)
    (left,) = office.provider.customer(customer, actor=ANA).receivables
    assert left.credited == brl("1.00")


def test_nobody_asks_for_documents_without_a_rule_or_a_permission(office: Office) -> None:
    customer = office.register()
    office.subscribe(customer)
    office.close(LEAP_DAY)

    assert ask(office, date(2012, 12, 1)) == []
    with pytest.raises(RefusedError):
        office.provider.documents.ask(DUE, actor=NOBODY)
    with pytest.raises(NotFoundError):
        office.provider.documents.ask(DUE, customer=CustomerId(99), actor=ANA)


@pytest.mark.parametrize("reason", ["", "  ", "x" * 1_001])
def test_a_document_is_cancelled_for_a_reason(office: Office, customer: CustomerId, reason: str) -> None:
    (document,) = ask(office)
    issued(office, Hall())

    with pytest.raises(RefusedError, match="cancelled for a reason"):
        office.provider.documents.cancel(document, reason, actor=ANA)
    assert customer


def test_the_issuer_that_ships_writes_files(office: Office, customer: CustomerId, tmp_path: Path) -> None:
    (document,) = ask(office)
    folder = tmp_path / "documents"

    issued(office, FileIssuer(folder))
    office.provider.documents.cancel(document, "wrong", actor=ANA)
    issued(office, FileIssuer(folder))

    written = json.loads((folder / f"{document}.json").read_text(encoding="utf-8"))
    assert (written["total"], written["customer"]["name"]) == ("20.69", "Ana Souza")
    assert {path.name for path in folder.iterdir()} == {f"{document}.json", f"{document}.cancelled.json"}
    assert customer
