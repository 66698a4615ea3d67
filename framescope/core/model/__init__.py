"""Frozen records that the parts hand to each other."""
