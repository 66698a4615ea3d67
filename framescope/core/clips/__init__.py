"""From a stretch of frames to a video file: copied at keyframes, re-encoded, or made safe to seek in."""
