"""The Chroma panel."""
