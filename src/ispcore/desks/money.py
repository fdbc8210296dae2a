"""The desks about money, which a provider has as attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ispcore import usecases as u
from ispcore.desks.charging import ChargingDesk
from ispcore.desks.documents import DocumentDesk
from ispcore.desks.late import LateDesk
from ispcore.desks.notices import NoticeDesk
from ispcore.desks.payments import PaymentDesk
from ispcore.desks.printing import PrintDesk
from ispcore.desks.reach import Reach
from ispcore.desks.slips import SlipDesk

if TYPE_CHECKING:
    from ispcore.hooks.plugins import Plugins
    from ispcore.storage import SqlDatabase


class MoneyDesks:
    """What is billed on demand, asked for, paid, documented, told, and late."""

    plugins: Plugins
    _desk: u.Desk
    _database: SqlDatabase

    @property
    def charging(self) -> ChargingDesk:
        """What is billed on demand: the open cycle of a subscription, or cycles ahead."""
        return ChargingDesk(self._desk, self._database)

    @property
    def slips(self) -> SlipDesk:
        """What is about slips: issuing and looking at them, changing them, payment books."""
        late = u.late_on_slips(self._desk)
        return SlipDesk(self._desk, self._database, late, self.plugins.charge_providers)

    @property
    def documents(self) -> DocumentDesk:
        """What is done about fiscal documents."""
        return DocumentDesk(self._desk, self.plugins.document_issuers)

    @property
    def payments(self) -> PaymentDesk:
        """What customers were asked for and paid, and payments that wait for a person."""
        return PaymentDesk(self._desk)

    @property
    def notices(self) -> NoticeDesk:
        """What customers are told: what is asked for, handed over, and in trouble."""
        return NoticeDesk(self._desk, Reach(self._database, self.plugins))

    @property
    def printing(self) -> PrintDesk:
        """What is printed to PDF: slips, payment books, statements."""
        return PrintDesk(self._desk)

    @property
    def late(self) -> LateDesk:
        """What is done about late payment: the daily run, and who is late."""
        return LateDesk(self._desk)
