"""Contact sheets: frames in a grid with number and time, as a picture or as pages to print."""
