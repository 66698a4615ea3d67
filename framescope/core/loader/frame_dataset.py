"""FrameDataset: the clips of many videos by number, as a map-style data set."""

from __future__ import annotations

import operator
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, SupportsIndex

import numpy as np

from framescope.core.errors import (
    DecodeError,
    FrameScopeError,
    OpenError,
    SettingsError,
)
from framescope.core.export.encoders.pixels import resized
from framescope.core.export.geometry import Resize
from framescope.core.loader.clip_choice import Boundary, ClipLayout, ClipsAre
from framescope.core.loader.open_videos import OpenVideos
from framescope.core.machine_cores import core_count
from framescope.core.media.container import local_path, no_frame_decodes, source_name
from framescope.core.media.index_builder import Counting
from framescope.core.media.index_store import IndexStore
from framescope.core.media.picture.geometry import rotated_pixel_aspect, sane_pixel_aspect
from framescope.core.media.picture.picture import AvPicture
from framescope.core.model.progress import CancelToken, Progress, ignore_progress
from framescope.core.scripting import choose
from framescope.core.source.input_videos import list_videos, no_videos
from framescope.core.source.opening import build_index, known_video, probe
from framescope.core.translation import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from fractions import Fraction

    from numpy.typing import ArrayLike, NDArray

    from framescope.core.media.index import FrameIndex
    from framescope.core.media.video import Video
    from framescope.core.model.progress import ProgressCallback
    from framescope.core.model.stream_facts import VideoInfo

_MOST_OPENING = 4
"""Videos indexed at a time; more would wait for the disk."""


class FrameClip(NamedTuple):
    """One clip. Every part is an array, a number or text, so that loaders can stack clips to batches.

    Attributes:
        frames: uint8 of shape (T, height, width, 3) or (T, 3, height, width), in R, G, B order, as displayed;
            or what ``transform`` made of it.
        frame_numbers: int64 (T,), 0-based numbers in presentation order.
        pts: int64 (T,), timestamps in units of ``time_base``; the lowest int64 where a frame has none.
        time_base: int64 (2,), numerator and denominator of the seconds a unit.
        times_s: float64 (T,), seconds since the first frame of the video; NaN where a frame has no timestamp.
        is_damaged: bool (T,), whether a frame is damaged or may depend on damage.
        video: Number of the video, in ``FrameDataset.paths``.
        clip: Number of the clip in the data set.
        path: The video.
    """

    frames: Any
    frame_numbers: NDArray[np.int64]
    pts: NDArray[np.int64]
    time_base: NDArray[np.int64]
    times_s: NDArray[np.float64]
    is_damaged: NDArray[np.bool_]
    video: int
    clip: int
    path: str


class Skipped(NamedTuple):
    """What was left out, and why.

    Attributes:
        path: The video.
        clip: The number of the clip; None for the whole video.
        reason: What is wrong, in words.
    """

    path: str
    clip: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class _Source:
    """One video: facts, index, and the first frames of its clips, or the frames of each clip as rows."""

    info: VideoInfo
    index: FrameIndex
    clips: NDArray[np.int64]


