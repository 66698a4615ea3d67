"""The clip dialog."""
