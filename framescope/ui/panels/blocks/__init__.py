"""The blocks panel: what the frame's blocks are predicted from, how far, and how they are quantised."""
