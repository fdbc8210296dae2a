"""What a step expects of a customer's money, and of what time does: read, and compared with what there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from attrs import asdict, frozen

from ispcore.app import Provider
from ispcore.billing import DocumentState, ReceivableState, SlipState
from ispcore.notices import NoticeState
from ispcore.scenarios.fields import Named, Reading, name_of
from ispcore.scenarios.money_steps import ExpectedAccount, ExpectedChores, ExpectedDocument, ExpectedSlip
from ispcore.scenarios.words import Act
from ispcore.timeline import Actor
from ispcore.usecases import SlipQuery
from ispcore.values import CODE, DAY, TEXT, money, total, whole, word_of

if TYPE_CHECKING:
    from datetime import date

    from ispcore.usecases import Overview
    from ispcore.values import CustomerId, Money, Table

_T = TypeVar("_T")

_COUNT = whole(0, 10**6)
_RECEIVABLE_STATE = word_of([state.value for state in ReceivableState])
_SLIP_STATE = word_of([state.value for state in SlipState])
_DOCUMENT_STATE = word_of([state.value for state in DocumentState])

CHORES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    Act.TICK.value: {
        "tasks": ("tasks", "done"),
        "issued": ("slips", "issued"),
        "replaced": ("slips", "replaced"),
        "documents": ("documents", "documents"),
        "authorised": ("issuing", "authorised"),
        "told": ("handing over", "told"),
        "reduced": ("late", "reduced"),
        "blocked": ("late", "blocked"),
        "restored": ("late", "restored"),
        "moved": ("network", "moved"),
    },
    Act.ISSUE_SLIPS.value: {"issued": ("slips", "issued"), "replaced": ("slips", "replaced")},
}
"""What can be expected of a step that does chores: the chore, and the name of its count."""


# Reading


def read_expected_chores(row: Table, do: str) -> ExpectedChores | None:
    """Return what the ``expect`` table of a tick, or of issuing slips, says, or None without one."""
    if "expect" not in row:
        return None
    table = row.table("expect")
    counts = {name: table.get(name, _COUNT) for name in CHORES[do] if name in table}
    problems = table.get("problems", _COUNT, default=0)
    table.close()
    return ExpectedChores(counts, problems)


def read_expected_account(row: Table, reading: Reading) -> ExpectedAccount:
    """Return what an ``expect`` step says of a customer."""
    amount = money(reading.currency)
    signed = money(reading.currency, signed=True)
    return ExpectedAccount(
        customer=name_of(row, "customer", Named.CUSTOMER, reading),
        open=row.get("open", amount, default=None),
        balances=row.table("balances").counts(signed) if "balances" in row else None,
        states=row.many("states", _RECEIVABLE_STATE) if "states" in row else None,
        slips=_rows(row, "slips", lambda inner: _slip(inner, reading)),
        documents=_rows(row, "documents", lambda inner: _document(inner, reading)),
        late=row.get("late", amount, default=None),
        stages=row.many("stages", CODE) if "stages" in row else None,
        told=row.many("told", TEXT) if "told" in row else None,
    )


def _rows(row: Table, key: str, read: Callable[[Table], _T]) -> tuple[_T, ...] | None:
    return tuple(read(inner) for inner in row.rows(key)) if key in row else None


def _slip(row: Table, reading: Reading) -> ExpectedSlip:
    slip = ExpectedSlip(
        amount=row.get("amount", money(reading.currency)),
        due=row.get("due", DAY, default=None),
        state=row.get("state", _SLIP_STATE, default=None),
    )
    row.close()
    return slip


def _document(row: Table, reading: Reading) -> ExpectedDocument:
    document = ExpectedDocument(
        amount=row.get("amount", money(reading.currency)),
        type=row.get("type", CODE, default=None),
        state=row.get("state", _DOCUMENT_STATE, default=None),
        accrual=row.get("accrual", DAY, default=None),
    )
    row.close()
    return document


# Comparing


@frozen
class AccountLook:
    """Looks at a customer's account as *actor*, for amounts in *currency*."""

    provider: Provider
    actor: Actor
    currency: str

    def unmet(self, expected: ExpectedAccount, customer: CustomerId, on: date) -> Iterator[str]:
        """Yield how the account differs from what was *expected* on a day."""
        yield from self._unmet_books(expected, self.provider.customer(customer, actor=self.actor))
        if expected.slips is not None:
            yield from _unmet_rows("slips", expected.slips, self._slips(customer))
        if expected.documents is not None:
            yield from _unmet_rows("documents", expected.documents, self._documents(customer))
        if expected.late is not None or expected.stages is not None:
            yield from self._unmet_late(expected, customer, on)
        if expected.told is not None:
            yield from _unmet_words("told", expected.told, self._told(customer))

    def _unmet_books(self, expected: ExpectedAccount, account: Overview) -> Iterator[str]:
        left = total([one.open for one in account.receivables], self.currency)
        if expected.open is not None and expected.open != left:
            yield f"open: expected {expected.open}, found {left}"
        if expected.states is not None:
            yield from _unmet_words(
                "states", expected.states, [one.state.value for one in account.receivables]
            )
        balances = {holder.company: amount for holder, amount in account.balances.items()}
        if expected.balances is not None and dict(expected.balances) != balances:
            yield f"balances: expected {_amounts(expected.balances)}, found {_amounts(balances)}"

    def _slips(self, customer: CustomerId) -> Iterator[Mapping[str, Any]]:
        for slip in self.provider.slips.list(SlipQuery(customer), actor=self.actor):
            yield {"amount": slip.amount, "due": slip.due_on, "state": slip.state.value}

    def _documents(self, customer: CustomerId) -> Iterator[Mapping[str, Any]]:
        for one in self.provider.documents.of_customer(customer, actor=self.actor):
            group = one.draft.group
            yield {
                "amount": one.draft.total,
                "type": group.document_type,
                "state": one.state.value,
                "accrual": group.accrual,
            }

    def _unmet_late(self, expected: ExpectedAccount, customer: CustomerId, on: date) -> Iterator[str]:
        looks = self.provider.late.customers(on, actor=self.actor, customer=customer)
        debts = [debt for one in looks for debt in one.standing.debts]
        late = total([debt.amount for debt in debts], self.currency)
        if expected.late is not None and expected.late != late:
            yield f"late: expected {expected.late}, found {late}"
        if expected.stages is not None:
            reached = [debt.stage.stage.code for debt in debts if debt.stage is not None]
            yield from _unmet_words("stages", expected.stages, reached)

    def _told(self, customer: CustomerId) -> Sequence[str]:
        kept = self.provider.notices.list(actor=self.actor, customer=customer, state=NoticeState.HANDED_OVER)
        return [one.notice.template for one in kept]


