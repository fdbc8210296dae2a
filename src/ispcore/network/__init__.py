"""What is to be served: desired resources, and the one difference between them and what stands there."""

from ispcore.network.diff import difference, differing

__all__ = ["difference", "differing"]
