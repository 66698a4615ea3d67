"""Live sources: a camera, a stream or a pipe, received into a ring buffer and read by frame number."""
