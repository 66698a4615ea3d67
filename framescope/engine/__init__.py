"""Threads that decode, make thumbnails and run long work."""
