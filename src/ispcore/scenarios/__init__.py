"""Scenarios: a catalogue, customers and dated steps in one text file, played on a real database."""

from importlib import resources

from ispcore.scenarios.player import Played, Player
from ispcore.scenarios.reading import read_scenario, read_scenario_file
from ispcore.scenarios.scenario import Scenario, Step

__all__ = ["Played", "Player", "Scenario", "Step", "demo_scenario", "read_scenario", "read_scenario_file"]


def demo_scenario() -> Scenario:
    """Return the scenario that ships with the package: a small provider in Londrina."""
    return read_scenario((resources.files("ispcore.scenarios") / "demo.toml").read_bytes(), what="demo.toml")
