"""What a run of the kit came to: the support matrix, for the documentation of a driver."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from attrs import define, field

from ispcore.driver import DriverSpec, Role, Support, roles_of
from ispcore.testing.driver_kit.kit import cases

if TYPE_CHECKING:
    from pathlib import Path


_FIELDS_CASE = "test_a_field_that_is_claimed_comes_back_as_it_was_written"
_WORDS = {
    "yes": "yes",
    "no": "no",
    "ask": "depends on the device",
    "name": "its name",
}


@define
class KitRun:
    """What became of the cases of one test class; an outcome is a word and the reason for it."""

    kit: str
    spec: DriverSpec | None = None
    outcomes: dict[str, tuple[str, str]] = field(factory=dict)

    def took(self, case: str, outcome: str, reason: str = "") -> None:
        """Keep the outcome of a case; of several for one case (parameters), the worst."""
        order = ("passed", "skipped", "waived", "failed")
        old = self.outcomes.get(case, ("passed", ""))
        self.outcomes[case] = max(old, (outcome, reason), key=lambda one: order.index(one[0]))


def as_plain(runs: list[KitRun]) -> dict[str, Any]:
    """Return the matrix as plain JSON."""
    return {"drivers": [_driver(run) for run in runs if run.spec is not None]}


def _driver(run: KitRun) -> dict[str, Any]:
    spec = run.spec
    assert spec is not None  # noqa: S101 - see above
    return {
        "name": spec.name,
        "kit": run.kit,
        "lanes": spec.lanes,
        "kinds": {kind.word: _fields(spec, kind) for kind in spec.kinds},
        "actions": {action.word: claim.value for action, claim in spec.actions.items()},
        "features": {feature.value: claim.value for feature, claim in spec.features.items()},
        "cases": {
            name: {"outcome": run.outcomes[name][0], "reason": run.outcomes[name][1]}
            for name in cases()
            if name in run.outcomes
        },
    }


def _fields(spec: DriverSpec, kind: type[Any]) -> dict[str, str]:
    claims = spec.kinds[kind]
    return {
        name: "name" if role is Role.IDENTITY else claims.get(name, Support.YES).value
        for name, role in roles_of(kind).items()
    }


def as_markdown(plain: dict[str, Any]) -> str:
    """Return the matrix as a page."""
    return "\n".join(line for driver in plain["drivers"] for line in _page(driver))


def _page(driver: dict[str, Any]) -> list[str]:
    outcomes = driver["cases"]
    passed = sum(one["outcome"] == "passed" for one in outcomes.values())
    tried = outcomes.get(_FIELDS_CASE, {}).get("outcome") == "passed"
    note = "each one tried" if tried else "as the driver claims; this was not tried with success"
    lines = [f"# {driver['name']}", "", f"Sessions at once: {driver['lanes']}.", ""]
    lines += [f"Fields ({note}):", "", "| kind | field | support |", "|---|---|---|"]
    lines += [
        f"| {kind} | {name} | {_WORDS[claim]} |"
        for kind, fields in driver["kinds"].items()
        for name, claim in fields.items()
    ]
    for title, claims in (("action", driver["actions"]), ("feature", driver["features"])):
        if claims:
            lines += ["", f"| {title} | support |", "|---|---|"]
            lines += [f"| {name} | {_WORDS[claim]} |" for name, claim in claims.items()]
    lines += ["", f"The driver kit: {passed} of {len(outcomes)} cases passed.", ""]
    rest = {name: one for name, one in outcomes.items() if one["outcome"] != "passed"}
    if rest:
        lines += ["| case | outcome | why |", "|---|---|---|"]
        lines += [f"| {name} | {one['outcome']} | {one['reason']} |" for name, one in rest.items()]
        lines.append("")
    return lines


def write_report(runs: list[KitRun], file: Path) -> None:
    """Write the matrix beside each other as JSON and as Markdown, whichever of the two *file* names."""
    plain = as_plain(runs)
    file.with_suffix(".json").write_text(json.dumps(plain, indent=2, ensure_ascii=False) + "\n", "utf-8")
    file.with_suffix(".md").write_text(as_markdown(plain), "utf-8")
