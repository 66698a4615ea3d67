"""Adapters for the libraries that read frames, one per file. Imported only in child processes."""
