"""What is to be served: desired resources, and the one difference between them and what stands there."""

from ispcore.network.addresses import (
    ADDRESSED,
    PoolAddress,
    fixed_addresses,
    free_addresses,
    free_from,
    pool_addresses,
)
from ispcore.network.contributions import RULES, Contribution, carries, contributions, resources_of
from ispcore.network.diff import difference, differing
from ispcore.network.effects import EFFECTIVE, EFFECTS, Effect, effect_of, filled
from ispcore.network.happenings import FieldChange, Happened, Happening, field_changes, said_value
from ispcore.network.merge import LAYERS, ResourceProblem, Wanted, merge
from ispcore.network.placing import (
    Move,
    Placement,
    device_of,
    move_of,
    outstanding,
    placed,
    placement_id,
    renewed,
    resource_of,
)

__all__ = [
    "ADDRESSED",
    "EFFECTIVE",
    "EFFECTS",
    "LAYERS",
    "RULES",
    "Contribution",
    "Effect",
    "FieldChange",
    "Happened",
    "Happening",
    "Move",
    "Placement",
    "PoolAddress",
    "ResourceProblem",
    "Wanted",
    "carries",
    "contributions",
    "device_of",
    "difference",
    "differing",
    "effect_of",
    "field_changes",
    "filled",
    "fixed_addresses",
    "free_addresses",
    "free_from",
    "merge",
    "move_of",
    "outstanding",
    "placed",
    "placement_id",
    "pool_addresses",
    "renewed",
    "resource_of",
    "resources_of",
    "said_value",
]
