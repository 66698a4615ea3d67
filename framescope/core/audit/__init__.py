"""Tests whether each library returns the requested frame of a file, and at what cost."""
