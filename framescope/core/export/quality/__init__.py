"""How close a compressed picture is to the original, and which setting is close enough."""
