"""The timeline scrubber: ruler, frame sizes, keyframes, range, marks and playhead on one axis of frames."""

from framescope.ui.timeline.widget import Timeline

__all__ = ["Timeline"]
