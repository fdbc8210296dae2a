"""Benchmarks of ispcore: every figure is a ratio to a reference that is timed in the same run.

``python -m bench`` prints the table. Nothing here is part of the wheel, and nothing here is asserted.
"""
