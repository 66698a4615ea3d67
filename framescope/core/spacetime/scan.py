"""Makes a space-time image in one pass over a video, and from a fragment store without the other tiles."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, cast

import numpy as np

from framescope.core.errors import FrameUnavailableError, SettingsError
from framescope.core.export.encoders.formats import BitDepth
from framescope.core.machine_memory import memory_bytes
from framescope.core.media.picture.geometry import rotated_size, stored_position
from framescope.core.media.video import Video
from framescope.core.model.progress import CancelToken, Progress, ignore_progress
from framescope.core.model.stream_facts import FRAGMENT_CONTAINER
from framescope.core.spacetime.image import SpaceTimeImage, TileShare, stripes
from framescope.core.spacetime.slit import Interpolation, Sampler, Slit, SlitKind
from framescope.core.text import counted, size_words
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from numpy.typing import NDArray

    from framescope.core.fragments.geometry import Region
    from framescope.core.model.frame import Frame
    from framescope.core.model.progress import ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo
    from framescope.core.spacetime.image import Samples

_MOST_BYTES, _MEMORY_SHARE = 1 << 30, 16
"""Most bytes of an image, and at most this part of the memory: to save it takes several times as much."""
_PART_S = 0.2
_MARGIN = 10
"""Pixels around a sample that its colour may depend on: chroma is interpolated across borders of tiles."""


@dataclass(frozen=True, slots=True)
class SlitSettings:
    """How a space-time image is made.

    Attributes:
        slit: What is drawn on the picture.
        interpolation: How a value between pixels is found.
        bit_depth: Bits per component; SOURCE gives 16 where the video has more than 8.
    """

    slit: Slit
    interpolation: Interpolation = Interpolation.NEAREST
    bit_depth: BitDepth = BitDepth.SOURCE


def spacetime(  # noqa: PLR0913 - one for each way of drawing
    video: Video,
    *,
    line: Sequence[float] | None = None,
    polyline: Sequence[float] | None = None,
    row: int | None = None,
    column: int | None = None,
    circle: Sequence[float] | None = None,
    region: Sequence[int] | None = None,
    width: int = 1,
    interpolation: str = "nearest",
    bit_depth: str = "source",
    within: range | None = None,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> SpaceTimeImage:
    """Make a space-time image (kymograph, slit scan) of one line on the picture; give exactly one.

    >>> import framescope
    >>> with framescope.open_video(clip) as video:
    ...     framescope.spacetime(video, row=60).pixels.shape
    (160, 48, 3)

    Coordinates are those of ``Frame.to_rgb()``: displayed pixels, after rotation, the centre of the first one
    at (0, 0). One sample is taken for each pixel of arc length.

    Args:
        video: The video. Of a fragment store only the tiles under the line are read.
        line: ``x1, y1, x2, y2``.
        polyline: Two numbers for each corner.
        row: A whole row: an x–t slice.
        column: A whole column: a y–t slice.
        circle: ``x, y, radius``; begins at the right and goes clockwise.
        region: ``x, y, width, height``; gives its mean colour, one sample a frame.
        width: Pixels across the line over which each sample is averaged.
        interpolation: ``"nearest"`` or ``"bilinear"``, for lines that do not follow rows or columns.
        bit_depth: ``"source"`` (16 bits where the video has more than 8), ``"8"`` or ``"16"``.
        within: Only frames of this run, with step 1.
        progress: Receives the progress.
        cancel: Cancels the work.

    Returns:
        ``.pixels`` is (samples, frames, 3) uint8 or uint16 in R, G, B order; ``.frame_numbers``, ``.pts`` and
        ``.times_s`` belong to its columns, ``.missing`` says which frames could not be read and why.

    Raises:
        SettingsError: Not exactly one line is given, it reaches beyond the picture, or the image would be too
            large.
        Cancelled: The work was cancelled.
        FrameScopeError: The video is closed, or was opened by another process.
    """
    lines = {
        SlitKind.LINE: line,
        SlitKind.POLYLINE: polyline,
        SlitKind.ROW: row,
        SlitKind.COLUMN: column,
        SlitKind.CIRCLE: circle,
        SlitKind.REGION: region,
    }
    given = [(kind, numbers) for kind, numbers in lines.items() if numbers is not None]
    if len(given) != 1:
        raise SettingsError(tr("Give exactly one of {names}.", names=", ".join(SlitKind)))
    [(kind, typed)] = given
    try:
        numbers = tuple(np.ravel(np.asarray(typed, np.float64)).tolist())
        settings = SlitSettings(Slit(kind, numbers, width), Interpolation(interpolation), BitDepth(bit_depth))
    except (ValueError, TypeError) as error:
        raise SettingsError(tr("This setting is not possible: {error}.", error=error)) from error
    frames = range(len(video)) if within is None else within
    return scan(video, settings, frames, progress=progress, cancel=cancel)


def scan(  # noqa: PLR0913 - each is named at the call
    video: Video,
    settings: SlitSettings,
    frames: range,
    *,
    on_part: Callable[[SpaceTimeImage], None] | None = None,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> SpaceTimeImage:
    """Make a space-time image in one sequential pass.

    Args:
        video: The video.
        settings: The line, and how it is sampled.
        frames: The frames, with step 1.
        on_part: Receives the image as far as it is made, a few times a second.
        progress: Receives the progress.
        cancel: Cancels the work.

    Raises:
        SettingsError: The line reaches beyond the picture, the frames are not a run of the video, or the
            image would be too large.
        Cancelled: The work was cancelled.
        FrameScopeError: The video is closed, or was opened by another process.
    """
    if frames.step != 1 or not 0 <= frames.start < frames.stop <= len(video):
        raise SettingsError(
            tr(
                "Frames {first} to {last} are not a run of this video.",
                first=frames.start,
                last=frames.stop - 1,
            ),
            hint=tr("It has frames 0 to {last}.", last=len(video) - 1),
        )
    info = video.info
    sampler = Sampler(settings.slit, settings.interpolation, *upright_size(info))
    deep = settings.bit_depth is BitDepth.SIXTEEN or (
        settings.bit_depth is BitDepth.SOURCE and info.bit_depth > 8
    )
    _check_size(len(sampler), len(frames), 2 if deep else 1)
    by_frame = np.zeros((len(frames), len(sampler), 3), np.uint16 if deep else np.uint8)
    missing: dict[int, str] = {}
    damaged: list[int] = []
    with _source(video, sampler, frames) as (source, share):

        def image(count: int) -> SpaceTimeImage:
            done = by_frame[:count]
            done.setflags(write=False)
            run = slice(frames.start, frames.start + count)
            index = source.index
            return SpaceTimeImage(
                slit=settings.slit,
                interpolation=settings.interpolation,
                size=sampler.size,
                positions=sampler.positions,
                by_frame=done,
                first_frame=frames.start,
                pts=index.shown_pts[run],
                times_s=index.times_s[run],
                time_base=index.time_base,
                missing=dict(missing),
                damaged=tuple(damaged),
                share=share,
            )

        published = time.monotonic()
        for place, answer in enumerate(source.try_frames(frames)):
            if cancel is not None:
                cancel.raise_if_cancelled()
            number = frames[place]
            reason = answer.reason if isinstance(answer, FrameUnavailableError) else ""
            if not isinstance(answer, FrameUnavailableError):
                reason = _take(answer, sampler, by_frame[place])
                if answer.is_damaged:
                    damaged.append(number)
            if reason:
                by_frame[place] = stripes(len(sampler), deep=deep)
                missing[number] = reason
            progress(Progress(place + 1, len(frames), tr("Reading along the line")))
            if on_part is not None and time.monotonic() - published > _PART_S:
                on_part(image(place + 1))
                published = time.monotonic()
        return image(len(frames))


def joined(first: SpaceTimeImage, second: SpaceTimeImage) -> SpaceTimeImage:
    """An image and its continuation, of the same line."""
    by_frame = np.concatenate([first.by_frame, second.by_frame])
    by_frame.setflags(write=False)
    return replace(
        second,
        by_frame=by_frame,
        first_frame=first.first_frame,
        pts=np.concatenate([first.pts, second.pts]),
        times_s=np.concatenate([first.times_s, second.times_s]),
        missing={**first.missing, **second.missing},
        damaged=(*first.damaged, *second.damaged),
    )


def upright_size(info: VideoInfo) -> tuple[int, int]:
    """Columns and rows of the pictures as `Frame.to_rgb` gives them: rotated, pixels not made square."""
    return rotated_size(info.width, info.height, info.rotation)


def _take(frame: Frame, sampler: Sampler, room: Samples) -> str:
    """Put a frame's samples where they belong; why that is not possible, if it is not."""
    picture = frame.picture
    if room.dtype == np.uint16:
        pixels: Samples = picture.to_bgr_exact(deep=True)[..., ::-1]
    else:
        pixels = picture.to_rgb()
    height, width = pixels.shape[:2]
    if (width, height) != sampler.size:
        return tr("the picture has another size, {width} × {height}", width=width, height=height)
    room[:] = sampler.sample(cast("Samples", np.ascontiguousarray(pixels)))
    return ""


