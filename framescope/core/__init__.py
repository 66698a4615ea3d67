"""Everything about video; does not import Qt."""
