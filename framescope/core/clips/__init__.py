"""Saves a range of frames as a video file: copied at keyframes, re-encoded, or all-intra."""
