"""The panel of space-time images."""
