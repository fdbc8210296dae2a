"""The table of access points, ``nas``, and what is done there."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from ispcore.driver import Done, DriverError, Operation, Result
from ispcore_radius import accounting
from ispcore_radius.admission import Admit, Dismiss, admitted, checked_address
from ispcore_radius.config import RadiusConfig
from ispcore_radius.wire import Wire

_NAS = sa.Table(
    "nas",
    sa.MetaData(),
    sa.Column("nasname", sa.Text, nullable=False),
    sa.Column("shortname", sa.Text, nullable=False),
    sa.Column("secret", sa.Text, nullable=False),
)


def admission(
    wire: Wire, config: RadiusConfig, action: Admit | Dismiss, op: Operation
) -> Iterator[Result[object]]:
    """Admit or dismiss an access point, and yield what came of it."""
    try:
        if isinstance(action, Admit):
            yield Result(None, _admit(wire, action, op))
        else:
            yield Result(None, _dismiss(wire, config, action, op))
    except DriverError as error:
        yield Result(None, error)


def _admit(wire: Wire, action: Admit, op: Operation) -> Done:
    one = admitted(action)
    values = {"nasname": one.address, "shortname": one.name, "secret": one.secret.reveal()}
    with wire.transaction(op, writing=True) as connection:
        changed = connection.execute(sa.update(_NAS).where(_NAS.c.nasname == one.address).values(values))
        if not changed.rowcount:
            connection.execute(sa.insert(_NAS).values(values))
    return Done(note=f"{one.name} ({one.address}) may ask.")


def _dismiss(wire: Wire, config: RadiusConfig, action: Dismiss, op: Operation) -> Done:
    address = checked_address(action.address)
    with wire.transaction(op, writing=True) as connection:
        gone = connection.execute(sa.delete(_NAS).where(_NAS.c.nasname == address))
        if config.follow_sessions:
            connection.execute(accounting.left_behind(address, accounting.now(config.engine.value)))
    return Done(note=f"{address} may not ask any more." if gone.rowcount else f"{address} was not known.")
