"""What a decoder tells of each block: how it was predicted, from where, and how coarsely it was quantised."""
