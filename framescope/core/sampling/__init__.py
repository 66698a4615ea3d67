"""Selects frames: pure functions over an index."""
