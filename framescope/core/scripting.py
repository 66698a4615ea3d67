"""The one-call API for scripts: choose frames by any sampling method, and export them with a manifest."""

from __future__ import annotations

import operator
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
from framescope.core.sampling.rate import ClipRule
from framescope.core.sampling.refinement import Refinement
from framescope.core.sampling.sampling import Sampling, SamplingKind, Viewpoint, WindowUnit
from framescope.core.sampling.sampling import choose as choose_by_sampling
from framescope.core.sampling.scenes import SceneDetector, SceneRule
from framescope.core.source.opening import open_video
from framescope.core.text import listed
from framescope.core.translation import tr

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable

    from numpy.typing import ArrayLike, NDArray

    from framescope.core.export.result import ExportResult
    from framescope.core.model.progress import ProgressCallback

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
    rules: dict[str, tuple[bool, Callable[[], Sampling]]] = {
        "frames": (frames is not None, lambda: Sampling(SamplingKind.LIST, listed=_listed(frames or ""))),
        "every": (every is not None, lambda: Sampling(SamplingKind.EVERY_NTH, step=_whole("every", every))),
        "every_seconds": (
            every_seconds is not None,
            lambda: Sampling(SamplingKind.EVERY_SECONDS, interval_s=every_seconds or 0),
        ),
        "spread": (spread is not None, lambda: Sampling(SamplingKind.SPREAD, count=_whole("spread", spread))),
        "fps": (fps is not None, lambda: _at_rate(fps or 0, clip_length, clip_stride, max_clips)),
        "keyframes": (keyframes, lambda: Sampling(SamplingKind.KEYFRAMES)),
        "scenes": (scenes is not False, lambda: Sampling(SamplingKind.SCENES, scenes=_scene_rule(scenes))),
        "sharpest_per_frames": (
            sharpest_per_frames is not None,
            lambda: _sharpest(_whole("sharpest_per_frames", sharpest_per_frames), WindowUnit.FRAMES),
        ),
        "sharpest_per_seconds": (
            sharpest_per_seconds is not None,
            lambda: _sharpest(sharpest_per_seconds or 0, WindowUnit.SECONDS),
        ),
        "no_duplicates": (no_duplicates, lambda: _distinct(max_distance, anywhere=anywhere)),
        "representative": (
            representative is not None,
            lambda: Sampling(
                SamplingKind.REPRESENTATIVE, representatives=_whole("representative", representative)
            ),
        ),
    }
    given = [name for name, (is_given, _) in rules.items() if is_given]
    skips_duplicates = len(given) > 1 and no_duplicates
    if skips_duplicates:
        given.remove("no_duplicates")
    if not given and per_scene is not None:
        rules["per_scene"] = (True, lambda: Sampling(SamplingKind.EVERY_NTH, step=1))
        given = ["per_scene"]
    if len(given) != 1:
        names = listed(given) or tr("no rule")
        raise SettingsError(
            tr("Frames are chosen by one rule, not by {names}.", names=names),
            hint=tr("The rules are {rules}.", rules=", ".join(rules)),
        )
    for name, is_given, companion, is_there in (
        ("clip_length", clip_length is not None, "fps", fps is not None),
        ("clip_stride", clip_stride != 0, "clip_length", clip_length is not None),
        ("max_clips", max_clips != 0, "clip_length", clip_length is not None),
        ("max_distance", max_distance is not None, "no_duplicates", no_duplicates),
        ("anywhere", anywhere, "no_duplicates", no_duplicates),
        ("scene_rule", scene_rule is not None, "per_scene", per_scene is not None),
    ):
        if is_given and not is_there:
            raise SettingsError(
                tr("{name} has no effect without {companion}.", name=name, companion=companion),
                hint=tr("Give {companion} as well.", companion=companion),
            )
    sampling = rules[given[0]][1]()
    if skips_duplicates:
        judging = _distinct(max_distance, anywhere=anywhere)
        sampling = replace(sampling, distance=judging.distance, anywhere=judging.anywhere)
    if scene_rule is not None or (per_scene is not None and sampling.kind is not SamplingKind.SCENES):
        sampling = replace(sampling, scenes=_scene_rule(scene_rule or True))
    refine = _refinement(exclude, per_scene, at_most, skips_duplicates=skips_duplicates)
    sampling = replace(sampling, refine=refine)
    sampling = _limited(sampling, within, given[0])
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
    frames: VideoSlice | ArrayLike | Iterable[int],
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
            returns them.
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
    values = {name: _read(name, value) for name, value in settings.items()}
    try:
        how = ExportSettings(Path(folder), **values, on_existing=OnExisting(existing))
    except (TypeError, ValueError) as error:
        raise SettingsError(tr("A setting cannot be used: {error}.", error=error)) from error
    numbers = _frame_numbers(frames.numbers if isinstance(frames, VideoSlice) else frames)
    chosen = chosen_clips(numbers) if numbers.ndim > 1 else numbers
    plan = plan_export(source.info, source.index, chosen, how, existing=existing_names(how.folder))
    return export_frames(source, plan, manifest=manifest, progress=progress, cancel=cancel)


