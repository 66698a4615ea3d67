"""What can be opened, and how each kind of it is read."""
