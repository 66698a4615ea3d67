"""The timeline scrubber: ruler, frame sizes, keyframes, range, marks and playhead on one frame axis."""

from framescope.ui.timeline.widget import Timeline

__all__ = ["Timeline"]
