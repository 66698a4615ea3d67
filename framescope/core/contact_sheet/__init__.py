"""Chosen frames in a grid, each with its number and time: a picture or pages to print."""
