"""Image sequences: numbered picture files that open as one video."""
