"""When frames really are, and the many names of one frame."""
