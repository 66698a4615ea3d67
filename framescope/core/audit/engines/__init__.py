"""The libraries that read frames, one adapter a file. Imported only inside child processes."""
