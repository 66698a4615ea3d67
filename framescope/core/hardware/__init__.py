"""Decoding by hardware: which devices there are, which can be trusted, and reading frames with one."""
