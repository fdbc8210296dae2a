"""For those who test a system that embeds ispcore: a clock that obeys, and a provider in memory."""

from ispcore.testing.clock import MovableClock
from ispcore.testing.provider import provider_in_memory

__all__ = ["MovableClock", "provider_in_memory"]
