"""Answers of real OLTs in their published layouts; serial numbers, names and addresses are made up."""

from pathlib import Path

DATA = Path(__file__).parent / "data"


def sample(name: str) -> str:
    """Return an answer by the name of its file."""
    return (DATA / f"{name}.txt").read_text("utf-8")
