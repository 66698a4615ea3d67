"""The frame view: the picture, what lies on it, and how it is zoomed."""
