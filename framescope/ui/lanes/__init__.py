"""What the timeline's lanes of values show, and how it is found."""
