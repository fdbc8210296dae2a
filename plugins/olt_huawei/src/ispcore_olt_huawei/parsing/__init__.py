"""Answers of an OLT as values; pure, so that recorded answers are enough to test it."""
