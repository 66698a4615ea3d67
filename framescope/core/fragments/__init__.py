"""A video as tiles × runs of frames: split, encode, decode, reassemble, account."""
