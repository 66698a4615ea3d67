"""Frozen records shared by all of core."""
