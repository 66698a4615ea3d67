"""FrameScope: the frame you ask for is the frame you see, and the frame you see is the frame you save."""
