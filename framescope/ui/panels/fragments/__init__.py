"""The Fragments panel."""
