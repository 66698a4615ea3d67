"""Marked frames with their notes: what they are, as a file for people, and kept for each video."""
