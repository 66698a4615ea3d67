"""Image encoders: one module per file format, and shared code."""
