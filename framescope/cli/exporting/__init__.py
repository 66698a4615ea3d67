"""The commands that save frames and clips, check what was saved, and their options."""
