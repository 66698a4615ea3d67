"""Choices of frames and pictures that are kept in a file, shared, and carried out on any number of videos."""
