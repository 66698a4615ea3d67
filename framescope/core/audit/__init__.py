"""Seek truth: whether each library gives the frame it is asked for on one file, and what that costs."""
