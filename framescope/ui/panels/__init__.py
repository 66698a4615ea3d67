"""The dockable panels, one file each."""
