"""The frame view: the picture, its overlays, and its zoom."""
