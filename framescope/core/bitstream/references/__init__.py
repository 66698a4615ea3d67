"""Which pictures refer to which, by the headers of slices and frames."""
