"""The part of the page about the cases that is written from the cases themselves.

Write it again with ``python -m tests.cases.page``.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path

from tests.cases.outcome import Row
from tests.cases.reading import BRAZIL, CASES, ENGINES, Case
from tests.cases.table import DIFFERENT, NOT_EXPRESSIBLE

PAGE = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "cases.md"
_BEGIN, _END = "<!-- written from the cases -->\n", "<!-- end of what is written -->\n"
_BRAZIL = "Brazilian rules"


def with_tables(text: str) -> str:
    """Return the page's *text* with its tables written again."""
    before, rest = text.split(_BEGIN)
    after = rest.split(_END)[1]
    return f"{before}{_BEGIN}\n{_counts()}\n\n{_exceptions()}\n\n{_END}{after}"


def _counts() -> str:
    rows = [_count(source, cases) for source, cases in _by_source().items()]
    return _table(
        ("found in", "cases", "the same", "different on purpose", "cannot be told"),
        [*rows, _count("all", list(CASES.values()))],
    )


def _by_source() -> dict[str, list[Case]]:
    found: dict[str, list[Case]] = {}
    for case in ENGINES.values():
        found.setdefault(case.source, []).append(case)
    by_number = sorted(found.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return {**dict(by_number), _BRAZIL: list(BRAZIL.values())}


def _count(source: str, cases: Iterable[Case]) -> tuple[str, ...]:
    fates = Counter(_fate(case) for case in cases)
    return (source, *map(str, (fates.total(), fates["same"], fates["different"], fates["untold"])))


def _fate(case: Case) -> str:
    if case.id in DIFFERENT:
        return "different"
    return "untold" if case.id in NOT_EXPRESSIBLE else "same"


def _exceptions() -> str:
    rows = [
        (name, case.what.replace("|", "/"), ", ".join(_apart(name)), _reason(name))
        for name, case in CASES.items()
        if _fate(case) != "same"
    ]
    return _table(("case", "what it says", "more billed here", "why"), rows)


def _apart(name: str) -> Iterator[str]:
    if name in NOT_EXPRESSIBLE:
        yield "cannot be told"
        return
    for by in DIFFERENT[name].by.values():
        if isinstance(by, Row):
            yield f"{Decimal(by.cents).scaleb(-2):+}"


def _reason(name: str) -> str:
    return DIFFERENT[name].rule if name in DIFFERENT else NOT_EXPRESSIBLE[name].reason


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


if __name__ == "__main__":
    PAGE.write_text(with_tables(PAGE.read_text("utf-8")), "utf-8")