class FrameDataset:
    """The clips of many videos by number, for data loaders such as ``torch.utils.data.DataLoader``.

    >>> import framescope
    >>> clips = framescope.FrameDataset([clip], clip_length=16, stride=2)
    >>> len(clips), clips[0].frames.shape, clips[0].frame_numbers[:4]
    (1, (16, 120, 160, 3), array([0, 2, 4, 6]))

    It holds the index of each video and opens a video when a clip of it is asked for. Workers may be forked
    or spawned: each opens the files for itself. Imports no torch. Threads: any; one waits for another.

    Attributes:
        paths: The videos, in the order given; those of folders sorted.
        skipped: What was left out so far, where ``errors`` is ``"skip"``: videos when this was made, clips as
            they are read. Each process has its own list of clips.
    """

    def __init__(  # noqa: PLR0913 - every option is named at the call
        self,
        paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
        choice: str | Mapping[str, Any] | Callable[[Video], ArrayLike] = "all",
        *,
        clip_length: int = 1,
        stride: int = 1,
        clip_step: int = 0,
        clips_per_video: int = 1,
        boundary: Boundary | str = Boundary.DROP,
        seed: int = 0,
        layout: Literal["THWC", "TCHW"] = "THWC",
        resize: Resize | str | None = None,
        transform: Callable[[NDArray[np.uint8]], Any] | None = None,
        errors: Literal["raise", "skip"] = "raise",
        open_files: int = 8,
        counting: Counting | str = Counting.AUTO,
        use_index_cache: bool = True,
        progress: ProgressCallback = ignore_progress,
        cancel: CancelToken | None = None,
    ) -> None:
        """Index all videos, several at a time, and choose their clips.

        Args:
            paths: Videos, or folders of them.
            choice: ``"all"`` for adjacent clips, ``"uniform"`` or ``"random"`` for ``clips_per_video`` of
                each; keywords of `choose`, such as ``{"scenes": True}``, for a clip from each chosen frame
                on, or, if these choose clips, those; or a function of the video that returns such numbers.
            clip_length: Frames a clip.
            stride: From each frame of a clip to the next.
            clip_step: With ``"all"``: frames from the start of a clip to the start of the next; 0 for
                adjacent clips.
            clips_per_video: With ``"uniform"`` and ``"random"``: how many.
            boundary: A clip that reaches beyond the end is left out (``drop``), filled up with its last frame
                (``repeat_last``) or from its first one on (``wrap``), or refused (``error``).
            seed: With ``"random"``: the same seed, epoch and file name give the same clips.
            layout: Order of the axes: frames, height, width and colours.
            resize: The size of the pictures, as in an export: ``"224x224"``, ``"x256"``, ``"512"`` (longest
                side), ``"square"`` (square pixels). Videos of different sizes need it to be stacked.
            transform: Called with the frames of each clip; it must be picklable for spawned workers.
            errors: ``"raise"``, or ``"skip"`` to leave out videos that cannot be opened, and to give the next
                clip in place of one that cannot be decoded; ``FrameClip.clip`` says which one it is.
            open_files: Videos that stay open in each process.
            counting: What the frame numbers are counted from.
            use_index_cache: Whether indexes may be taken from and kept on disk.
            progress: Receives the number of videos indexed.
            cancel: Cancels it.

        Raises:
            SettingsError: An option is invalid.
            OpenError: A video cannot be opened, or there is none.
            Cancelled: The work was cancelled.
        """
        self._check(layout, errors, open_files)
        given = [paths] if isinstance(paths, (str, os.PathLike)) else list(paths)
        sources = [os.fspath(path) for path in given]
        cancel = cancel or CancelToken()
        self._layout = _clip_layout(
            choice, clip_length, stride, clip_step, clips_per_video, boundary=boundary, seed=seed
        )
        self._choice = None if isinstance(choice, str) else choice
        self._puts_colours_first = layout == "TCHW"
        self._resize = Resize.parse(resize) if isinstance(resize, str) else resize
        self._transform = transform
        self._skips = errors == "skip"
        self._epoch = 0
        self._open = OpenVideos(open_files)
        self.skipped: list[Skipped] = []
        listed = list_videos(sources, cancel=cancel)
        if not listed:
            raise no_videos(sources)
        open_one = partial(
            self._source, Counting(counting), IndexStore() if use_index_cache else None, cancel
        )
        found = _in_order(open_one, listed, progress)
        self.skipped += [one for one in found if isinstance(one, Skipped)]
        self._sources = [one for one in found if isinstance(one, _Source)]
        self._ends = np.cumsum([len(one.clips) for one in self._sources], dtype=np.int64)

    @property
    def paths(self) -> list[str]:
        """The videos, by the numbers in ``FrameClip.video``."""
        return [one.info.source for one in self._sources]

    def set_epoch(self, epoch: int) -> None:
        """Draw other random clips for another pass over the data; before the workers of that pass start."""
        self._epoch = epoch
        if self._layout.are is ClipsAre.RANDOM and self._choice is None:
            self._sources = [
                _Source(one.info, one.index, self._starts(one.info, one.index)) for one in self._sources
            ]

    def frame_numbers(self, clip: int) -> NDArray[np.int64]:
        """The frames of a clip, int64 (T,), without reading them.

        Raises:
            IndexError: There is no such clip.
        """
        place, row = self._place(clip)
        return self._numbers(self._sources[place], row)

    def close(self) -> None:
        """Close the videos that are open in this process; a later clip opens its video again."""
        self._open.close()

    def __len__(self) -> int:
        """The number of clips."""
        return int(self._ends[-1]) if len(self._ends) else 0

    def __getitem__(self, clip: SupportsIndex) -> FrameClip:
        """The clip of this number.

        Raises:
            IndexError: There is no such clip.
            DecodeError: One of its frames cannot be decoded.
            OpenError: The file is gone, or has changed.
        """
        number = operator.index(clip)
        if not -len(self) <= number < len(self):
            raise IndexError(f"clip {number} of {len(self)}")
        number %= len(self)
        for tried in range(len(self)):
            try:
                return self._read((number + tried) % len(self))
            except (DecodeError, OpenError) as error:
                if not self._skips or tried == len(self) - 1:
                    raise
                path = self.paths[self._place((number + tried) % len(self))[0]]
                self.skipped.append(Skipped(path, (number + tried) % len(self), error.in_full))
        raise AssertionError

    def __getitems__(self, clips: Sequence[int]) -> list[FrameClip]:
        """The clips of a batch, in the order asked for; read video by video, so that each is opened once."""
        found: dict[int, FrameClip] = {}
        for clip in sorted(set(clips)):
            found[clip] = self[clip]
        return [found[clip] for clip in clips]

    @staticmethod
    def _check(layout: str, errors: str, open_files: int) -> None:
        if layout not in ("THWC", "TCHW"):
            raise SettingsError(tr("layout must be THWC or TCHW, not {layout!r}.", layout=layout))
        if errors not in ("raise", "skip"):
            raise SettingsError(tr("errors must be raise or skip, not {errors!r}.", errors=errors))
        if open_files < 1:
            raise SettingsError(tr("At least one file must stay open."))

    def _source(
        self, counting: Counting, store: IndexStore | None, cancel: CancelToken, path: str
    ) -> _Source | Skipped:
        """Index one video. Threads: any."""
        try:
            cancel.raise_if_cancelled()
            # A worker may be in another folder.
            info = probe(str(local_path(path) or path))
            index = build_index(info, counting=counting, store=store, cancel=cancel)
            if not len(index):
                raise no_frame_decodes(info.source)
            clips = self._starts(info, index) if self._choice is None else self._chosen(info, index, cancel)
        except SettingsError:
            raise
        except FrameScopeError as error:
            if not self._skips:
                raise
            return Skipped(path, None, error.in_full)
        return _Source(info, index, clips)

    def _starts(self, info: VideoInfo, index: FrameIndex) -> NDArray[np.int64]:
        return self._layout.starts(len(index), name=source_name(info.source), epoch=self._epoch)

    def _chosen(self, info: VideoInfo, index: FrameIndex, cancel: CancelToken) -> NDArray[np.int64]:
        with known_video(info, index) as video:
            if isinstance(self._choice, Mapping):
                numbers = choose(video, **self._choice, cancel=cancel)
            else:
                assert callable(self._choice)
                numbers = np.asarray(self._choice(video), np.int64)
        if numbers.size and not (int(numbers.min()) >= 0 and int(numbers.max()) < len(index)):
            name = source_name(info.source)
            raise SettingsError(tr("Frames were chosen that {name} does not have.", name=name))
        if numbers.ndim == 1 and self._layout.boundary is Boundary.DROP:
            numbers = numbers[numbers <= len(index) - self._layout.span]
        return numbers

    def _place(self, clip: int) -> tuple[int, int]:
        """The video that holds a clip, and the clip's number in it."""
        if not 0 <= clip < len(self):
            raise IndexError(f"clip {clip} of {len(self)}")
        place = int(np.searchsorted(self._ends, clip, side="right"))
        return place, clip - (int(self._ends[place - 1]) if place else 0)

    def _numbers(self, source: _Source, row: int) -> NDArray[np.int64]:
        if source.clips.ndim > 1:
            row_numbers: NDArray[np.int64] = source.clips[row].copy()
            return row_numbers
        return self._layout.frame_numbers(int(source.clips[row]), len(source.index))

    def _read(self, clip: int) -> FrameClip:
        place, row = self._place(clip)
        source = self._sources[place]
        numbers = self._numbers(source, row)
        # Each frame once, forwards: a clip that wraps around goes back.
        wanted, places = np.unique(numbers, return_inverse=True)
        is_damaged = np.zeros(len(wanted), np.bool_)
        pixels: NDArray[np.uint8] | None = None
        with self._open.use(place, source.info, source.index) as video:
            for number, frame in enumerate(video.frames(wanted)):
                rows = np.flatnonzero(places == number)
                room = None if pixels is None or self._resize is not None else pixels[rows[0]]
                # Every reader of this project gives such pictures.
                assert isinstance(frame.picture, AvPicture)
                picture = frame.picture.to_rgb(out=room)
                if self._resize is not None:
                    picture = resized(picture, self._resize, _pixel_aspect(source.info)).astype(np.uint8)
                if pixels is None:
                    pixels = np.empty((len(numbers), *picture.shape), np.uint8)
                if picture.shape != pixels.shape[1:]:
                    raise DecodeError(
                        tr("The frames of {name} differ in size.", name=source_name(source.info.source)),
                        hint=tr("Give a size to resize them to."),
                    )
                for row in rows if picture is not room else rows[1:]:
                    pixels[row] = picture
                is_damaged[number] = frame.is_damaged
        assert pixels is not None
        if self._puts_colours_first:
            pixels = np.ascontiguousarray(pixels.transpose(0, 3, 1, 2))
        base = source.index.time_base
        return FrameClip(
            frames=pixels if self._transform is None else self._transform(pixels),
            frame_numbers=numbers,
            pts=source.index.pts[numbers],
            time_base=np.array([base.numerator, base.denominator], np.int64),
            times_s=source.index.times_s[numbers],
            is_damaged=is_damaged[places],
            video=place,
            clip=clip,
            path=source.info.source,
        )


