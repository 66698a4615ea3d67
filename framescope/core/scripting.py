"""The one-call API for scripts: choose frames by any sampling method, and export them with a manifest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from framescope.core.errors import SettingsError
from framescope.core.export.encoders.formats import (
    BitDepth,
    ChromaSampling,
    ImageFormat,
    PngStrategy,
    TiffCompression,
)
from framescope.core.export.geometry import Crop, Resize
from framescope.core.export.plan import plan_export
from framescope.core.export.run import export_frames
from framescope.core.export.settings import ExportSettings, OnExisting
from framescope.core.files import existing_names
from framescope.core.media.video import Video, VideoSlice
from framescope.core.model.progress import CancelToken, ignore_progress
from framescope.core.sampling.chosen import Chosen, chosen_clips
from framescope.core.sampling.content import measure_content
from framescope.core.sampling.rule import RULE_WORDS, frame_numbers_in, sampling_from_rule
from framescope.core.sampling.sampling import Sampling, Viewpoint
from framescope.core.sampling.sampling import choose as choose_by_sampling
from framescope.core.source.opening import open_video
from framescope.core.translation import tr

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable

    from numpy.typing import ArrayLike, NDArray

    from framescope.core.export.result import ExportResult
    from framescope.core.model.progress import ProgressCallback
    from framescope.core.sampling.scenes import SceneRule

_READ: dict[str, Callable[[Any], object]] = {
    "image_format": ImageFormat,
    "chroma": ChromaSampling,
    "png_strategy": PngStrategy,
    "tiff_compression": TiffCompression,
    "bit_depth": BitDepth,
    "crop": lambda value: Crop.parse(value) if isinstance(value, str) else value,
    "resize": lambda value: Resize.parse(value) if isinstance(value, str) else value,
}
"""Settings that may be given as the word that the command line takes."""


def choose(  # noqa: PLR0913 - one for each way of choosing
    video: Video,
    *,
    frames: str | Iterable[int] | None = None,
    every: int | None = None,
    every_seconds: float | None = None,
    spread: int | None = None,
    fps: float | None = None,
    clip_length: int | None = None,
    clip_stride: int = 0,
    max_clips: int = 0,
    keyframes: bool = False,
    scenes: bool | str | SceneRule = False,
    sharpest_per_frames: int | None = None,
    sharpest_per_seconds: float | None = None,
    no_duplicates: bool = False,
    max_distance: int | None = None,
    anywhere: bool = False,
    representative: int | None = None,
    within: range | None = None,
    exclude: str | Iterable[int] | None = None,
    per_scene: int | None = None,
    scene_rule: str | SceneRule | None = None,
    at_most: int | None = None,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> NDArray[np.int64]:
    """Choose frame numbers by a sampling method, and thin them out.

    Exactly one method must be given. ``exclude``, ``no_duplicates`` beside another method, ``per_scene`` and
    ``at_most`` then leave out some of its frames, in this order.

    >>> import framescope
    >>> with framescope.open_video(clip) as video:
    ...     framescope.choose(video, every=12)
    ...     framescope.choose(video, fps=8, clip_length=4, max_clips=2)
    ...     framescope.choose(video, every=6, exclude="0:30", at_most=2)
    array([ 0, 12, 24, 36])
    array([[ 0,  3,  6,  9],
           [36, 39, 42, 45]])
    array([30, 42])

    Args:
        video: The video.
        frames: Numbers and half-open ranges, such as ``"3,10:20,100:200:5"``, or a list of numbers.
        every: Interval in frames.
        every_seconds: Interval in seconds; chooses the frame shown at each time.
        spread: Number of evenly spaced frames, including the first and the last.
        fps: Frames per second; chooses the frame nearest to each tick.
        clip_length: With ``fps``: number of frames per clip.
        clip_stride: Frames at that rate from clip to clip; 0 for adjacent clips, or evenly spaced ones with
            ``max_clips``.
        max_clips: Maximum number of clips; 0 for as many as fit.
        keyframes: The frames whose packets the container flags as random-access points.
        scenes: The first frame of each scene; the name of a detector of PySceneDetect or a whole rule.
        sharpest_per_frames: Window length in frames; chooses the sharpest frame of each window.
        sharpest_per_seconds: Window length in seconds; chooses the sharpest frame of each window.
        no_duplicates: All frames except near-duplicates; beside another method, those of its frames.
        max_distance: For ``no_duplicates``: the bits of 64 in which duplicates may differ (dHash); default 4.
        anywhere: For ``no_duplicates``: compare with all frames kept before, not only the last one.
        representative: Number of representative frames, by clustering 8 × 8 CIE L*a*b* thumbnails.
        within: Only frames of this run, with step 1; counting starts at its first frame.
        exclude: Frames that are never chosen, as in ``frames``. A clip with one of them is left out.
        per_scene: Most frames of each scene, evenly spaced among those chosen; without a method, of all.
        scene_rule: For ``per_scene``: a detector or a whole rule.
        at_most: Most frames altogether, evenly spaced among those chosen.
        progress: Receives the progress of measuring the frames.
        cancel: Cancels it.

    Returns:
        int64, ascending, each once; with ``clip_length`` of shape (clips, clip_length), in time order.

    Raises:
        SettingsError: Not exactly one method is given, or it is not possible for this video.
        FrameUnavailableError: No frame can be decoded, if frames must be measured.
        Cancelled: The work was cancelled.
    """
    given = locals()
    rule = {name: given[name] for name in RULE_WORDS}
    sampling = _limited(sampling_from_rule(rule), within)
    viewpoint = Viewpoint(in_out=within)
    content = None
    if sampling.needs_content:
        span = sampling.content_span(video.index, viewpoint)
        content = measure_content(video, within=span, progress=progress, cancel=cancel)
    chosen = choose_by_sampling(sampling, video.index, viewpoint, content)
    return chosen.frame_numbers if chosen.clips is None else _as_table(chosen)


def export(  # noqa: PLR0913 - each is named at the call
    source: Video | str | os.PathLike[str],
    folder: str | os.PathLike[str],
    frames: VideoSlice | ArrayLike | Iterable[int] | Mapping[str, Any],
    *,
    existing: OnExisting | str = OnExisting.ASK,
    manifest: bool = True,
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
    **settings: Any,  # noqa: ANN401 - the fields of ExportSettings
) -> ExportResult:
    """Save frames as pictures, each one read back and checked, with a manifest in the same folder.

    >>> import framescope
    >>> result = framescope.export(clip, folder, [0, 12, 47], image_format="png")
    >>> [outcome.path.name for outcome in result.written]
    ['clip_000000.png', 'clip_000012.png', 'clip_000047.png']

    Args:
        source: An open video, or the path or address of one.
        folder: Output folder; created if missing.
        frames: Frame numbers in any order, or a slice of the video; of two dimensions for clips, as `choose`
            returns them; or keywords of `choose`, such as ``{"scenes": True}``.
        existing: What to do with existing files: ``skip``, ``overwrite`` or ``number``.
        manifest: Whether a manifest is written, which ``framescope verify`` and resuming need.
        progress: Called after each frame.
        cancel: Cancels the export; files already written are kept.
        settings: The fields of `ExportSettings`: ``image_format="png"``, ``quality=90`` …

    Returns:
        The result for each frame. Frames that cannot be decoded or written are in ``failed``.

    Raises:
        OpenError: The source cannot be opened.
        SettingsError: A setting or a frame number is invalid.
        ExportError: Files exist already and ``existing`` does not say what to do.
        DestinationError: The folder cannot be written to.
    """
    if not isinstance(source, Video):
        with open_video(source, cancel=cancel) as video:
            return export(
                video,
                folder,
                frames,
                existing=existing,
                manifest=manifest,
                progress=progress,
                cancel=cancel,
                **settings,
            )
    how = export_settings(folder, existing, settings)
    if isinstance(frames, Mapping):
        frames = choose(source, **frames, progress=progress, cancel=cancel)
    numbers = frame_numbers_in(frames.numbers if isinstance(frames, VideoSlice) else frames)
    chosen = chosen_clips(numbers) if numbers.ndim > 1 else numbers
    plan = plan_export(source.info, source.index, chosen, how, existing=existing_names(how.folder))
    return export_frames(source, plan, manifest=manifest, progress=progress, cancel=cancel)


def _read(name: str, value: Any) -> Any:  # noqa: ANN401 - whatever the setting is
    known = {field.name for field in fields(ExportSettings)} - {"folder", "on_existing"}
    if name not in known:
        raise SettingsError(
            tr("Unknown export setting: {name}.", name=name),
            hint=tr("The settings are {known}.", known=", ".join(sorted(known))),
        )
    if name not in _READ:
        return value
    try:
        return _READ[name](value)
    except ValueError as error:
        kind = _READ[name]
        names = (
            ", ".join(one.value for one in kind)
            if isinstance(kind, type) and issubclass(kind, StrEnum)
            else ""
        )
        hint = tr("It is one of {names}.", names=names) if names else ""
        raise SettingsError(
            tr("{value!r} cannot be used as {name}.", value=value, name=name), hint=hint
        ) from error


def export_settings(
    folder: str | os.PathLike[str], existing: OnExisting | str, settings: Mapping[str, Any]
) -> ExportSettings:
    """The settings of an export by their names.

    Raises:
        SettingsError: There is no such setting, or it cannot have this value.
    """
    values = {name: _read(name, value) for name, value in settings.items()}
    try:
        return ExportSettings(Path(folder), **values, on_existing=OnExisting(existing))
    except (TypeError, ValueError) as error:
        raise SettingsError(tr("A setting cannot be used: {error}.", error=error)) from error


def _limited(sampling: Sampling, within: range | None) -> Sampling:
    """The same method within a run of frames."""
    if within is None:
        return sampling
    if within.step != 1 or not len(within):
        raise SettingsError(tr("within must be a non-empty range with step 1."))
    if not sampling.kind.spans_the_video:
        raise SettingsError(tr("within has no effect with a list of frames."))
    return replace(sampling, only_in_out=True)


def _as_table(chosen: Chosen) -> NDArray[np.int64]:
    """Clips as rows of frame numbers; the inverse of `chosen_clips`."""
    assert chosen.clips is not None
    assert chosen.places is not None
    order = np.lexsort((chosen.places, chosen.clips))
    return chosen.frame_numbers[order].reshape(chosen.clip_total, -1)
