"""How patient workers are that are killed: a device is tried again often, and nothing is given up."""

from ispcore.effects import BackOff, Rules

QUICK = Rules(attempts=1_000, resource=BackOff(1, 10), device=BackOff(0.01, 0.02))
