"""What a file declares and what was measured, side by side."""
