"""The dialogs that make a video, and list what can be written."""
