"""The GOPs panel."""
