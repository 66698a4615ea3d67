"""The Timing panel."""