def _frame_numbers(frames: ArrayLike | Iterable[int]) -> NDArray[np.int64]:
    """The numbers as an array of one dimension, or of two for clips.

    Raises:
        SettingsError: They are not whole numbers: casting fractions or a mask would save other frames.
    """
    try:
        numbers = np.asarray(frames if isinstance(frames, np.ndarray) else list(frames))  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        raise SettingsError(tr("The frames must be a list of numbers.")) from error
    if numbers.size and (numbers.dtype.kind not in "iu" or numbers.ndim not in (1, 2)):
        raise SettingsError(
            tr("Frames are whole numbers: one list, or one list for each clip."),
            hint=tr("Use np.flatnonzero to convert a mask to numbers."),
        )
    return numbers.astype(np.int64)


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


def _listed(frames: str | Iterable[int]) -> str:
    return frames if isinstance(frames, str) else ",".join(map(str, _frame_numbers(frames).tolist()))


def _whole(name: str, value: Any) -> int:  # noqa: ANN401 - whatever was given
    try:
        return operator.index(value)
    except TypeError as error:
        raise SettingsError(tr("{name} is a whole number, not {value!r}.", name=name, value=value)) from error


def _limited(sampling: Sampling, within: range | None, given: str) -> Sampling:
    """The same method within a run of frames."""
    if within is None:
        return sampling
    if within.step != 1 or not len(within):
        raise SettingsError(tr("within must be a non-empty range with step 1."))
    if not sampling.kind.spans_the_video:
        raise SettingsError(tr("within has no effect with {given}.", given=given))
    return replace(sampling, only_in_out=True)


def _refinement(
    exclude: str | Iterable[int] | None,
    per_scene: int | None,
    at_most: int | None,
    *,
    skips_duplicates: bool,
) -> Refinement:
    for name, count in (("per_scene", per_scene), ("at_most", at_most)):
        if count is not None and _whole(name, count) < 1:
            raise SettingsError(tr("{name} is 1 or more.", name=name))
    excluded = "" if exclude is None else _listed(exclude)
    return Refinement(excluded, skips_duplicates, per_scene or 0, at_most or 0)


def _distinct(max_distance: int | None, *, anywhere: bool) -> Sampling:
    distance = Sampling().distance if max_distance is None else _whole("max_distance", max_distance)
    return Sampling(SamplingKind.DISTINCT, distance=distance, anywhere=anywhere)


def _at_rate(fps: float, length: int | None, stride: int, count: int) -> Sampling:
    if length is None:
        return Sampling(SamplingKind.RATE, rate_fps=fps)
    return Sampling(
        SamplingKind.CLIPS, rate_fps=fps, clips=ClipRule(_whole("clip_length", length), stride, count)
    )


def _scene_rule(scenes: bool | str | SceneRule) -> SceneRule:  # noqa: FBT001 - as `choose` takes it
    if isinstance(scenes, SceneRule):
        return scenes
    try:
        return SceneRule() if isinstance(scenes, bool) else SceneRule(SceneDetector(scenes))
    except ValueError as error:
        names = ", ".join(one.value for one in SceneDetector)
        raise SettingsError(
            tr("Unknown scene detector: {scenes!r}.", scenes=scenes),
            hint=tr("The detectors are {names}.", names=names),
        ) from error


def _sharpest(window: float, unit: WindowUnit) -> Sampling:
    return Sampling(SamplingKind.SHARPEST, window=window, window_unit=unit)


def _as_table(chosen: Chosen) -> NDArray[np.int64]:
    """Clips as rows of frame numbers; the inverse of `chosen_clips`."""
    assert chosen.clips is not None
    assert chosen.places is not None
    order = np.lexsort((chosen.places, chosen.clips))
    return chosen.frame_numbers[order].reshape(chosen.clip_total, -1)
