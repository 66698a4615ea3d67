"""Finds the frames that depend on damage: by a strict decode, by gaps, and from packet headers."""
