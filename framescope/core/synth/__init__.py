"""Makes videos from patterns and pictures."""
