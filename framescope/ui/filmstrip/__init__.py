"""The filmstrip: thumbnails of the frames that the timeline shows."""

from framescope.ui.filmstrip.widget import Filmstrip

__all__ = ["Filmstrip"]
