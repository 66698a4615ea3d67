"""Exports frames to verified picture files."""
