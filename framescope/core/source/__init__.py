"""The kinds of source that can be opened, and how each is read."""
