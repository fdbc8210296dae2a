"""The page about testing lists what there is."""

import re
from pathlib import Path

from ispcore.testing import WireFault
from ispcore.testing.driver_kit import cases

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "testing.md").read_text("utf-8")


def test_the_page_lists_every_case_with_its_rule() -> None:
    listed = dict(re.findall(r"^\| `(test_\w+)` \| (.+) \|$", PAGE, re.MULTILINE))

    assert listed == {name: rule.replace("``", "`") for name, rule in cases().items()}


def test_every_case_has_a_rule() -> None:
    assert all(rule.endswith(".") for rule in cases().values())


def test_the_page_lists_every_fault_of_a_line() -> None:
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", PAGE, re.MULTILINE)) == {fault.name for fault in WireFault}
