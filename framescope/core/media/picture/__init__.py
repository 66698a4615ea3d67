"""From decoded planes to pixels: formats, colour, geometry."""
