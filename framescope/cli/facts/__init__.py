"""The commands that tell what is in a video: its header, frames, packets, times and blocks."""
