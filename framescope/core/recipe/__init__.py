"""Recipes: export settings that are stored in a file and applied to any number of videos."""
