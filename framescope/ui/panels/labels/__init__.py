"""The panel for sorting frames by hand."""
