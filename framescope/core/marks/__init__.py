"""Marked frames with notes: records, files, and storage for each video."""
