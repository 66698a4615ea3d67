"""From a stretch of frames to a video file: copied at keyframes, encoded anew, or made safe to seek in."""
