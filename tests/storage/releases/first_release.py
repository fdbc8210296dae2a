"""Makes the database of the first release, and tells what that release then billed.

Run it with the code of that release, never with a later one (put its ``src`` on PYTHONPATH):

    python first_release.py

It writes ``first_release.db.gz``, a provider in the middle of June, and ``first_release.json``, which holds
what closings of the next two months issued. The story is that of ``ispcore demo``, and goes on from there.
"""

import gzip
import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ispcore.app import Provider
from ispcore.scenarios import Player, read_scenario
from ispcore.testing import MovableClock
from ispcore.timeline import Actor
from ispcore.values import CustomerId

HERE = Path(__file__).resolve().parent
CLOSINGS = (date(2012, 6, 30), date(2012, 7, 1), date(2012, 7, 31), date(2012, 8, 1))
ANA = Actor("ana", {"*"})


def main() -> None:
    """Write both files."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "first.db"
        play(path)
        with closing(sqlite3.connect(path)) as raw:
            raw.execute("PRAGMA journal_mode=DELETE")
            raw.execute("VACUUM")
        with gzip.GzipFile(HERE / "first_release.db.gz", "wb", mtime=0) as kept:
            kept.write(path.read_bytes())
        after = Path(folder) / "after.db"
        shutil.copyfile(path, after)
        told = json.dumps(bill(after), indent=0, sort_keys=True, ensure_ascii=False)
        (HERE / "first_release.json").write_text(told + "\n", "utf-8")


def play(path: Path) -> None:
    """Play the story into a new file at *path*."""
    demo = (resources.files("ispcore.scenarios") / "demo.toml").read_text("utf-8")
    player = Player(
        read_scenario(demo + (HERE / "first_release.toml").read_text("utf-8")), f"sqlite:///{path}"
    )
    for played in player.play():
        if played.unmet:
            raise SystemExit(f"{played.step.place} {played.step.do}: {played.unmet}")
    player.provider.save_actor(Actor("rui", {"billing.close"}), name="Rui Costa", actor=ANA)
    if list(player.provider.check(actor=ANA)):
        raise SystemExit("The check finds something.")
    player.close_database()


def bill(path: Path) -> dict[str, Any]:
    """Close the next two months, and return what was issued, what is open, and the balances."""
    clock = MovableClock(CLOSINGS[0])
    with Provider.open(f"sqlite:///{path}", clock=clock) as provider:
        before = {one["id"] for one in entries(provider)}
        for on in CLOSINGS:
            clock.move_to(on)
            provider.close(on, actor=ANA)
        issued = [one for one in entries(provider) if one.pop("id") not in before]
        return {
            "closings": [on.isoformat() for on in CLOSINGS],
            "entries": sorted(issued, key=str),
            "receivables": sorted(receivables(provider), key=str),
            "balances": balances(provider),
        }


def overviews(provider: Provider) -> Iterator[Any]:
    """Yield what the provider tells of each customer."""
    for number in range(1, provider.count_customers(actor=ANA) + 1):
        yield provider.customer(CustomerId(number), actor=ANA)


def entries(provider: Provider) -> list[dict[str, Any]]:
    """Return every charge and credit."""
    return [
        {
            "id": charge.id,
            "subscription": charge.key.subscription,
            "item": charge.key.item,
            "line": charge.key.line,
            "company": charge.key.company,
            "from": charge.key.cycle.period.start.isoformat(),
            "to": charge.key.cycle.period.end.isoformat(),
            "kind": charge.kind.value,
            "amount": str(charge.amount.amount),
            "issued_on": charge.issued_on.isoformat(),
        }
        for overview in overviews(provider)
        for view in overview.subscriptions
        for charge in view.charges
    ]


def receivables(provider: Provider) -> Iterator[dict[str, Any]]:
    """Yield every receivable with what is open of it."""
    for overview in overviews(provider):
        for one in overview.receivables:
            receivable = one.receivable
            yield {
                "subscription": receivable.key.subscription,
                "item": receivable.key.item,
                "line": receivable.key.line,
                "from": receivable.key.cycle.period.start.isoformat(),
                "amount": str(receivable.amount.amount),
                "open": str(one.open.amount),
                "due_on": receivable.due_on.isoformat(),
                "charge_method": receivable.charge_method,
            }


def balances(provider: Provider) -> dict[str, dict[str, str]]:
    """Return the balances by customer and company."""
    found = ((overview.customer.id, overview.balances) for overview in overviews(provider))
    return {
        str(number): {holder.company: str(amount.amount) for holder, amount in mine.items()}
        for number, mine in found
        if mine
    }


if __name__ == "__main__":
    main()
