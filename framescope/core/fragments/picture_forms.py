"""Assigns a form to each frame, and tiles to each form; a stream may change size or format midway."""

from __future__ import annotations

from typing import TYPE_CHECKING

from framescope.core.errors import FragmentError
from framescope.core.fragments.codecs import CODECS, FragmentCodec
from framescope.core.fragments.formats import plan_format
from framescope.core.fragments.geometry import Grid, cut_tiles
from framescope.core.fragments.manifest import PictureForm
from framescope.core.fragments.planes import chroma_steps
from framescope.core.media.picture.picture import AvPicture
from framescope.core.media.picture.pixel_formats import pixel_format_facts
from framescope.core.translation import tr

if TYPE_CHECKING:
    import av

    from framescope.core.model.frame import Frame

_BT709, _LIMITED = 1, 1
_MOST_TILES = 4096


def frame_of(frame: Frame) -> av.VideoFrame:
    """The decoder's own frame.

    Raises:
        FragmentError: The picture is not a decoder's frame.
    """
    if not isinstance(frame.picture, AvPicture):
        raise FragmentError(tr("This picture cannot be split: it is not an FFmpeg frame."))
    return frame.picture.av_frame


class FormTable:
    """The forms met so far, numbered."""

    def __init__(self, grid: Grid, codec: FragmentCodec, quality: int) -> None:
        self._grid = grid
        self._codec = codec
        self._is_lossless = CODECS[codec].is_lossless(quality)
        self._places: dict[tuple[int | str, ...], int] = {}
        self.forms: list[PictureForm] = []

    def place_of(self, frame: av.VideoFrame) -> int:
        """The number of the frame's form.

        Raises:
            FragmentError: The codec cannot hold such pictures, or the grid has too many tiles.
        """
        key = (
            frame.width,
            frame.height,
            frame.format.name,
            frame.colorspace,
            frame.color_range,
            frame.color_primaries,
            frame.color_trc,
        )
        place = self._places.get(key)
        if place is None:
            place = self._places[key] = len(self.forms)
            self.forms.append(self._make(frame))
        return place

    def _make(self, frame: av.VideoFrame) -> PictureForm:
        name = frame.format.name
        plan = plan_format(
            self._codec, name, must_be_lossless=self._is_lossless and CODECS[self._codec].qualities is None
        )
        steps = chroma_steps(plan.stored)
        tiles = cut_tiles(frame.width, frame.height, self._grid, steps)
        if len(tiles) > _MOST_TILES:
            raise FragmentError(
                tr(
                    "That makes {count} tiles; {most_tiles} is the most.",
                    count=len(tiles),
                    most_tiles=_MOST_TILES,
                ),
                hint=tr("Choose larger tiles."),
            )
        # RGB stored as YUV is converted with this matrix, whatever it signalled before.
        becomes_yuv = pixel_format_facts(name).is_rgb and not pixel_format_facts(plan.given).is_rgb
        return PictureForm(
            width=frame.width,
            height=frame.height,
            pixel_format=name,
            stored_format=plan.stored,
            given_format=plan.given,
            is_lossless=plan.is_lossless,
            format_words=plan.words,
            colorspace=_BT709 if becomes_yuv else int(frame.colorspace),
            color_range=_LIMITED if becomes_yuv else int(frame.color_range),
            color_primaries=int(frame.color_primaries),
            color_trc=int(frame.color_trc),
            tiles=tiles,
            coded=tuple(CODECS[self._codec].coded_size(tile.width, tile.height, steps) for tile in tiles),
        )
