"""The contact sheet dialog."""
