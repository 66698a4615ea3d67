"""Threads for decoding, thumbnails and long-running work."""
