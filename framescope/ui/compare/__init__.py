"""Two videos in the window: views of both at one zoom, and what is chosen for them."""
