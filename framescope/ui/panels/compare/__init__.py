"""The panel with the result of comparing two videos."""
