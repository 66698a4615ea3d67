"""The dialogs that make a video and show which formats can be written."""
