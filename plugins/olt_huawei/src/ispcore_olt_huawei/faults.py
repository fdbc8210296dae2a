"""Refusals that are the driver's own."""

from __future__ import annotations

from ispcore.driver import Spec, Unsupported, Wifi


def unsupported(spec: Spec) -> Unsupported:
    """Return the refusal of what a Huawei OLT does not have."""
    if isinstance(spec, Wifi):
        return Unsupported(
            "A Huawei OLT sets no name and no key of a wireless network.",
            hint="They are set on the ONU by its ACS (TR-069); the OLT only leads the ONU to it.",
        )
    return Unsupported(f"A Huawei OLT has no {spec.word}.")
