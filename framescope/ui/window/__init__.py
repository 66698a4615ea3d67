"""The main window: docks, menus, bars."""
