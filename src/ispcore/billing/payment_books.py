"""Payment books: runs of slips with monthly dues, made to be sent as one."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING

from attrs import frozen

from ispcore.billing.slips import SlipState
from ispcore.values import BookId, CustomerId, SubscriptionId, total

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ispcore.billing.entries import ReceivableBalance
    from ispcore.billing.slips import Slip
    from ispcore.values import ChargeId, Currency, Money

_RULE = "-" * 60


@frozen
class PaymentBook:
    """A run of slips of one customer, or of one subscription alone, for some months.

    ``sent_as`` is how whoever took it calls it.
    """

    id: BookId
    customer: CustomerId
    subscription: SubscriptionId | None
    months: int
    issued_on: date
    sent_on: date | None = None
    sent_as: str | None = None


def printed_book(
    book: PaymentBook,
    slips: Iterable[Slip],
    balances: Mapping[ChargeId, ReceivableBalance],
    *,
    customer: str,
    companies: Mapping[str, str] | None = None,
) -> str:
    """Return a book as plain text: a page for each slip that still waits for money, the first due first.

    *customer* is the name to print, *companies* are the names of companies by code.
    """
    waiting = sorted((slip for slip in slips if slip.state.waits), key=lambda slip: (slip.due_on, slip.id))
    names = companies or {}
    pages = [
        "\n".join(_page(slip, balances, f"{at} of {len(waiting)}", names))
        for at, slip in enumerate(waiting, start=1)
    ]
    head = f"Payment book {book.id} of {book.issued_on:%d/%m/%Y}\n{customer} (customer {book.customer})\n"
    sums: dict[Currency, list[Money]] = defaultdict(list)
    for slip in waiting:
        sums[slip.amount.currency].append(slip.amount)
    whole = ", ".join(str(total(amounts, currency)) for currency, amounts in sums.items())
    return "\n".join([head, *pages, f"{_RULE}\nAll slips: {whole or 'nothing to pay'}\n"])


def _page(
    slip: Slip, balances: Mapping[ChargeId, ReceivableBalance], place: str, companies: Mapping[str, str]
) -> Iterator[str]:
    company = companies.get(slip.group.company, slip.group.company)
    yield _RULE
    yield f"Slip {slip.id} ({place})  to {company}  due {slip.due_on:%d/%m/%Y}"
    for line in slip.lines:
        receivable = balances[line.receivable].receivable
        late = f", due {receivable.due_on:%d/%m/%Y}" if line.gathered else ""
        yield f"  {receivable.description}{late}: {line.amount}"
    paid = " (a part of it is paid)" if slip.state is SlipState.PARTLY_PAID else ""
    yield f"To pay: {slip.amount}{paid}\n"
