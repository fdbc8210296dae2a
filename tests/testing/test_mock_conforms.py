"""The mock driver passes the kit that vendors are given."""

import pytest

from ispcore.testing.driver_kit import DriverKit
from tests.testing.mock_rig import MockRig


class TestMockDriver(DriverKit):
    @pytest.fixture
    def rig(self) -> MockRig:
        return MockRig()
