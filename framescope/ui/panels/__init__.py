"""The dockable panels."""
