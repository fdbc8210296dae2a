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
from ispcore.network.drift import (
    MOST_REPAIRS,
    Drift,
    DriftKind,
    Expected,
    Stray,
    drift_of,
    drift_of_stray,
    is_contested,
    readable,
)
from ispcore.network.effects import EFFECTIVE, EFFECTS, Effect, effect_of, filled
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
    "MOST_REPAIRS",
    "RULES",
    "Contribution",
    "Drift",
    "DriftKind",
    "Effect",
    "Expected",
    "Move",
    "Placement",
    "PoolAddress",
    "ResourceProblem",
    "Stray",
    "Wanted",
    "carries",
    "contributions",
    "device_of",
    "difference",
    "differing",
    "drift_of",
    "drift_of_stray",
    "effect_of",
    "filled",
    "fixed_addresses",
    "free_addresses",
    "free_from",
    "is_contested",
    "merge",
    "move_of",
    "outstanding",
    "placed",
    "placement_id",
    "pool_addresses",
    "readable",
    "renewed",
    "resource_of",
    "resources_of",
]
