"""What a subscription's row says that follows from its facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ispcore.plans import next_move
from ispcore.storage.converters import to_json, to_plain

if TYPE_CHECKING:
    from ispcore.plans import Timeline


def snapshot(timeline: Timeline) -> dict[str, Any]:
    """Return the columns that follow from the facts."""
    state = timeline.last
    move, grid = next_move(state), state.terms.grid
    return {
        "customer_id": state.customer,
        "plan": state.plan.offer,
        "unit": state.unit,
        "status": state.status.code,
        "bucket": state.bucket.value,
        "moves_on": move[0] if move else None,
        "started_on": state.started_on,
        "ended_on": timeline.end.on if timeline.end else None,
        "deleted_on": state.deleted_on,
        "anchor_every": str(grid.every),
        "anchor_kind": grid.kind.value,
        "anchor_day": grid.day,
        "anchor_on": None,
        "anchor_phase": grid.phase,
        "closing_move": state.grids[-1].move,
        "last_fact": timeline.last_sequence,
        "advance": state.terms.advance,
        "address_id": state.address,
        "contract_ref": state.contract,
        "previous_id": state.previous,
        "successor_id": state.successor,
        "foreign_system": state.origin.system if state.origin else None,
        "foreign_id": state.origin.id if state.origin else None,
        "slip_terms": to_json(state.terms.slips),
        "notices": to_plain(state.notices) or None,
    }
