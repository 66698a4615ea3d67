"""From a file to an exact frame."""
