"""From frames to verified picture files."""
