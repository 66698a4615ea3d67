"""Compares two videos: aligns their frames, and measures the quality of those that belong together."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from framescope.core.compare.alignment import Alignment, align_by_content, align_by_number, align_by_time
from framescope.core.compare.choices import AlignBy
from framescope.core.compare.export_folder import export_folder, read_export
from framescope.core.compare.fingerprints import measure_fingerprints
from framescope.core.compare.quality import Metric, Quality, measure_quality
from framescope.core.compare.vmaf import vmaf_program
from framescope.core.errors import SettingsError
from framescope.core.media.facts.intervals import measure_intervals
from framescope.core.media.video import Video
from framescope.core.model.progress import CancelToken, Progress, Steps, ignore_progress
from framescope.core.source.opening import open_video
from framescope.core.timing.telecine import find_telecine
from framescope.core.translation import tr

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Iterator
    from fractions import Fraction

    from numpy.typing import NDArray

    from framescope.core.compare.fingerprints import Fingerprints
    from framescope.core.model.progress import ProgressCallback
    from framescope.core.timing.telecine import Telecine

    Prints = tuple[Fingerprints, Fingerprints]


_NONE = np.empty(0, np.int64)
_ALIGNING = 20
"""Aligning takes as long as reading one frame of so many."""
_FILM_FRAMES = 600
"""About as many are looked at for telecine."""


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One of the two videos.

    Attributes:
        source: Its path or address.
        stream_index: The stream.
        words: Codec, size and pixel format.
        times_s: float64, when each frame is shown, from the first one; NaN without a timestamp.
        unavailable: int64, frames that could not be decoded, as far as they were read.
        rate: Frames per second as measured; None where it is not known.
        damaged: int64, frames that are damaged or may depend on damage, as far as they were read.
        telecine: The cadence of film in it; None if there is none, or if its pictures were not looked at.
    """

    source: str
    stream_index: int
    words: str
    times_s: NDArray[np.float64]
    unavailable: NDArray[np.int64]
    rate: Fraction | None = None
    damaged: NDArray[np.int64] = field(default_factory=lambda: _NONE)
    telecine: Telecine | None = None

    def __len__(self) -> int:
        """The number of frames."""
        return len(self.times_s)


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """How B differs from A.

    Attributes:
        a: The first video, such as a source.
        b: The second, such as a transcode of it.
        alignment: Which frames belong together, and what is missing, repeated or added.
        quality: How similar those frames are; None if it was not measured.
        is_selection: Whether B is an export of some frames of A, and the others are not missing.
        pins: The pairs that were given.
        prints: The fingerprints of both videos, if they were aligned by content.
    """

    a: Side
    b: Side
    alignment: Alignment
    quality: Quality | None
    is_selection: bool = False
    pins: tuple[tuple[int, int], ...] = ()
    prints: tuple[Fingerprints, Fingerprints] | None = None

    @property
    def is_complete(self) -> bool:
        """Whether every frame of A is in B, once and in order, and nothing else, and all can be decoded."""
        return self.alignment.is_complete and not len(self.a.unavailable) and not len(self.b.unavailable)


def _ignore(_comparison: Comparison) -> None:
    pass


