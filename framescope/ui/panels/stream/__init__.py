"""The stream panel: packets, their units, and their bytes."""
