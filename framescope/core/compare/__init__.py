"""Two videos compared: which frame of one is which of the other, and how similar they are."""