def _pixel_aspect(info: VideoInfo) -> Fraction:
    """Of the upright picture."""
    aspect = sane_pixel_aspect(info.sample_aspect_ratio)
    return rotated_pixel_aspect(aspect, info.rotation)


def _clip_layout(  # noqa: PLR0913 - the options of a data set
    choice: object,
    length: int,
    stride: int,
    step: int,
    per_video: int,
    *,
    boundary: Boundary | str,
    seed: int,
) -> ClipLayout:
    try:
        are = ClipsAre(choice) if isinstance(choice, str) else ClipsAre.ALL
        return ClipLayout(are, length, stride, step, per_video, Boundary(boundary), seed)
    except ValueError as error:
        raise SettingsError(
            tr("An option of the data set cannot be used: {error}.", error=error),
            hint=tr(
                "Clips are {choices}, or frames chosen by a rule; the boundary is {boundaries}.",
                choices=", ".join(ClipsAre),
                boundaries=", ".join(Boundary),
            ),
        ) from error


def _in_order(
    open_one: Callable[[str], _Source | Skipped], paths: Sequence[str], progress: ProgressCallback
) -> list[_Source | Skipped]:
    """What each path gave, several at a time; the first error in their order ends it."""
    found: list[_Source | Skipped] = []
    with ThreadPoolExecutor(min(core_count(), _MOST_OPENING), thread_name_prefix="index") as pool:
        try:
            for one in pool.map(open_one, paths):
                found.append(one)
                progress(Progress(len(found), len(paths), tr("Indexing videos")))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
    return found
