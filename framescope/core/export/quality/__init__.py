"""Similarity of a compressed picture to the original, and the lowest sufficient setting."""
