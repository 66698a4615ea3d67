"""Numbers of every frame for graphs: brightness, colour, and the difference from the frame before."""
