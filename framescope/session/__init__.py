"""What the user is looking at, and the commands that change it."""
