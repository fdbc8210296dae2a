"""For those who test a system that embeds ispcore: a clock, places for data, mock devices."""

from ispcore.testing.clock import MovableClock
from ispcore.testing.dial_proxy import DialProxy
from ispcore.testing.executor_kit import ExecutorKit
from ispcore.testing.faulty_driver import Fault, FaultyDriver, lossy, scripted
from ispcore.testing.isp import MockIsp
from ispcore.testing.mock_accounting import MockAccounting
from ispcore.testing.mock_device import MockDevice, MockSettings
from ispcore.testing.mock_driver import MOCK_SPEC, MockConfig, MockDriver, mock_site
from ispcore.testing.mock_issuer import MockIssuer
from ispcore.testing.mock_money import MockChargeProvider
from ispcore.testing.mock_notifier import MockNotifier
from ispcore.testing.mock_shelf import Standing
from ispcore.testing.postgres import PostgresServer, postgres_programs, postgres_server
from ispcore.testing.provider import provider_in_memory
from ispcore.testing.wire import Wire, WireFault

__all__ = [
    "MOCK_SPEC",
    "DialProxy",
    "ExecutorKit",
    "Fault",
    "FaultyDriver",
    "MockAccounting",
    "MockChargeProvider",
    "MockConfig",
    "MockDevice",
    "MockDriver",
    "MockIsp",
    "MockIssuer",
    "MockNotifier",
    "MockSettings",
    "MovableClock",
    "PostgresServer",
    "Standing",
    "Wire",
    "WireFault",
    "lossy",
    "mock_site",
    "postgres_programs",
    "postgres_server",
    "provider_in_memory",
    "scripted",
]