def compare(  # noqa: PLR0913 - each is named at the call
    a: Video | str | os.PathLike[str],
    b: Video | str | os.PathLike[str],
    *,
    align: AlignBy | str = AlignBy.CONTENT,
    pins: Iterable[tuple[int, int]] = (),
    metrics: Iterable[Metric | str] = (Metric.PSNR, Metric.SSIM),
    stream_a: int | None = None,
    stream_b: int | None = None,
    earlier: Comparison | None = None,
    aligned: Callable[[Comparison], object] = _ignore,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> Comparison:
    """Compare two videos, frame by frame.

    >>> import framescope
    >>> found = framescope.compare(clip, clip)
    >>> found.is_complete, found.alignment.b_of_a[17], found.quality.is_identical.all()
    (True, np.int64(17), np.True_)

    Args:
        a: The first video, such as a source: an open video, or a path or address. A fragment store is one.
        b: The second, such as a transcode of it; or a folder of frames exported from ``a``, whose manifest
            says which picture is which frame.
        align: What decides which frames belong together: ``content``, ``number`` or ``time``.
        pins: Pairs (frame of A, frame of B) that belong together whatever they show; with ``content``.
        metrics: What to measure on them: ``psnr``, ``ssim``, ``ms-ssim``, ``vmaf``; none to align only.
        stream_a: The stream of A, counted over all streams of the file; None to choose automatically.
        stream_b: The stream of B.
        earlier: A comparison of the same two videos, for other pins or metrics: what it measured of them, and
            of pairs that are pairs again, is used again.
        aligned: Called with the result as it is before the quality is measured, which takes longest.
        progress: Receives the progress of all steps together, once the frames of both videos are listed.
        cancel: Cancels the work.

    Raises:
        SettingsError: A word is unknown, pins are impossible, there are no times to align by, or VMAF is not
            available.
        OpenError: A video cannot be opened.
        Cancelled: The work was cancelled.
    """
    by, pinned = _align_by(align), tuple(pins)
    chosen = _metrics(metrics)
    if Metric.VMAF in chosen:
        # Before the videos are read.
        vmaf_program()
    if pinned and by is not AlignBy.CONTENT:
        raise SettingsError(tr("Pairs of frames can be given only where frames are aligned by content."))
    folder = None if isinstance(b, Video) else export_folder(b)
    if folder is not None and (pinned or by is not AlignBy.CONTENT):
        raise SettingsError(tr("An export is aligned by its manifest, which says which frames it holds."))
    with ExitStack() as stack:
        first = stack.enter_context(_opened(a, stream_a, progress, cancel))
        if folder is not None:
            exported, unreadable = read_export(folder, first)
            alignment = exported.alignment(len(first), unreadable)
            quality = exported.quality(first, chosen, progress, cancel) if chosen else None
            side = Side(str(folder), 0, exported.words, _times_s(first)[exported.numbers], _NONE)
            return Comparison(_side(first, _NONE), side, alignment, quality, is_selection=True)
        second = stack.enter_context(_opened(b, stream_b, progress, cancel))
        # Without fingerprints, nothing has looked at the pictures yet.
        looked = None if earlier is None else earlier.prints
        looks = by is AlignBy.CONTENT and looked is None
        steps = _steps(first, second, progress, looks=looks, measures=bool(chosen))
        prints: Prints | None = looked if by is AlignBy.CONTENT else None
        if looks:
            prints = (
                measure_fingerprints(first, progress=steps.next(), cancel=cancel),
                measure_fingerprints(second, progress=steps.next(), cancel=cancel),
            )
        matching = steps.next()
        if earlier is not None and earlier.alignment.by is by and earlier.pins == pinned:
            alignment = earlier.alignment
        else:
            alignment = _aligned(first, second, by, prints, pinned, matching, cancel)
        films = None if earlier is None or looked is None else (earlier.a.telecine, earlier.b.telecine)
        if looks:
            films = (
                find_telecine(first, progress=steps.next(), cancel=cancel),
                find_telecine(second, progress=steps.next(), cancel=cancel),
            )
        mapped = _result(first, second, alignment, pinned, prints, films, earlier)
        if not chosen:
            return mapped
        aligned(mapped)
        quality = measure_quality(
            first,
            second,
            alignment.pairs,
            metrics=chosen,
            known=None if earlier is None else earlier.quality,
            progress=steps.next(),
            cancel=cancel,
        )
        # More damage may have been met meanwhile.
        return replace(_result(first, second, alignment, pinned, prints, films, earlier), quality=quality)


def _result(  # noqa: PLR0913, PLR0917 - the parts of a result
    a: Video,
    b: Video,
    alignment: Alignment,
    pins: tuple[tuple[int, int], ...],
    prints: Prints | None,
    films: tuple[Telecine | None, Telecine | None] | None,
    earlier: Comparison | None,
) -> Comparison:
    """What was found so far, without the quality."""
    film_a, film_b = films or (None, None)
    # What is read now may be less than what was read then.
    hurt_a, hurt_b = (_NONE, _NONE) if earlier is None else (earlier.a.damaged, earlier.b.damaged)
    return Comparison(
        _side(a, _unavailable(prints, 0), film_a, hurt_a),
        _side(b, _unavailable(prints, 1), film_b, hurt_b),
        alignment,
        None,
        pins=pins,
        prints=prints,
    )


def _steps(a: Video, b: Video, progress: ProgressCallback, *, looks: bool, measures: bool) -> Steps:
    """The progress of what is to be done, in frames that are read; aligning costs as much as a few."""
    frames = len(a) + len(b)
    weights = [len(a), len(b)] if looks else []
    weights.append(frames // _ALIGNING + 1)
    if looks:
        weights += [min(len(a), _FILM_FRAMES), min(len(b), _FILM_FRAMES)]
    return Steps(progress, [*weights, frames] if measures else weights)


@contextmanager
def _opened(
    source: Video | str | os.PathLike[str],
    stream_index: int | None,
    progress: ProgressCallback,
    cancel: CancelToken | None,
) -> Iterator[Video]:
    """The video; closed afterwards if it was not open before."""
    if isinstance(source, Video):
        yield source
        return
    # How long the listing takes says nothing of how long the comparison will.
    listing = partial(_report_listing, progress)
    with open_video(source, stream_index=stream_index, progress=listing, cancel=cancel) as video:
        yield video


def _report_listing(progress: ProgressCallback, one: Progress) -> None:
    progress(Progress(0, None, one.text))


def _unavailable(prints: Prints | None, place: int) -> NDArray[np.int64]:
    """The frames of A (0) or B (1) that could not be decoded."""
    return _NONE if prints is None else np.flatnonzero(~prints[place].is_available)


def _aligned(  # noqa: PLR0913, PLR0917 - as `compare` takes them
    a: Video,
    b: Video,
    by: AlignBy,
    prints: Prints | None,
    pins: tuple[tuple[int, int], ...],
    progress: ProgressCallback,
    cancel: CancelToken | None,
) -> Alignment:
    if prints is not None:
        return align_by_content(*prints, pins=pins, progress=progress, cancel=cancel)
    if by is AlignBy.NUMBER:
        return align_by_number(len(a), len(b))
    return align_by_time(_times_s(a), _times_s(b))


def _align_by(word: AlignBy | str) -> AlignBy:
    try:
        return AlignBy(word)
    except ValueError as error:
        raise SettingsError(
            tr("Frames cannot be aligned by {word!r}.", word=str(word)),
            hint=tr("They are aligned by {names}.", names=", ".join(AlignBy)),
        ) from error


def _metrics(words: Iterable[Metric | str]) -> tuple[Metric, ...]:
    chosen = [str(word).strip().lower() for word in words]
    unknown = [word for word in chosen if word not in set(Metric)]
    if unknown:
        raise SettingsError(
            tr("There is no metric {word!r:.40}.", word=unknown[0]),
            hint=tr("The metrics are {names}.", names=", ".join(Metric)),
        )
    return tuple(Metric(word) for word in chosen)


def _times_s(video: Video) -> NDArray[np.float64]:
    return np.asarray(video.index.times_s, np.float64)


def _side(
    video: Video,
    unavailable: NDArray[np.int64],
    telecine: Telecine | None = None,
    damaged: NDArray[np.int64] = _NONE,
) -> Side:
    info = video.info
    words = f"{info.codec}, {info.width} × {info.height}, {info.pixel_format}"
    return Side(
        info.source,
        info.stream_index,
        words,
        _times_s(video),
        unavailable,
        measure_intervals(video.index).rate,
        np.union1d(video.damaged_frames.astype(np.int64), damaged),
        telecine,
    )
