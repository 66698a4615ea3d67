"""The manifest of an export: writing, reading, verifying, resuming."""
