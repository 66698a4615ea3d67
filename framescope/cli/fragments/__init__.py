"""The commands that split a video into fragments, show, check and join them."""