def unmet_chores(expected: ExpectedChores, do: str, counts: Mapping[str, Mapping[str, int]]) -> Iterator[str]:
    """Yield which *counts*, by chore and name, are others than *expected*."""
    for name, wanted in expected.counts.items():
        chore, count = CHORES[do][name]
        found = counts.get(chore, {}).get(count, 0)
        if found != wanted:
            yield f"{name}: expected {wanted}, found {found}"


def unmet_problems(expected: ExpectedChores | None, problems: Sequence[str]) -> Iterator[str]:
    """Yield that there are more *problems*, or fewer, than were *expected*: none, unless it is said."""
    wanted = expected.problems if expected else 0
    if len(problems) != wanted:
        yield f"problems: expected {wanted}, found {len(problems)} {'; '.join(problems)}".rstrip()


def _unmet_words(name: str, expected: Sequence[str], found: Sequence[str]) -> Iterator[str]:
    if sorted(expected) != sorted(found):
        wanted = ", ".join(sorted(expected)) or "none"
        yield f"{name}: expected {wanted}, found {', '.join(sorted(found)) or 'none'}"


def _unmet_rows(
    name: str,
    expected: Sequence[ExpectedSlip] | Sequence[ExpectedDocument],
    found: Iterator[Mapping[str, Any]],
) -> Iterator[str]:
    """Match the most exact expectation first; yield what is missing, and what is there beyond."""
    left = list(found)
    given = [_given(one) for one in expected]
    missing = []
    for wanted in sorted(given, key=lambda one: -len(one)):
        match = next((one for one in left if wanted.items() <= one.items()), None)
        if match is None:
            missing.append(wanted)
        else:
            left.remove(match)
    for wanted in missing:
        other = _said(left.pop(0)) if left else "nothing more"
        yield f"{name}: expected {_said(wanted)}, found {other}"
    yield from (f"{name}: expected nothing more, found {_said(one)}" for one in left)


def _given(one: ExpectedSlip | ExpectedDocument) -> dict[str, Any]:
    return {key: value for key, value in asdict(one, recurse=False).items() if value is not None}


def _said(row: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} {value}" for key, value in row.items())


def _amounts(found: Mapping[str, Money]) -> str:
    return ", ".join(f"{company} {amount}" for company, amount in found.items()) or "none"
