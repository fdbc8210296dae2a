"""The fixtures of the application's tests."""

from datetime import date
from pathlib import Path

import pytest
from application import Counter

from ispcore import Actor, Provider

pytest_plugins = ["ispcore.testing.fixtures"]

CLERK = Actor("ana", {"*"})
CATALOGUE = Path(__file__).parent / "catalogue.toml"


@pytest.fixture
def ispcore_today() -> date:
    """Begin every test on 24 February 2012."""
    return date(2012, 2, 24)


@pytest.fixture
def provider(ispcore_provider: Provider) -> Provider:
    """Return a provider that sells what the catalogue has."""
    ispcore_provider.load_catalogue(CATALOGUE, actor=CLERK)
    return ispcore_provider


@pytest.fixture
def counter(provider: Provider) -> Counter:
    """Return the counter under test."""
    return Counter(provider, CLERK)
