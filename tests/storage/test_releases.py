"""A file of an earlier release opens, is sound, and is billed as that release would have billed it.

Each file in ``releases`` was made by the release's own code, with the script that lies beside it.
"""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from ispcore.app import Provider
from ispcore.storage.columns import metadata
from ispcore.storage.engine import open_engine
from ispcore.timeline import Actor
from tests.engines import migrate
from tests.storage.releases.first_release import bill

pytestmark = pytest.mark.sqlite_only("the files are SQLite's")

FOLDER = Path(__file__).resolve().parent / "releases"
ANA = Actor("ana", {"*"})


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """The file of the first release, as it left it."""
    path = tmp_path / "first.db"
    path.write_bytes(gzip.decompress((FOLDER / "first_release.db.gz").read_bytes()))
    return path


def schema_of(path: Path) -> dict[str, Any]:
    """Return what the database says of its tables, in an order that does not depend on their history."""
    engine = open_engine(f"sqlite:///{path}")
    seen = sa.inspect(engine)
    found = {
        name: {
            "columns": {one["name"]: (str(one["type"]), one["nullable"]) for one in seen.get_columns(name)},
            "key": seen.get_pk_constraint(name)["constrained_columns"],
            "foreign": sorted(
                (one["constrained_columns"], one["referred_table"]) for one in seen.get_foreign_keys(name)
            ),
            "unique": sorted(one["column_names"] for one in seen.get_unique_constraints(name)),
            "indexes": sorted((one["name"], one["column_names"]) for one in seen.get_indexes(name)),
            "checks": sorted((one["name"], one["sqltext"]) for one in seen.get_check_constraints(name)),
        }
        for name in seen.get_table_names()
    }
    engine.dispose()
    return found


def test_it_opens_and_a_check_finds_nothing(file: Path) -> None:
    with Provider.open(f"sqlite:///{file}") as provider:
        assert provider.count_customers(actor=ANA) == 37
        assert provider.actor("rui") == Actor("rui", {"billing.close"})
        assert list(provider.check(actor=ANA)) == []


def test_its_migrated_schema_is_that_of_a_fresh_one(file: Path, tmp_path: Path) -> None:
    migrate(f"sqlite:///{file}")
    migrate(f"sqlite:///{tmp_path / 'fresh.db'}")

    assert schema_of(file) == schema_of(tmp_path / "fresh.db")
    assert set(metadata.tables) < set(schema_of(file))


def test_it_is_billed_to_the_cent_as_its_own_release_billed_it(file: Path) -> None:
    expected = json.loads((FOLDER / "first_release.json").read_text("utf-8"))
    assert len(expected["entries"]) > 100

    billed = bill(file)

    assert billed["entries"] == expected["entries"]
    assert billed["receivables"] == expected["receivables"]
    assert billed["balances"] == expected["balances"]
    with Provider.open(f"sqlite:///{file}") as provider:
        assert list(provider.check(actor=ANA)) == []
