"""Every command of the window, declared as data."""
