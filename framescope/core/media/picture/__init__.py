"""From decoded planes to the pixels of a picture: formats, colour, geometry."""
