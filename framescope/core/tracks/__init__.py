"""What else a file holds: chapters, text subtitles, and several video streams to choose from."""
