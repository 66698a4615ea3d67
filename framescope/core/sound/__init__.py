"""The sound of a video: its streams, its samples by time, their peaks, and what a device is fed with."""
