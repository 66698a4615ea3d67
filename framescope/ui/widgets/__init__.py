"""Widgets and texts shared by several features of the window."""
