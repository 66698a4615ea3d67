"""The record that lies beside exported frames: written, read, checked, resumed from."""
