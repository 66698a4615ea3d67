"""The dialog that cuts a clip."""
