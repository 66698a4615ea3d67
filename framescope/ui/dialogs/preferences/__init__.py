"""The preferences: a list of pages, each with fields that change a setting at once."""
