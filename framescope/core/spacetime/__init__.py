"""Space-time images: what lies under a line on the picture, frame by frame (kymographs, slit scans)."""
