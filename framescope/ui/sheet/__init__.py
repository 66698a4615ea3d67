"""The dialog that makes a contact sheet."""
