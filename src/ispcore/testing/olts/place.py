"""Where something hangs: a port, and the number of an ONU on it."""

from __future__ import annotations

from attrs import frozen


@frozen(order=True)
class Place:
    """A place on a port: ``"0/1/4"`` and 7; printed as ``0/1/4:7``."""

    frame: int
    slot: int
    number_of_port: int
    onu: int

    @classmethod
    def of(cls, port: str, onu: int) -> Place:
        """Return the place of an ONU on a port."""
        frame, slot, number = port.split("/")
        return cls(int(frame), int(slot), int(number), onu)

    @classmethod
    def parse(cls, text: str) -> Place:
        """Read what :meth:`__str__` wrote."""
        port, _, onu = text.partition(":")
        return cls.of(port, int(onu))

    @property
    def port(self) -> str:
        """The port alone."""
        return f"{self.frame}/{self.slot}/{self.number_of_port}"

    def __str__(self) -> str:
        """Return it as people write it."""
        return f"{self.port}:{self.onu}"
