"""What is to be served: desired resources, and the one difference between them and what stands there."""

from ispcore.network.contributions import RULES, Contribution, carries, contributions, resources_of
from ispcore.network.diff import difference, differing
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
    "EFFECTIVE",
    "EFFECTS",
    "LAYERS",
    "RULES",
    "Contribution",
    "Effect",
    "Move",
    "Placement",
    "ResourceProblem",
    "Wanted",
    "carries",
    "contributions",
    "device_of",
    "difference",
    "differing",
    "effect_of",
    "filled",
    "merge",
    "move_of",
    "outstanding",
    "placed",
    "placement_id",
    "renewed",
    "resource_of",
    "resources_of",
]
