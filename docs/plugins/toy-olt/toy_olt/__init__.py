"""A driver for the toy OLT."""
