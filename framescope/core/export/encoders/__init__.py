"""Writes pictures: one module a file format, and what formats share."""