def _check_size(samples: int, frames: int, component_bytes: int) -> None:
    size = samples * frames * 3 * component_bytes
    most = min(_MOST_BYTES, memory_bytes() // _MEMORY_SHARE)
    if size > most:
        raise SettingsError(
            tr(
                "{samples} for each of {frames} take {size}; the maximum is {most}.",
                samples=counted(samples, "sample", "samples"),
                frames=counted(frames, "frame", "frames"),
                size=size_words(size),
                most=size_words(most),
            ),
            hint=tr(
                "Choose a shorter range: up to {frames} at a time.",
                frames=counted(max(most * frames // size, 1), "frame", "frames"),
            ),
        )


# --- fragment stores


class Footprint:
    """The stored pixels that a line's samples depend on; tells which tiles are needed."""

    def __init__(self, columns: NDArray[np.int64], rows: NDArray[np.int64]) -> None:
        self._columns, self._rows = columns, rows
        self._known: dict[Region, bool] = {}

    def meets(self, tile: Region) -> bool:
        """Whether a tile is needed."""
        known = self._known.get(tile)
        if known is None:
            known = self._known[tile] = bool(
                (
                    (self._columns >= tile.x - _MARGIN)
                    & (self._columns < tile.right + _MARGIN)
                    & (self._rows >= tile.y - _MARGIN)
                    & (self._rows < tile.bottom + _MARGIN)
                ).any()
            )
        return known


@contextmanager
def _source(video: Video, sampler: Sampler, frames: range) -> Iterator[tuple[Video, TileShare | None]]:
    """The video to read from: of a fragment store one without the tiles that are not needed."""
    if video.info.container != FRAGMENT_CONTAINER:
        yield video, None
        return
    # The code of stores is imported where there is one.
    from framescope.core.fragments.reader import FragmentReader  # noqa: PLC0415
    from framescope.core.fragments.source import open_store  # noqa: PLC0415
    from framescope.core.fragments.touch import touched  # noqa: PLC0415

    info = video.info
    columns, rows = stored_position(
        *sampler.touched(), (info.width, info.height), rotation=info.rotation, mirrored=info.mirrored
    )
    store, region = open_store(info.source)
    with store:
        if region is not None:
            columns, rows = columns + region.x, rows + region.y
        footprint = Footprint(columns, rows)
        takes = touched(store.manifest, footprint, frames)
        forms = store.manifest.forms
        share = TileShare(
            tiles_read=len({fragment.tile for fragment in takes.fragments}),
            tiles=max((len(form.tiles) for form in forms), default=0),
            fragments_read=len(takes.fragments),
            fragments=takes.fragments_of_runs,
            bytes_read=takes.bytes_read,
            bytes_in_all=takes.bytes_of_runs,
        )
    with Video(info, video.index, make_reader=partial(FragmentReader, needs=footprint)) as part:
        yield part, share
