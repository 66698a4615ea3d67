"""What a decoder reports about each block: how it was predicted, from where, and how coarsely quantised."""
