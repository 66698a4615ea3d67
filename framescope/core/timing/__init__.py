"""Measured frame times, and the many numbers of a frame."""
