"""The Frame panel."""
