"""Which frames to export."""
