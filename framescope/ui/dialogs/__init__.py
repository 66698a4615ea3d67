"""General dialogs, one file each."""
