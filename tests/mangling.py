"""Documents that were tampered with: any part dropped, doubled, exchanged, or made hostile.

``ISPCORE_FUZZ`` says how many of them each test tries.
"""

import os
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from datetime import date, datetime, time
from decimal import Decimal
from types import FrameType
from typing import Any, TypeAlias, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

FUZZ = int(os.environ.get("ISPCORE_FUZZ", "200"))
"""How many documents each test tries; 100000 in the environment ``endurance`` of tox."""

SECONDS = 20
"""How long one document may take; whatever takes longer is taken for endless."""

At: TypeAlias = "tuple[Any, Any]"
F = TypeVar("F", bound=Callable[..., Any])


def deep(levels: int = 300) -> Any:
    """Return lists and tables in each other."""
    node: Any = "x"
    for level in range(levels):
        node = [node] if level % 2 else {"lines": node}
    return node


HOSTILE: tuple[Any, ...] = (
    *(-1, 0, 1, 2, 12, 28, 30, 31, 32, 36, 37, 366, 1200, 10**9, 2**31, 2**63, 10**18, -(10**18), 10**400),
    *(0.0, 3.5, -0.0, 1e308, float("nan"), float("inf"), float("-inf"), True, False, None, Decimal("1.10")),
    *(
        "",
        " ",
        "\t",
        "x",
        "\x00",
        "\ud800",
        "\u202e",
        "\x1b[2J",
        "ß",
        "İ",
        "\u0131",
        "é",
        "a" * 300,
        "a" * 70_000,
    ),
    *(
        "../..",
        "C:\\",
        "${HOME}",
        "%s%n",
        "{0}",
        "{{7*7}}",
        "<script>",
        "'; drop table facts; --",
        "\\",
        "\n",
    ),
    *("-5.00", "0", "0.00", "0.001", "1e5", "1_000", "+5", "٣", "NaN", "Infinity", "0x10", "9" * 400, "1/3"),
    *("9999999999999.99", "92233720368547758.07", "92233720368547758.08", "0.01", "100.00", "100.01"),
    *("2012-02-30", "0000-00-00", "2012-02-29", "enabled", "cancelled", "remainder", "plan", "any", "none"),
    *([], [[]], [None], {}, {"a": {}}, [{}], {"": 1}, {"\x00": {}}, {1: 2}, {None: 1}, deep(), [[]] * 3_000),
    *(["x"] * 3_000, {f"k{number}": {} for number in range(3_000)}, b"bytes", (1, 2), {1, 2}),
    *(date(1, 1, 1), date(1900, 1, 1), date(2012, 2, 29), date(2012, 4, 10), date(2199, 12, 31)),
    *(date(9999, 12, 31), datetime(2012, 4, 1, 12), time(12)),  # noqa: DTZ001 - what TOML gives for a local time
)


def places(node: Any) -> Iterator[At]:
    """Yield every container of a document with every key of it, as deep as people nest."""
    waiting = [node]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, dict | list) and len(inner) < 1_000:
            for key in list(inner) if isinstance(inner, dict) else range(len(inner)):
                yield inner, key
                waiting.append(inner[key])


@st.composite
def mangled(draw: st.DrawFn, documents: tuple[Any, ...], words: tuple[str, ...], most: int = 4) -> Any:
    """Return one of *documents* with up to *most* parts tampered with, at any depth."""
    document = deepcopy(draw(st.sampled_from(documents)))
    for _ in range(draw(st.integers(1, most))):
        known = list(places(document))
        if not known:
            break
        node, key = known[draw(st.integers(0, len(known) - 1))]
        other, its_key = known[draw(st.integers(0, len(known) - 1))]
        _tamper(draw, (node, key), (other, its_key), words)
    return document


TAMPERINGS = ("drop", "double", "take", "exchange", "replace", "replace", "rename", "shift")


def _tamper(draw: st.DrawFn, at: At, elsewhere: At, words: tuple[str, ...]) -> None:
    (node, key), (other, its_key) = at, elsewhere
    hostile = st.sampled_from((*HOSTILE, *words))
    match draw(
        st.sampled_from(["drop", "double", "take", "exchange", "replace", "replace", "rename", "shift"])
    ):
        case "drop":
            del node[key]
        case "double" if isinstance(node, list):
            node.insert(key, deepcopy(node[key]))
        case "double":
            node[draw(st.sampled_from(words) | st.text(max_size=3))] = deepcopy(node[key])
        case "take":
            node[key] = deepcopy(other[its_key])
        case "exchange":
            node[key], other[its_key] = deepcopy(other[its_key]), deepcopy(node[key])
        case "rename" if isinstance(node, dict):
            node[draw(st.sampled_from(words) | st.text(max_size=3))] = node.pop(key)
        case "shift":
            node[key] = _shifted(node[key], draw(st.sampled_from((-400, -31, -1, 1, 2, 29, 400, 10_000))))
        case _:
            node[key] = deepcopy(draw(hostile))


def _shifted(value: Any, by: int) -> Any:
    """Return a value that is near *value*, of the same kind."""
    match value:
        case bool():
            return not value
        case int():
            return value + by
        case date() if not isinstance(value, datetime):
            return date.fromordinal(min(max(value.toordinal() + by, 1), date.max.toordinal()))
        case str():
            middle = abs(by) % (len(value) + 1)
            return value[:middle] + ("0" if by > 0 else "") + value[middle + (by < 0) :]
        case _:
            return value


PIECES = (b'"', b"[", b"]]", b"{", b"\x00", b"\n\n", b"'''", b"\r", b"[[", b"=", b"\xff", b"9" * 5000)


@st.composite
def scrambled(draw: st.DrawFn, texts: tuple[bytes, ...]) -> bytes:
    """Return one of *texts* with pieces cut out, put in, or taken from another."""
    text = draw(st.sampled_from(texts))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 40)))
        other = draw(st.sampled_from(texts))
        at = draw(st.integers(0, len(other)))
        piece = draw(
            st.binary(max_size=6)
            | st.sampled_from(
                [b'"', b"[", b"]]", b"{", b"\x00", b"\n\n", b"'''", b"\r", b"[[", b"=", b"\xff", b"9" * 5000]
            )
            | st.integers(1, 60).map(lambda size: other[at : at + size])  # noqa: B023 - drawn at once
        )
        text = text[:start] + piece + text[end:]
    return text


def fuzzed(share: int = 1) -> Callable[[F], F]:
    """Return settings for a test that tries FUZZ documents, or one for so many of them."""
    return settings(
        max_examples=max(FUZZ // share, 20),
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large],
    )


@contextmanager
def in_time(seconds: float = SECONDS) -> Iterator[None]:
    """Fail what takes longer, instead of waiting for ever; where there are no alarms, wait."""
    if not hasattr(signal, "SIGALRM") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_: int, __: FrameType | None) -> None:
        message = f"It took more than {seconds} seconds."
        raise TimeoutError(message)

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
