"""The list of marks, and marks files."""
