"""The Codec panel."""
