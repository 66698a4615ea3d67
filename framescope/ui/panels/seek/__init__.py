"""The Seek truth panel."""
