"""Which frames to take: pure functions over an index."""
