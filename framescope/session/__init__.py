"""The state of the window, and the commands that change it."""
