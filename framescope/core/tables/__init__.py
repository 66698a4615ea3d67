"""Frames, GOPs and timing as tables, for spreadsheets and programs."""
